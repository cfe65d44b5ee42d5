"""Addresses of watch duties, and of the cards that hang on doors."""

from __future__ import annotations

from django.urls import path

from muster.web.door_cards import screens as door_cards
from muster.web.watch import duties, screens

urlpatterns = [
    path("watch/<str:code>", screens.show_watch, name="watch"),
    path("watch/<str:code>/check", screens.note_check, name="note_watch_check"),
    path("watch/<str:code>/need", screens.raise_need, name="raise_watch_need"),
    path("watch/<str:code>/paper/<int:number>", screens.show_paper, name="watch_paper"),
    path("watch/<str:code>/duties", duties.show_duties, name="watch_duties"),
    path("watch/<str:code>/duties/<slug:slug>", duties.show_duty, name="watch_duty"),
    path("watch/<str:code>/duties/<slug:slug>/end", duties.end_duty, name="end_watch_duty"),
    path("watch/<str:code>/duties/<slug:slug>/doors", duties.mark_door, name="mark_watch_door"),
    path("areas/<str:code>/door-cards", door_cards.show_cards, name="door_cards"),
]
