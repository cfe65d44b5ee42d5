"""The people of an area: whoever lives or works there, filtered, sorted, and taken along as a file."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from muster.access.kinds import Right
from muster.access.queries import access_area, refuse
from muster.emergencies.queries import find_active
from muster.kernel import clock
from muster.people.kinds import Ability
from muster.situation.board import Frame
from muster.situation.lists.kinds import Availability, PeopleSort, PhoneFilter, PlaceFilter, RoleFilter
from muster.situation.lists.people import PeoplePage, Total, read_people
from muster.situation.lists.people_found import PAST_DAYS, find_people
from muster.situation.lists.saved import list_saved
from muster.web.downloads import send_export
from muster.web.filters import PEOPLE_FIELDS, AskedPeople, count_filters, keep_query, read_people_filter, tidy
from muster.web.frame import get_actor, open_frame, screen, show
from muster.web.picking import Choice, Picked, pick

LIST_NAME = "people"
NOBODY = PeoplePage((), Total(0))


@screen
@require_safe
def show_people(request: HttpRequest, code: str) -> HttpResponse:
    """Show the people who live or work in an area; to whoever may not see people, why not."""
    said = request.GET
    frame = open_frame(request, code)
    if not frame.may_see_people:
        return show(request, "lists/people.html", frame, tab="people", status=403)
    picked = pick(frame.actor, "organizations", said.get("of_organization", ""), said.get("organization", ""))
    if "of_organization" in said and not picked.is_wrong:
        return tidy(request, PEOPLE_FIELDS, organization=picked.chosen.code if picked.chosen else "")
    if "" in said.values() and not picked.is_wrong:
        return tidy(request, PEOPLE_FIELDS)
    asked = read_people_filter(frame.actor, said.dict())
    return show(request, "lists/people.html", frame, tab="people", **_read_list(request, frame, asked, picked))


def _read_list(request: HttpRequest, frame: Frame, asked: AskedPeople, picked: Picked) -> dict[str, Any]:
    page = NOBODY
    if not asked.unknown_organization and not picked.is_wrong:
        after = request.GET.get("after", "")
        page = read_people(asked.filter, frame.area, frame.emergency, frame.now, after=after)
    query = keep_query(request.GET, PEOPLE_FIELDS)
    return {
        "page": page,
        "asked": asked.filter,
        "picked": picked if picked.is_wrong else _tell_picked(asked),
        "is_further": bool(request.GET.get("after")),
        "list_name": LIST_NAME,
        "query": query,
        "filter_count": count_filters(request.GET, PEOPLE_FIELDS),
        "saved": list_saved(frame.actor, LIST_NAME),
        "may_export": Right.EXPORT in frame.rights,
        "roles": RoleFilter.choices,
        "abilities": Ability.choices,
        "availabilities": Availability.choices,
        "phones": PhoneFilter.choices,
        "places": PlaceFilter.choices,
        "sorts": PeopleSort.choices,
        "past_days": PAST_DAYS,
    }


def _tell_picked(asked: AskedPeople) -> Picked:
    organization = asked.filter.organization
    if organization is None:
        return Picked(asked.unknown_organization)
    return Picked(organization.name, Choice(organization.code, organization.name, organization.seat_area.name))


@screen
@require_POST
def export_people(request: HttpRequest, code: str) -> HttpResponseBase:
    """Send the people whom the filter leaves as a file."""
    actor = get_actor(request)
    area = access_area(actor, code, right=Right.SEE_PEOPLE)
    asked = read_people_filter(actor, request.POST.dict())
    if asked.unknown_organization:
        raise refuse(Right.SEE_ORGANIZATION, where=asked.unknown_organization)
    rows = find_people(asked.filter, area, find_active(area), clock.now()).rows
    return send_export(request, "people", area.code, rows.values("pk"), keep_query(request.POST, PEOPLE_FIELDS))
