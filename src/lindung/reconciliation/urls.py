from django.urls import path

from lindung.reconciliation import views

app_name = "reconciliation"
urlpatterns = [
    path("", views.Statements.as_view(), name="statements"),
    path("unggah", views.upload, name="upload"),
    path("rekening", views.add_account, name="account"),
    path("<int:statement_id>", views.StatementPage.as_view(), name="statement"),
    path("baris", views.Lines.as_view(), name="lines"),
    path("baris/cocokkan", views.match_again, name="match_again"),
    path("baris/<int:line_id>", views.line, name="line"),
    path("baris/<int:line_id>/kenali", views.identify, name="identify"),
    path("baris/<int:line_id>/lepas", views.release, name="release"),
    path("usulan", views.Proposals.as_view(), name="proposals"),
    path("usulan/<int:proposal_id>", views.proposal, name="proposal"),
    path("usulan/<int:proposal_id>/putuskan", views.decide, name="decide"),
    path("penerimaan", views.receipt, name="receipt"),
    path("sp2d", views.Sp2dList.as_view(), name="sp2d"),
    path("sp2d/unggah", views.upload_sp2d, name="upload_sp2d"),
    path("kesesuaian", views.agreement, name="agreement"),
]
