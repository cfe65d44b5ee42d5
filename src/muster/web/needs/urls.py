"""Addresses of the needs desk."""

from __future__ import annotations

from django.urls import path

from muster.web.needs import acts, alike, carrying, handed, queue

urlpatterns = [
    path("needs/<str:code>", queue.show_needs, name="needs"),
    path("needs/<str:code>/carry", carrying.show_carrying, name="needs_carry"),
    path("needs/<str:code>/carry/give", carrying.give_suggested, name="give_suggested"),
    path("needs/<str:code>/alike", alike.show_alike, name="needs_alike"),
    path("needs/<str:code>/together", acts.change_together, name="needs_together"),
    path("organizations/<str:code>/needs", handed.show_handed, name="organization_needs"),
    path("need/<str:code>/step", acts.take_a_step, name="need_step"),
    path("need/<str:code>/give", acts.give, name="give_need"),
    path("need/<str:code>/urgency", acts.say_urgency, name="need_urgency"),
    path("need/<str:code>/place", acts.place, name="place_need"),
    path("need/<str:code>/join", alike.join, name="join_need"),
    path("need/<str:code>/part", alike.part, name="part_need"),
    path("need/<str:code>/apart", alike.keep_apart, name="keep_need_apart"),
]
