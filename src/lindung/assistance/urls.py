from django.urls import path

from lindung.assistance import scheme_views, views

app_name = "assistance"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("program/baru/", scheme_views.new_scheme, name="new_scheme"),
    path("usulan/", views.ProposalList.as_view(), name="proposals"),
    path("usulan/unggah/", views.upload, name="upload"),
    path("usulan/blanko.xlsx", views.blank, name="blank"),
    path("usulan/<int:proposal_id>/", views.ProposalPage.as_view(), name="proposal"),
    path("usulan/<int:proposal_id>/hasil.xlsx", views.answer, name="answer"),
    path("sk/", views.DecreeList.as_view(), name="decrees"),
    path("sk/usul/", views.propose, name="propose"),
    path("sk/<int:decree_id>/", views.decree, name="decree"),
    path("sk/<int:decree_id>/putuskan/", views.decide, name="decide"),
    path("sk/<int:decree_id>/laksanakan/", views.enact, name="enact"),
    path("sk/<int:decree_id>/lampiran.<str:kind>", views.attachment, name="attachment"),
]
