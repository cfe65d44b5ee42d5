"""Exports: lists with stable leading columns, in the order and form in which imports read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.db.models import QuerySet

from muster.access.kinds import Right
from muster.access.queries import Actor, SystemActor, access_area, list_scopes, may, refuse
from muster.emergencies.models import Emergency
from muster.emergencies.queries import get_emergency, list_active
from muster.kernel import audit
from muster.kernel.clock import CITY_ZONE
from muster.kernel.errors import MusterError, NotAllowedError, NotFoundError
from muster.kernel.kinds import Verb
from muster.kernel.tables import TableFormat, write_table
from muster.situation import exporting_rows as rows
from muster.situation.exporting_rows import Row, Scope
from muster.territory.models import Area

XLSX_ROWS = 1_048_575
"""Rows that a sheet holds below its head."""


@dataclass(frozen=True, slots=True)
class Export:
    """A list that can be exported.

    Parameters
    ----------
    columns
        Headings. The leading ones of the command line's contract stay as they are; new ones go behind.
    rows
        Where the rows come from.
    names_people
        Whether names of people stand in it.
    is_of_emergency
        Whether it belongs to one emergency.
    """

    columns: tuple[str, ...]
    rows: Callable[[Scope], Iterable[Row]]
    names_people: bool = False
    is_of_emergency: bool = False


_PEOPLE = (
    *("code", "name", "home", "work", "abilities", "restrictions", "may_serve", "max_appointments", "max_week_hours"),
    *("consented_on", "absent_from", "absent_until", "organization", "role", "since", "synthetic"),
)
_PHONE_AFTER = "work"

EXPORTS: dict[str, Export] = {
    "areas": Export(
        (
            *("code", "level", "name", "parent_code", "kind"),
            *("households", "managed", "lon", "lat", "synthetic", "position_synthetic"),
        ),
        rows.list_areas,
    ),
    "people": Export(_PEOPLE, rows.list_people_rows, names_people=True),
    "organizations": Export(
        ("code", "name", "kind", "parent", "seat", "people_offered", "alliance", "synthetic"),
        rows.list_organization_rows,
    ),
    "posts": Export(("code", "name", "kind", "area", "pool", "lon", "lat", "demand"), rows.list_posts),
    "wardens": Export(
        ("area", "level", "role", "person", "person_name", "since", "until", "area_name", "emergency"),
        rows.list_wardens,
        names_people=True,
        is_of_emergency=True,
    ),
    "pairings": Export(
        ("organization", "area", "duties", "people", "since", "organization_name", "area_name"),
        rows.list_pairings,
        is_of_emergency=True,
    ),
    "roster": Export(
        (
            *("person", "person_name", "post", "post_kind", "area", "starts_at", "ends_at", "status"),
            *("post_name", "pattern", "rest_overridden_by"),
        ),
        rows.list_roster,
        names_people=True,
        is_of_emergency=True,
    ),
    "gaps": Export(
        (
            *("kind", "subject", "area", "since", "owner", "why", "people_missing", "area_name"),
            *("told", "in_hand_since"),
        ),
        rows.list_gaps,
        is_of_emergency=True,
    ),
    "checkins": Export(
        (
            *("person", "person_name", "post", "area", "kind", "at", "recorded_at", "for_other"),
            *("duty_starts_at", "duty_ends_at"),
        ),
        rows.list_check_ins,
        names_people=True,
        is_of_emergency=True,
    ),
    "needs": Export(
        (
            *("code", "area", "kind", "state", "raised_at", "words", "for_other", "synthetic", "area_name"),
            *("urgency", "triaged", "carrier_kind", "carrier", "taken_at", "settled_at", "joined_to"),
        ),
        rows.list_need_rows,
        is_of_emergency=True,
    ),
}


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What somebody wants to take.

    Parameters
    ----------
    name
        One of ``EXPORTS``.
    area_code
        Only what lies in this area and beneath it; everything that the actor may export when left out.
    emergency_code
        The emergency of lists that belong to one; the newest active one when left out.
    file_format
        ``csv`` (UTF-8 with byte order mark) or ``xlsx``.
    with_phones
        Whether to write telephone numbers, of ``people`` only and for a named account only.
    among
        Numbers of the rows that a filter leaves, of ``people`` and ``organizations``; None for all.
    query
        The filter as an address says it, for the audit trail.
    """

    name: str
    area_code: str = ""
    emergency_code: str = ""
    file_format: TableFormat = "csv"
    with_phones: bool = False
    among: QuerySet[Any, Any] | None = None
    query: str = ""


def export_list(request: ExportRequest, target: Path | BinaryIO, *, actor: Actor, now: datetime) -> int:
    """Write a list to a file or a stream, and that it was taken into the audit trail.

    Text that a spreadsheet would run as a formula is made harmless, and reads back as it was
    (see ``kernel.tables``). A file appears whole or not at all.

    Parameters
    ----------
    request
        Which list, of where, in which form.
    target
        File to make, or binary stream to write into.
    actor, now
        Who exports, and when.

    Returns
    -------
    int
        How many rows were written.

    Raises
    ------
    NotFoundError
        If there is no such list, area or emergency.
    NotAllowedError
        If the actor lacks a right, or asks for telephone numbers without being a named account.
    MusterError
        If there are more rows than a sheet holds.
    """
    export = _find_export(request)
    scope = _find_scope(request, export, actor, now)
    # Written before the first row leaves: whoever breaks off a download has taken what they have.
    _record(request, actor=actor, now=now)
    lines = export.rows(scope)
    if request.file_format == "xlsx":
        lines = _limit(lines, XLSX_ROWS)
    if isinstance(target, Path):
        return _write_whole(target, export.columns, lines, request.file_format)
    return write_table(target, export.columns, lines, file_format=request.file_format)


def find_emergency(areas: Sequence[Area], code: str = "") -> Emergency:
    """Find the emergency by its code, or the newest active one whose territory meets one of the areas.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    if code:
        return get_emergency(code)
    for emergency in list_active():
        path = emergency.area.path
        if any(path.startswith(area.path) or area.path.startswith(path) for area in areas):
            return emergency
    raise NotFoundError("No emergency is active here.", remedy="Activate one, or name one that has ended.")


def _find_export(request: ExportRequest) -> Export:
    export = EXPORTS.get(request.name)
    if export is None:
        raise NotFoundError(f"There is no list {request.name}.", remedy=f"Choose one of: {', '.join(EXPORTS)}.")
    if not request.with_phones:
        return export
    if request.name != "people":
        raise NotFoundError(f"There are no telephone numbers in {request.name}.", remedy="Export people.")
    place = export.columns.index(_PHONE_AFTER) + 1
    return replace(export, columns=(*export.columns[:place], "phone", *export.columns[place:]))


def _find_scope(request: ExportRequest, export: Export, actor: Actor, now: datetime) -> Scope:
    areas = _find_areas(actor, export, request.area_code, with_phones=request.with_phones)
    return Scope(
        areas=areas,
        is_everything=isinstance(actor, SystemActor) and not request.area_code,
        emergency=find_emergency(areas, request.emergency_code) if export.is_of_emergency else None,
        today=now.astimezone(CITY_ZONE).date(),
        with_phones=request.with_phones,
        among=request.among,
    )


def _record(request: ExportRequest, *, actor: Actor, now: datetime) -> None:
    detail: dict[str, object] = {"format": request.file_format, "with_phones": request.with_phones}
    if request.query:
        detail["filter"] = request.query
    audit.record(
        actor=actor,
        now=now,
        verb=Verb.EXPORTED,
        subject_kind=request.name,
        subject_id=request.area_code,
        detail=detail,
    )


def _find_areas(actor: Actor, export: Export, code: str, *, with_phones: bool) -> list[Area]:
    """Return the areas that the actor may export from, having asked for every right that the list needs."""
    if with_phones and isinstance(actor, SystemActor):
        raise NotAllowedError(
            "Telephone numbers are given to a named officer only.", remedy="Name the officer's account."
        )
    needed = [Right.EXPORT]
    needed += [Right.SEE_PEOPLE] if export.names_people else []
    needed += [Right.SEE_PHONES] if with_phones else []
    if code:
        return [access_area(actor, code, right=right) for right in needed][:1]
    areas = list_scopes(actor, Right.EXPORT)
    for right in needed:
        areas = [area for area in areas if may(actor, right, area)]
        if not areas and not isinstance(actor, SystemActor):
            raise refuse(right)
    return areas


def _limit(lines: Iterable[Row], most: int) -> Iterator[Row]:
    for count, line in enumerate(lines, 1):
        if count > most:
            raise MusterError(
                f"An Excel sheet holds {most} rows, and there are more.", remedy="Export CSV, or a smaller area."
            )
        yield line


def _write_whole(path: Path, columns: Sequence[str], lines: Iterable[Row], file_format: TableFormat) -> int:
    part = path.with_name(f".{path.name}.part")
    try:
        count = write_table(part, columns, lines, file_format=file_format)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return count
