"""Addresses of the desk about doors: entering requests for others, opening a door's page, naming an office's number."""

from __future__ import annotations

from django.urls import path

from muster.web.door import askers, entering

urlpatterns = [
    path("areas/<str:code>/ask", entering.show_entering, name="enter_need"),
    path("areas/<str:code>/ask/find", entering.find_request, name="find_request"),
    path("areas/<str:code>/door", entering.open_door, name="open_door"),
    path("areas/<str:code>/office-phone", entering.set_phone, name="set_office_phone"),
    path("need/<str:code>/asker", askers.show_asker, name="need_asker"),
    path("need-pictures/<int:number>", askers.show_picture, name="need_picture"),
]
