from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "lindung.places"
    label = "places"
    verbose_name = "Wilayah"
