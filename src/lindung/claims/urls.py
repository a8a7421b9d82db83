"""Addresses of claims, deaths and payouts."""

from django.urls import path

from lindung.claims import event_views, payout_views, views

app_name = "claims"
urlpatterns = [
    path("", views.ClaimsList.as_view(), name="claims"),
    path("<int:claim_id>/", views.claim, name="claim"),
    path("<int:claim_id>/dokumen/", views.receive, name="receive"),
    path("<int:claim_id>/nilai/", views.judge, name="judge"),
    path("keputusan/<int:decision_id>/jawab/", views.answer, name="answer"),
    path("keputusan/<int:decision_id>/surat.pdf", views.decision_letter, name="decision_letter"),
    path("dokumen/<int:document_id>/", views.document, name="document"),
    path("kematian/", event_views.EventsList.as_view(), name="events"),
    path("kematian/lapor/", event_views.find_person, name="find_person"),
    path("kematian/lapor/<int:person_id>/", event_views.report, name="report"),
    path("kematian/daftar/", event_views.death_list, name="death_list"),
    path("kematian/cabut/<int:person_id>/", event_views.withdraw, name="withdraw"),
    path("kematian/<int:event_id>/", event_views.event, name="event"),
    path("kematian/<int:event_id>/beri-tahu/", event_views.tell, name="tell"),
    path("kematian/<int:event_id>/ajukan/", event_views.file, name="file"),
    path("kematian/surat/<int:notice_id>.pdf", event_views.notice_letter, name="notice_letter"),
    path("pembayaran/", payout_views.PayoutsList.as_view(), name="payouts"),
    path("pembayaran/buat/", payout_views.make_batch, name="make_batch"),
    path("pembayaran/<int:batch_id>/", payout_views.batch, name="batch"),
    path("pembayaran/<int:batch_id>/lepas/", payout_views.release, name="release"),
    path("pembayaran/<int:batch_id>/berkas/", payout_views.batch_file, name="batch_file"),
    path("pembayaran/<int:batch_id>/<int:payout_id>/konfirmasi/", payout_views.confirm, name="confirm"),
    path("pembayaran/tanda-terima/<int:payout_id>.pdf", payout_views.payment_receipt, name="payment_receipt"),
]
