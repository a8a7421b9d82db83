from django.urls import path

from lindung.payers import collective_views, employer_views, project_views, registering, wage_views

app_name = "payers"
urlpatterns = [
    path("perusahaan", employer_views.Employers.as_view(), name="employers"),
    path("perusahaan/daftar", registering.register, name="register"),
    path("perusahaan/<int:payer_id>", employer_views.employer, name="employer"),
    path("perusahaan/<int:payer_id>/riwayat", employer_views.history, name="history"),
    path("perusahaan/<int:payer_id>/ubah/<slug:part>", employer_views.change, name="change"),
    path("perusahaan/<int:payer_id>/unit", employer_views.add_unit, name="add_unit"),
    path("perusahaan/<int:payer_id>/kontak", employer_views.add_contact, name="add_contact"),
    path("perusahaan/<int:payer_id>/kontak/<int:contact_id>/akhiri", employer_views.end_contact, name="end_contact"),
    path("perusahaan/<int:payer_id>/perjanjian", employer_views.add_agreement, name="add_agreement"),
    path(
        "perusahaan/<int:payer_id>/perjanjian/<int:agreement_id>/perpanjang", employer_views.renew_agreement,
        name="renew_agreement",
    ),
    path("perusahaan/<int:payer_id>/sertifikat", employer_views.certificate, name="certificate"),
    path("perusahaan/<int:payer_id>/proyek", project_views.new_project, name="new_project"),
    path("proyek", project_views.Projects.as_view(), name="projects"),
    path("proyek/<int:project_id>", project_views.project, name="project"),
    path("proyek/<int:project_id>/adendum", project_views.amend, name="amend"),
    path("proyek/<int:project_id>/catat-sertifikat", project_views.certify, name="certify"),
    path("proyek/<int:project_id>/sertifikat", project_views.certificate, name="project_certificate"),
    path("wadah", collective_views.Collectives.as_view(), name="collectives"),
    path("wadah/daftar", collective_views.new_collective, name="new_collective"),
    path("wadah/<int:payer_id>", collective_views.CollectivePage.as_view(), name="collective"),
    path("wadah/<int:payer_id>/anggota", collective_views.add_members, name="add_members"),
    path("wadah/<int:payer_id>/bayar", collective_views.pay, name="pay"),
    path("wadah/<int:payer_id>/pembayaran/<int:payment_id>/cabut", collective_views.withdraw, name="withdraw"),
    path("pembayaran/<int:payment_id>", collective_views.PaymentPage.as_view(), name="payment"),
    path("pembayaran/<int:payment_id>/bukti/<int:person_id>", collective_views.proof, name="proof"),
    path("agen", collective_views.Agents.as_view(), name="agents"),
    path("agen/daftar", collective_views.new_agent, name="new_agent"),
    path("upah-minimum", wage_views.MinimumWages.as_view(), name="wages"),
    path("upah-minimum/catat", wage_views.set_wage, name="set_wage"),
]  # fmt: skip
