from django.apps import AppConfig


class BankingConfig(AppConfig):
    name = "lindung.banking"
    label = "banking"
    verbose_name = "Kanal bank"
