from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "lindung.ledger"
    label = "ledger"
    verbose_name = "Buku besar"
