"""The organizations seated in an area, filtered, sorted, and taken along as a file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from muster.access.kinds import Right
from muster.access.queries import access_area
from muster.emergencies.queries import find_active
from muster.situation.lists.kinds import OrganizationSort, PairedFilter
from muster.situation.lists.organizations import find_organizations, list_kinds, read_organizations
from muster.situation.lists.saved import list_saved
from muster.web.downloads import send_export
from muster.web.filters import ORGANIZATION_FIELDS, count_filters, keep_query, read_organization_filter, tidy
from muster.web.frame import get_actor, open_frame, screen, show
from muster.web.words import say_organization

LIST_NAME = "organizations"


@screen
@require_safe
def show_organizations(request: HttpRequest, code: str) -> HttpResponse:
    """Show the organizations seated in an area, as far as the actor may see them."""
    if "" in request.GET.values():
        return tidy(request, ORGANIZATION_FIELDS)
    frame = open_frame(request, code)
    asked = read_organization_filter(request.GET.dict())
    after = request.GET.get("after", "")
    page = read_organizations(frame.actor, asked, frame.area, frame.emergency, after=after)
    return show(
        request,
        "lists/organizations.html",
        frame,
        tab="people",
        page=page,
        asked=asked,
        is_further=bool(after),
        list_name=LIST_NAME,
        query=keep_query(request.GET, ORGANIZATION_FIELDS),
        filter_count=count_filters(request.GET, ORGANIZATION_FIELDS),
        saved=list_saved(frame.actor, LIST_NAME),
        may_export=Right.EXPORT in frame.rights,
        kinds=[(slug, say_organization(slug)) for slug in list_kinds(frame.actor, frame.area)],
        paired=PairedFilter.choices,
        sorts=OrganizationSort.choices,
    )


@screen
@require_POST
def export_organizations(request: HttpRequest, code: str) -> HttpResponseBase:
    """Send the organizations that the filter leaves as a file."""
    actor = get_actor(request)
    area = access_area(actor, code)
    asked = read_organization_filter(request.POST.dict())
    rows = find_organizations(actor, asked, area, find_active(area))
    query = keep_query(request.POST, ORGANIZATION_FIELDS)
    return send_export(request, "organizations", area.code, rows.values("pk"), query)
