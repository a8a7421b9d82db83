from django.conf import settings
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from lindung.web import person, views
from lindung.web.api import api

urlpatterns = [
    path("", views.home, name="home"),
    path("masuk", views.SignIn.as_view(), name="sign_in"),
    path("keluar", views.SignOut.as_view(), name="sign_out"),
    # Without a token, so that no page sets a cookie for it: the language is all that another site could change.
    path("bahasa", csrf_exempt(set_language), name="set_language"),
    path("pekerjaan/<uuid:job_id>", views.job, name="job"),
    path("audit/periksa", views.audit_check, name="audit_check"),
    path("audit", views.AuditTable.as_view(), name="audit"),
    path("peserta/<int:person_id>", person.page, name="person"),
    path("peserta/<int:person_id>/lembar", person.sheet, name="person_sheet"),
    path("hitung/", include("lindung.web.calculator.urls")),
    path("penduduk/", include("lindung.people.urls")),
    path("kepesertaan/", include("lindung.membership.urls")),
    path("iuran/", include("lindung.contributions.urls")),
    path("pembayar/", include("lindung.payers.urls")),
    path("buku-besar/", include("lindung.ledger.urls")),
    path("perusahaan/", include("lindung.wages.urls")),
    path("bank/", include("lindung.banking.urls")),
    path("rekonsiliasi/", include("lindung.reconciliation.urls")),
    path("mandiri/", include("lindung.selfpay.urls")),
    path("kepatuhan/", include("lindung.compliance.urls")),
    path("bantuan/", include("lindung.assistance.urls")),
    path("klaim/", include("lindung.claims.urls")),
    path("cakupan/", include("lindung.coverage.urls")),
    path("wilayah/", include("lindung.places.urls")),
    path("api/v1/", api.urls),
    path("healthz", views.healthz, name="healthz"),
    path("metrics", views.metrics, name="metrics"),
]
if settings.DEBUG:
    urlpatterns += [path("gaya", views.styleguide, name="styleguide")]

handler400 = "lindung.web.views.bad_request"
handler403 = "lindung.web.views.forbidden"
handler404 = "lindung.web.views.not_found"
handler500 = "lindung.web.views.server_error"
