from django.urls import URLPattern

app_name = "selfpay"
urlpatterns: list[URLPattern] = []
