"""Addresses of every screen."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path, re_path

from muster.api.v1 import api
from muster.web.first.account import SignIn


def _refuse(request: HttpRequest) -> HttpResponse:
    raise Http404


urlpatterns = [
    # Accounts have no addresses of mail, and nobody signs up: those screens could only fail, or tell who is
    # known. A password is changed on the page of one's own account.
    re_path(r"^accounts/(?:signup|email|confirm-email|password|inactive)(?:/|$)", _refuse),
    path("accounts/login/", SignIn.as_view(), name="account_login"),
    path("accounts/", include("allauth.account.urls")),
    path("api/v1/", api.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("muster.web.urls")),
]
