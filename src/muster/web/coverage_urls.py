"""Addresses of what is done to pairings, and to wardens together."""

from __future__ import annotations

from django.urls import path

from muster.web import pairing_cards, together

urlpatterns = [
    path("coverage/<str:code>/together", together.show_together, name="together"),
    path("coverage/<str:code>/together/do", together.do_together, name="do_together"),
    path("coverage/<str:code>/together/undo", together.undo_together, name="undo_together"),
    path("pairings/<str:code>/propose", pairing_cards.propose, name="propose_pairing"),
    path("pairing/<int:number>/accept", pairing_cards.take_step, {"act": "accept"}, name="accept_pairing"),
    path("pairing/<int:number>/decline", pairing_cards.take_step, {"act": "decline"}, name="decline_pairing"),
    path("pairing/<int:number>/recall", pairing_cards.take_step, {"act": "recall"}, name="recall_pairing"),
    path("pairing/<int:number>/change", pairing_cards.take_step, {"act": "change"}, name="change_pairing"),
]
