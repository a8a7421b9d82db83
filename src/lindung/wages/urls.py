from django.urls import path

from lindung.wages import bill_views, identity_views, views

app_name = "wages"
urlpatterns = [
    path("", views.start, name="start"),
    path("laporan", views.ReportList.as_view(), name="reports"),
    path("laporan/<int:report_id>", views.ReportPage.as_view(), name="report"),
    path("laporan/<int:report_id>/terapkan", views.apply, name="apply"),
    path("laporan/<int:report_id>/tarik", views.withdraw, name="withdraw"),
    path("baris/<int:row_id>", views.mend, name="mend"),
    path("baris/<int:row_id>/ktp", identity_views.send_card, name="send_card"),
    path("kecocokan", identity_views.Doubts.as_view(), name="doubts"),
    path("kecocokan/<int:row_id>", identity_views.doubt, name="doubt"),
    path("kecocokan/<int:row_id>/ktp", identity_views.card, name="card"),
    path("<int:payer_id>", views.month, name="month"),
    path("<int:payer_id>/unggah", views.upload, name="upload"),
    path("<int:payer_id>/sama", views.same, name="same"),
    path("<int:payer_id>/tutup", views.close, name="close"),
    path("<int:payer_id>/laporan", views.ReportList.as_view(), name="own_reports"),
    path("<int:payer_id>/pekerja", views.Workers.as_view(), name="workers"),
    path("<int:payer_id>/pekerja/<int:employment_id>", views.worker, name="worker"),
    path("<int:payer_id>/pekerja/<int:employment_id>/berhenti", views.leaver, name="leaver"),
    path("<int:payer_id>/pekerja/<int:employment_id>/kecelakaan", views.accident, name="accident"),
    path("kecelakaan/<int:notice_id>/laporan", views.accident_form, name="accident_form"),
    path("<int:payer_id>/riwayat", views.history, name="history"),
    path("<int:payer_id>/tagihan/<int:bill_id>", bill_views.OwnBill.as_view(), name="bill"),
    path("<int:payer_id>/tagihan/<int:bill_id>/bukti", bill_views.proof, name="bill_proof"),
    path("<int:payer_id>/sertifikat", bill_views.certificate, name="certificate"),
    path("<int:payer_id>/sipp/<str:kind>", views.sipp, name="sipp"),
]
