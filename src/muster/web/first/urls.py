"""Addresses of first use."""

from __future__ import annotations

from django.urls import path

from muster.web.first import account, city, steps

urlpatterns = [
    path("", steps.show_steps, name="first_steps"),
    path("account", account.show_first_account, name="first_account"),
    path("city", city.show_city, name="first_city"),
    path("city/progress", city.show_progress, name="first_progress"),
    path("city/take", city.take_division, name="first_take"),
    path("city/leave", city.leave, name="first_leave"),
    path("city/file", city.take_file, name="first_file"),
]
