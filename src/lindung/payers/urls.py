from django.urls import URLPattern

app_name = "payers"
urlpatterns: list[URLPattern] = []
