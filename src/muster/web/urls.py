"""Addresses of the desk."""

from __future__ import annotations

from django.urls import include, path

from muster.web import (
    areas,
    board,
    changes,
    coverage,
    design,
    emergencies,
    gaps,
    looks,
    measures,
    pairings,
    people,
    plan_orders,
    plans,
    reasons,
    search,
)

urlpatterns = [
    path("", board.show_board, name="board"),
    path("areas/<str:code>", areas.show_area, name="area"),
    path("", include("muster.web.record_urls")),
    path("areas/<str:code>/appoint", areas.appoint_person, name="appoint"),
    path("areas/<str:code>/end", areas.end_person, name="end_appointment"),
    path("areas/<str:code>/why/<slug:role>", reasons.show_reason, name="reason"),
    path("", include("muster.web.coverage_urls")),
    path("coverage/<str:code>", coverage.show_coverage, name="coverage"),
    path("coverage/<str:code>/plan", plan_orders.start_plan, {"kind": "coverage"}, name="plan_coverage"),
    path("orders/<int:number>", plan_orders.show_order, name="plan_order"),
    path("orders/<int:number>/progress", plan_orders.show_progress, name="plan_progress"),
    path("orders/<int:number>/cancel", plan_orders.call_off, name="cancel_plan"),
    path("plans/<int:number>", plans.show_plan, name="plan"),
    path("plans/<int:number>/publish", plans.publish_plan, name="publish"),
    path("plans/<int:number>/aside", plans.put_aside, name="put_aside"),
    path("pairings/<str:code>", pairings.show_pairings, name="pairings"),
    path("pairings/<str:code>/plan", plan_orders.start_plan, {"kind": "pairing"}, name="plan_pairings"),
    path("", include("muster.web.roster_urls")),
    path("gaps/<str:code>", gaps.show_gaps, name="gaps"),
    path("changes/<str:code>", changes.show_changes, name="changes"),
    path("changes/<str:code>/seen", changes.see_changes, name="see_changes"),
    path("people/<str:code>", people.show_person, name="person"),
    path("organizations/<str:code>", people.show_organization, name="organization"),
    path("figures/<str:code>", measures.show_figures, name="figures"),
    path("measures/<slug:name>", measures.show_measure, name="measure"),
    path("tree/<str:code>", board.show_branch, name="tree"),
    path("look", looks.choose_look, name="look"),
    path("design", design.show_design, name="design"),
    path("emergencies/open", emergencies.open_emergency, name="open_emergency"),
    path("emergencies/<slug:code>/end", emergencies.end_emergency, name="end_emergency"),
    path("first/", include("muster.web.first.urls")),
    path("imports/", include("muster.web.imports.urls")),
    path("search", search.show_found, name="search"),
]
