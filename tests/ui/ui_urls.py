"""The fewest addresses that the style guide needs, so that these tests do not depend on other rooms."""

from django.contrib.auth.views import LogoutView
from django.urls import include, path
from django.views.i18n import set_language

from lindung.core.ui.gallery import StyleGuide
from lindung.web.views import SignIn

urlpatterns = [
    path("", StyleGuide.as_view(), name="home"),
    path("gaya", StyleGuide.as_view(), name="styleguide"),
    path("masuk", SignIn.as_view(), name="sign_in"),
    path("keluar", LogoutView.as_view(), name="sign_out"),
    path("hitung/", include("lindung.web.calculator.urls")),
    path("bahasa", set_language, name="set_language"),
]
