from django.urls import path

from lindung.coverage import views

app_name = "coverage"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("desa/", views.VillageTable.as_view(), name="villages"),
    path("kecamatan/<str:code>/", views.DistrictTable.as_view(), name="district"),
]
