from django.urls import path

from lindung.selfpay import views

app_name = "selfpay"
urlpatterns = [
    path("", views.start, name="start"),
    path("mulai", views.begin, name="begin"),
    path("kembali", views.come_back, name="come_back"),
    path("pengingat", views.reminders, name="reminders"),
    path("pengingat/catat", views.reminded, name="reminded"),
    path("<str:code>/", views.page, name="page"),
    path("<str:code>/jawab", views.reply, name="reply"),
    path("<str:code>/daftar", views.register, name="register"),
    path("<str:code>/bayar", views.order, name="order"),
]
