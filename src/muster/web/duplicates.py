"""Records that stand twice: pairs that look alike, side by side, made one, parted again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from muster.access.kinds import Right
from muster.access.queries import Actor, access_area, access_organization, access_person
from muster.duplicates import actions
from muster.duplicates.kinds import RecordKind
from muster.duplicates.queries import (
    Comparison,
    compare_organizations,
    compare_people,
    get_merge,
    list_merges,
    list_organization_pairs,
    list_people_pairs,
    may_be_undone,
)
from muster.kernel import clock
from muster.kernel.errors import NotFoundError, RuleError
from muster.situation.board import Frame
from muster.situation.board_names import name_areas
from muster.web.duplicate_words import say_lines, say_moving
from muster.web.frame import get_actor, open_frame, screen, show
from muster.web.refusals import Refusal, say_refusal

HINDRANCES = 5
"""So many reasons why two records cannot be one are told; the others are counted."""
Access = Callable[[Actor, str, Right], Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """What the screens need to know of people and of organizations alike.

    Parameters
    ----------
    record
        The kind of record.
    page
        Name of the address of a record's page.
    access, merge
        How one is fetched for an actor, and how two become one.
    """

    record: RecordKind
    page: str
    access: Access
    merge: Callable[..., Any]


KINDS = {
    "people": Kind(RecordKind.PERSON, "person", access_person, actions.merge_people),
    "organizations": Kind(RecordKind.ORGANIZATION, "organization", access_organization, actions.merge_organizations),
}


@dataclass(frozen=True, slots=True)
class MergeLine:
    """A merge on the page of a record, and whether it can still be undone."""

    merge: Any
    may_undo: bool


@screen
@require_safe
def show_duplicates(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Show pairs of records of an area that may be one."""
    actor = get_actor(request)
    area = access_area(actor, code, right=Right.IMPORT)
    pairs = (list_people_pairs if kind == "people" else list_organization_pairs)(actor, area)
    records = [record for pair in pairs for record in (pair.first, pair.second)]
    return show(
        request,
        "duplicates/pairs.html",
        open_frame(request, code),
        tab="people",
        pairs=pairs,
        kind=kind,
        page_name=KINDS[kind].page,
        places=name_areas(each.code for record in records for each in _list_places(record)),
    )


@screen
@require_safe
def show_comparison(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Show two records side by side, to choose what the one that stays is to say."""
    actor = get_actor(request)
    kept, other = _access_both(actor, kind, code, request.GET.get("other", "").strip())
    if kept.pk == other.pk:
        messages.error(request, _("This is the code of the same record."))
        return redirect(KINDS[kind].page, kept.code)
    return _show(request, kind, kept, other)


@screen
@require_POST
def merge(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Make two records one; a refusal is shown beside what was chosen."""
    actor = get_actor(request)
    kept, other = _access_both(actor, kind, code, request.POST.get("other", ""))
    try:
        KINDS[kind].merge(actor=actor, now=clock.now(), kept=kept, other=other, choices=request.POST.dict())
    except RuleError as error:
        return _show(request, kind, kept, other, refusal=say_refusal(error), status=409)
    messages.success(request, _("The two records are one now. It can be undone for 30 days."))
    return redirect(KINDS[kind].page, kept.code)


@screen
@require_POST
def keep_apart(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Say that two records are not the same, and go back to the list of pairs."""
    actor = get_actor(request)
    kept, other = _access_both(actor, kind, code, request.POST.get("other", ""))
    codes = [kept.code, other.code]
    actions.keep_apart(actor=actor, now=clock.now(), kind=KINDS[kind].record, codes=codes)
    messages.success(request, _("Kept apart; the two are not shown as a pair again."))
    area = request.POST.get("area", "")
    if area:
        access_area(actor, area)
        return redirect(reverse("duplicates", args=[area, kind]))
    return redirect(KINDS[kind].page, kept.code)


@screen
@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Part two records that became one."""
    actor = get_actor(request)
    found = get_merge(number)
    kind = next(name for name, each in KINDS.items() if each.record == found.kind)
    kept = KINDS[kind].access(actor, found.kept_code, Right.IMPORT)
    try:
        actions.undo_merge(actor=actor, now=clock.now(), merge=found)
    except RuleError as error:
        refusal = say_refusal(error)
        messages.error(request, f"{refusal.what} {refusal.remedy}")
    else:
        messages.success(request, _("The two records stand apart again, as they were."))
    return redirect(KINDS[kind].page, kept.code)


def list_merge_lines(kind: str, codes: Iterable[str], now: datetime) -> list[MergeLine]:
    """List the merges that a record has behind it."""
    found = list_merges(KINDS[kind].record, codes)
    return [MergeLine(each, may_be_undone(each, now, actions.KEPT_DAYS)) for each in found]


def _access_both(actor: Actor, kind: str, code: str, other: str) -> tuple[Any, Any]:
    if not other:
        raise NotFoundError("There is no record without a code.")
    access = KINDS[kind].access
    return access(actor, code, Right.IMPORT), access(actor, other, Right.IMPORT)


def _show(
    request: HttpRequest, kind: str, kept: Any, other: Any, *, refusal: Refusal | None = None, status: int = 200
) -> HttpResponse:
    choices = {name: str(value) for name, value in request.POST.items()}
    comparison = _compare(kind, kept, other, choices)
    frame = _open_near(request, _list_places(kept))
    return show(
        request,
        "duplicates/comparison.html",
        frame,
        tab="people",
        status=status,
        kind=kind,
        kept=kept,
        other=other,
        lines=say_lines(kind, comparison.lines),
        moving=say_moving(comparison.moving),
        hindrances=[
            say_refusal(RuleError(each.what, remedy=each.remedy)) for each in comparison.hindrances[:HINDRANCES]
        ],
        hindrances_count=len(comparison.hindrances),
        is_cut=len(comparison.hindrances) > HINDRANCES,
        refusal=refusal,
        kept_days=actions.KEPT_DAYS,
    )


def _compare(kind: str, kept: Any, other: Any, choices: dict[str, str]) -> Comparison:
    if kind == "people":
        return compare_people(kept, other, choices, clock.now())
    return compare_organizations(kept, other, choices)


def _list_places(record: Any) -> Sequence[Any]:
    names = ("home_area", "work_area", "seat_area")
    return [area for name in names if (area := getattr(record, name, None)) is not None]


def _open_near(request: HttpRequest, areas: Sequence[Any]) -> Frame:
    """Open the frame on the first of some areas that the actor sees, or on their own."""
    for area in areas:
        try:
            return open_frame(request, area.code)
        except NotFoundError:
            continue
    return open_frame(request)
