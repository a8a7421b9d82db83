from django.apps import AppConfig


class PayersConfig(AppConfig):
    name = "lindung.payers"
    label = "payers"
    verbose_name = "Pembayar iuran"
