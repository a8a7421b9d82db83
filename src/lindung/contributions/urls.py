from django.urls import path

from lindung.contributions import leaving_views, statement_views, views

app_name = "contributions"
urlpatterns = [
    path("peserta", views.Participants.as_view(), name="participants"),
    path("tagihan", views.Bills.as_view(), name="bills"),
    path("tagihan/<int:bill_id>", views.BillPage.as_view(), name="bill"),
    path("tagihan/<int:bill_id>/terbitkan", views.issue, name="issue"),
    path("tagihan/<int:bill_id>/bayar", views.pay, name="pay"),
    path("peringatan", views.alarms, name="alarms"),
    path("kepesertaan/<int:membership_id>/akhiri", leaving_views.leave, name="leave"),
    path("kepesertaan/<int:membership_id>/buka", leaving_views.reopen, name="reopen"),
    path("pembayar/<int:payer_id>", views.payer, name="payer"),
    path("pembayar/<int:payer_id>/rekening", statement_views.StatementPage.as_view(), name="statement"),
]
