"""Addresses of rosters, of the duties of a person, and of posts."""

from __future__ import annotations

from django.urls import path

from muster.web import duty_pages, places, plan_orders, roster, roster_moves, roster_paper

urlpatterns = [
    path("roster/<str:code>", roster.show_roster, name="roster"),
    path("roster/<str:code>/rows", roster.list_rows, name="roster_rows"),
    path("roster/<str:code>/reach", roster_moves.show_reach, name="roster_reach"),
    path("roster/<str:code>/move", roster_moves.move, name="roster_move"),
    path("roster/<str:code>/paper", roster_paper.show_paper, name="roster_paper"),
    path("roster/<str:code>/sheet.xlsx", roster_paper.take_sheet, name="roster_sheet"),
    path("roster/<str:code>/plan", plan_orders.start_plan, {"kind": "roster"}, name="plan_roster"),
    path("roster/<str:code>/place", places.place_person, name="place_person"),
    path("roster/<str:code>/clear", places.clear_place, name="clear_place"),
    path("roster/<str:code>/cover", places.cover_absence, name="cover_absence"),
    path("people/<str:code>/duties", duty_pages.show_duties, name="person_duties"),
    path("people/<str:code>/duties.ics", duty_pages.take_duties, name="person_calendar"),
    path("posts/<str:code>", duty_pages.show_post, name="post"),
    path("posts/<str:code>/shifts.ics", duty_pages.take_shifts, name="post_calendar"),
]
