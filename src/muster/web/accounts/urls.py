"""Addresses of accounts."""

from __future__ import annotations

from django.urls import path

from muster.web.accounts import lists, page, passwords

urlpatterns = [
    path("areas/<str:code>/accounts", lists.show_accounts, name="accounts"),
    path("areas/<str:code>/accounts/new", lists.create_account, name="create_account"),
    path("account/<str:name>", page.show_account, name="account"),
    path("account/<str:name>/<slug:act>", page.do_act, name="account_act"),
    path("start/<str:key>", passwords.set_password, name="set_password"),
]
