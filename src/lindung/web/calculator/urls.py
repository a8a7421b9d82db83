from django.urls import path

from lindung.web.calculator import views

app_name = "calculator"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:slug>/", views.ask, name="ask"),
]
