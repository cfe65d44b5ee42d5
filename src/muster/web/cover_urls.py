"""Addresses of cover and swaps: what the desk asks, and the links by which people answer."""

from __future__ import annotations

from django.urls import path

from muster.web import cover, cover_answers, swaps

urlpatterns = [
    path("cover/<str:token>", cover_answers.answer_cover, name="answer_cover"),
    path("swap/<str:token>", cover_answers.answer_swap, name="answer_swap"),
    path("roster/<str:code>/asked", cover.show_requests, name="cover_requests"),
    path("roster/<str:code>/asked/rules", cover.set_rules, name="cover_rules"),
    path("roster/<str:code>/asked/<int:number>", cover.show_request, name="cover_request"),
    path("roster/<str:code>/asked/<int:number>/next", cover.ask_more, name="cover_next"),
    path("roster/<str:code>/asked/<int:number>/withdraw", cover.withdraw, name="cover_withdraw"),
    path("roster/<str:code>/asked/<int:number>/answer", cover.enter_answer, name="cover_enter"),
    path("roster/<str:code>/ask", cover.ask, name="cover_ask"),
    path("roster/<str:code>/notice", cover.give_notice_for, name="cover_notice"),
    path("roster/<str:code>/swaps", swaps.propose, name="propose_swap"),
    path("roster/<str:code>/swaps/<int:number>", swaps.settle, name="settle_swap"),
]
