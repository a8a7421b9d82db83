from django.apps import AppConfig


class SelfpayConfig(AppConfig):
    name = "lindung.selfpay"
    label = "selfpay"
    verbose_name = "Bayar mandiri"
