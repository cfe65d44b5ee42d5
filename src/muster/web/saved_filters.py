"""Filters that an account saves under a name, renames and deletes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from muster.access.queries import access_area
from muster.kernel.errors import RuleError
from muster.situation.actions import drop_filter, rename_filter, save_filter
from muster.web.filters import ORGANIZATION_FIELDS, PEOPLE_FIELDS, keep_query
from muster.web.frame import get_actor, screen
from muster.web.refusals import say_refusal

FIELDS = {"people": PEOPLE_FIELDS, "organizations": ORGANIZATION_FIELDS}


@screen
@require_POST
def save(request: HttpRequest, code: str) -> HttpResponse:
    """Save the filter that the form holds under a name."""
    name = "organizations" if request.POST.get("list") == "organizations" else "people"
    query = keep_query(request.POST, FIELDS[name])
    actor = get_actor(request)
    try:
        saved = save_filter(actor=actor, list_name=name, name=request.POST.get("name", ""), query=query)
    except RuleError as error:
        return _refuse(request, error, code, name, query)
    messages.success(request, _("Saved as %(name)s.") % {"name": saved.name})
    return _back(request, code, name, query)


@screen
@require_POST
def rename(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Give a saved filter another name."""
    name = "organizations" if request.POST.get("list") == "organizations" else "people"
    query = keep_query(request.POST, FIELDS[name])
    try:
        rename_filter(actor=get_actor(request), number=number, name=request.POST.get("name", ""))
    except RuleError as error:
        return _refuse(request, error, code, name, query)
    return _back(request, code, name, query)


@screen
@require_POST
def delete(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Delete a saved filter; the list stays as it is shown."""
    name = "organizations" if request.POST.get("list") == "organizations" else "people"
    saved = drop_filter(actor=get_actor(request), number=number)
    messages.success(request, _("%(name)s is deleted.") % {"name": saved.name})
    return _back(request, code, name, keep_query(request.POST, FIELDS[name]))


def _refuse(request: HttpRequest, error: RuleError, code: str, name: str, query: str) -> HttpResponse:
    refusal = say_refusal(error)
    messages.error(request, f"{refusal.what} {refusal.remedy}")
    return _back(request, code, name, query)


def _back(request: HttpRequest, code: str, name: str, query: str) -> HttpResponse:
    access_area(get_actor(request), code)
    return redirect(f"{reverse(name, args=[code])}?{query}" if query else reverse(name, args=[code]))
