from django.urls import path

from lindung.banking import pages, views

app_name = "banking"
urlpatterns = [
    path("", pages.MessageList.as_view(), name="messages"),
    path("snap/v1.0/access-token/b2b", views.token, name="token"),
    path("snap/v1.0/transfer-va/inquiry", views.inquiry, name="inquiry"),
    path("snap/v1.0/transfer-va/payment", views.payment, name="payment"),
    path("snap/v1.0/transfer-va/status", views.status, name="status"),
]
