"""Addresses of doors: short, since they are printed on paper and typed by hand."""

from __future__ import annotations

from django.urls import path

from muster.web.door import asking, following, page

urlpatterns = [
    path("", page.find_door, name="find_door"),
    path("<str:code>", page.show_door, name="door"),
    path("<str:code>/ask", asking.show_asking, name="door_ask"),
    path("<str:code>/need", following.find_need, name="door_find_need"),
    path("<str:code>/need/<str:need>", following.show_need, name="door_need"),
    path("<str:code>/need/<str:need>/pictures/<int:number>", following.show_picture, name="door_picture"),
]
