from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "lindung.web"
    label = "web"
    verbose_name = "Situs"
