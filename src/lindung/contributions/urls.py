from django.urls import path

from lindung.contributions import leaving_views, payment_views, penalty_views, statement_views, views

app_name = "contributions"
urlpatterns = [
    path("peserta", views.Participants.as_view(), name="participants"),
    path("tagihan", views.Bills.as_view(), name="bills"),
    path("tagihan/<int:bill_id>", views.BillPage.as_view(), name="bill"),
    path("tagihan/<int:bill_id>/terbitkan", views.issue, name="issue"),
    path("tagihan/<int:bill_id>/bayar", views.pay, name="pay"),
    path("pembayaran", payment_views.Payments.as_view(), name="payments"),
    path("pembayaran/<int:payment_id>", payment_views.payment, name="payment"),
    path("pembayaran/<int:payment_id>/batalkan", payment_views.reverse_payment, name="reverse_payment"),
    path("pembatalan/<int:reversal_id>/<str:outcome>", payment_views.decide_reversal, name="decide_reversal"),
    path("denda", penalty_views.PenaltiesDue.as_view(), name="penalties"),
    path("denda/tagih", penalty_views.assess, name="assess_penalties"),
    path("peringatan", views.alarms, name="alarms"),
    path("kepesertaan/<int:membership_id>/akhiri", leaving_views.leave, name="leave"),
    path("kepesertaan/<int:membership_id>/buka", leaving_views.reopen, name="reopen"),
    path("pembayar/<int:payer_id>", views.payer, name="payer"),
    path("pembayar/<int:payer_id>/rekening", statement_views.StatementPage.as_view(), name="statement"),
    path("pembayar/<int:payer_id>/rekening/pdf", statement_views.statement_pdf, name="statement_pdf"),
]
