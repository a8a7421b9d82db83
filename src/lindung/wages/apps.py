from django.apps import AppConfig


class WagesConfig(AppConfig):
    name = "lindung.wages"
    label = "wages"
    verbose_name = "Laporan upah"
