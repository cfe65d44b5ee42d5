"""Changes to organizations and their tree. The only writer of these rows; alliances have a topic of their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from muster.kernel import audit
from muster.kernel.batches import QUERY_CODES, batches
from muster.kernel.clock import CITY_ZONE
from muster.kernel.errors import MusterError, NotFoundError
from muster.kernel.kinds import Verb
from muster.kernel.pinyin import spell
from muster.organizations.alliances import seat_organizations
from muster.organizations.kinds import OrganizationFacts
from muster.organizations.models import Alliance, AllianceSeat, Organization
from muster.organizations.queries import find_former_organizations
from muster.territory.models import Area
from muster.territory.queries import beneath, find_area_ids
from muster.territory.rules import ancestor_paths

Progress = Callable[[int, int], None]
"""Told how many rows are done, of how many."""

_COMPARED = ("name", "kind", "seat_area_id", "people_offered", "is_synthetic")


@dataclass(frozen=True, slots=True)
class WrittenOrganizations:
    """What writing a list of organizations did.

    Parameters
    ----------
    ids
        Number of each organization, by code.
    created, updated
        Codes of organizations that are new, and of those that were changed.
    """

    ids: dict[str, int] = field(default_factory=dict)
    created: set[str] = field(default_factory=set)
    updated: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class FoundedAlliances:
    """How many alliances and seats are new."""

    alliances: int
    seats: int


def write_organizations(
    organizations: Sequence[OrganizationFacts],
    *,
    actor: audit.Actor,
    now: datetime,
    source: str = "",
    progress: Progress | None = None,
) -> WrittenOrganizations:
    """Make the organizations that are new by their code, and change those that differ; all or none.

    Parameters
    ----------
    organizations
        What is said about each, each code once, parents in any order. New ones need name, kind and seat.
        Alliances that they sit in are founded where there is none, and seats are taken from today.
    actor, now
        Who writes, and when.
    source
        File or scenario that it comes from, for the audit trail.
    progress
        Told when all are written.

    Returns
    -------
    WrittenOrganizations
        Numbers by code, and which are new or changed.

    Raises
    ------
    NotFoundError
        If an area, or an organization above, is unknown.
    MusterError
        If somebody else wrote the same new organizations at the same moment.
    """
    written = WrittenOrganizations()
    try:
        with transaction.atomic():
            codes = {code for facts in organizations for code in (facts["code"], facts.get("parent", ""))} - {""}
            standing = find_standing(codes)
            written.ids.update(find_former_organizations(codes - standing.keys()))
            # Records that became one say what somebody chose: the list of before does not undo that.
            organizations = [facts for facts in organizations if facts["code"] not in written.ids]
            _write_rows(organizations, standing, written)
            _write_parents(organizations, standing, written)
            _write_seats(organizations, written, now)
            _record(written, actor=actor, now=now, source=source)
    except IntegrityError as error:
        raise MusterError(
            "Somebody else wrote some of these organizations at the same moment.",
            where=source,
            remedy="Import again.",
        ) from error
    if progress:
        progress(len(organizations), len(organizations))
    return written


@transaction.atomic
def found_alliances(
    *,
    actor: audit.Actor,
    now: datetime,
    areas_level: str,
    within: Area | None = None,
    is_synthetic: bool = False,
) -> FoundedAlliances:
    """Found the alliance of every area of a level that has organizations seated in it, and seat them all.

    Parameters
    ----------
    actor, now
        Who founds, and when; seats are taken from that day.
    areas_level
        Slug of the level, such as ``township`` or ``community``.
    within
        Only in this area and beneath it; everywhere when left out.
    is_synthetic
        Whether the alliances are invented for a demonstration.

    Returns
    -------
    FoundedAlliances
        How many alliances and seats are new; called again, it finds nothing to do.
    """
    areas = (beneath(within) if within else Area.objects.all()).filter(level__slug=areas_level)
    codes = dict(areas.values_list("path", "code"))
    wanted = [
        (organization_id, codes[path])
        for organization_id, seat_path in Organization.objects.values_list("pk", "seat_area__path").order_by("code")
        for path in ancestor_paths(seat_path)
        if path in codes
    ]
    alliances_before, seats_before = Alliance.objects.count(), AllianceSeat.objects.count()
    seat_organizations(wanted, since_on=now.astimezone(CITY_ZONE).date(), is_synthetic=is_synthetic)
    founded = FoundedAlliances(Alliance.objects.count() - alliances_before, AllianceSeat.objects.count() - seats_before)
    if founded.alliances or founded.seats:
        audit.record(
            actor=actor,
            now=now,
            verb=Verb.ALLIANCE_FOUNDED,
            subject_kind="level",
            subject_id=areas_level,
            detail={"alliances": founded.alliances, "seats": founded.seats},
        )
    return founded


def join_alliance(*, actor: audit.Actor, now: datetime, organization: Organization, area: Area) -> bool:
    """Seat an organization in the alliance of an area, which is founded if need be; tell whether that is new."""
    with transaction.atomic():
        is_new = bool(seat_organizations([(organization.pk, area.code)], since_on=now.astimezone(CITY_ZONE).date()))
        if is_new:
            _record_seat(Verb.ALLIANCE_JOINED, organization, area, actor=actor, now=now)
    return is_new


def leave_alliance(*, actor: audit.Actor, now: datetime, organization: Organization, area: Area) -> bool:
    """End an organization's seat in the alliance of an area today; tell whether it had one."""
    seats = AllianceSeat.objects.filter(organization=organization, alliance__area=area, until_on=None)
    with transaction.atomic():
        had_one = bool(seats.update(until_on=now.astimezone(CITY_ZONE).date()))
        if had_one:
            _record_seat(Verb.ALLIANCE_LEFT, organization, area, actor=actor, now=now)
    return had_one


def _record_seat(verb: Verb, organization: Organization, area: Area, *, actor: audit.Actor, now: datetime) -> None:
    audit.record(
        actor=actor,
        now=now,
        verb=verb,
        subject_kind="organization",
        subject_id=organization.code,
        detail={"area": area.code},
    )


def find_standing(codes: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return what is known of organizations, by code: number, parent's number and code, and what is compared."""
    standing: dict[str, dict[str, Any]] = {}
    for batch in batches(sorted(set(codes) - {""})):
        for values in Organization.objects.filter(code__in=batch).values("pk", "code", "parent__code", *_COMPARED):
            standing[values["code"]] = values
    return standing


def _write_rows(
    organizations: Sequence[OrganizationFacts],
    standing: Mapping[str, Mapping[str, Any]],
    written: WrittenOrganizations,
) -> None:
    area_ids = find_area_ids(facts["seat"] for facts in organizations if "seat" in facts)
    new: list[Organization] = []
    changed: dict[tuple[str, ...], list[Organization]] = defaultdict(list)
    for facts in organizations:
        code = facts["code"]
        values = _as_fields(facts, area_ids)
        known = standing.get(code)
        if known is None:
            new.append(Organization(code=code, **values))
        elif differences := {
            name: values[name] for name in _COMPARED if name in values and values[name] != known[name]
        }:
            if "name" in differences:
                differences["pinyin"] = values["pinyin"]
            changed[tuple(sorted(differences))].append(Organization(pk=known["pk"], code=code, **differences))
            written.updated.add(code)
    Organization.objects.bulk_create(new, batch_size=QUERY_CODES)
    for fields, some in changed.items():
        Organization.objects.bulk_update(some, fields, batch_size=QUERY_CODES)
    written.created.update(organization.code for organization in new)
    written.ids.update((code, known["pk"]) for code, known in standing.items())
    written.ids.update((organization.code, organization.pk) for organization in new)


def _as_fields(facts: OrganizationFacts, area_ids: Mapping[str, int]) -> dict[str, Any]:
    values: dict[str, Any] = {key: value for key, value in facts.items() if key in _COMPARED}
    if "seat" in facts:
        if facts["seat"] not in area_ids:
            raise NotFoundError(
                f"There is no area with the code {facts['seat']}.", where=f"organization {facts['code']}"
            )
        values["seat_area_id"] = area_ids[facts["seat"]]
    if "name" in facts:
        values["pinyin"] = spell(facts["name"])
    return values


def _write_parents(
    organizations: Sequence[OrganizationFacts],
    standing: Mapping[str, Mapping[str, Any]],
    written: WrittenOrganizations,
) -> None:
    """Set who stands above whom, once all have their numbers: a file need not be in the order of the tree."""
    moved: list[Organization] = []
    for facts in organizations:
        code, known = facts["code"], standing.get(facts["code"])
        parent = facts.get("parent")
        if parent is None or parent == ((known["parent__code"] or "") if known else ""):
            continue
        if parent and parent not in written.ids:
            raise NotFoundError(f"There is no organization with the code {parent}.", where=f"organization {code}")
        moved.append(Organization(pk=written.ids[code], code=code, parent_id=written.ids[parent] if parent else None))
    Organization.objects.bulk_update(moved, ["parent"], batch_size=QUERY_CODES)
    written.updated.update({organization.code for organization in moved} - written.created)


def _write_seats(organizations: Sequence[OrganizationFacts], written: WrittenOrganizations, now: datetime) -> None:
    wanted = [
        (written.ids[facts["code"]], area_code) for facts in organizations for area_code in facts.get("alliances", ())
    ]
    newly_seated = seat_organizations(wanted, since_on=now.astimezone(CITY_ZONE).date())
    codes = {pk: code for code, pk in written.ids.items()}
    written.updated.update({codes[pk] for pk in newly_seated} - written.created)


def _record(written: WrittenOrganizations, *, actor: audit.Actor, now: datetime, source: str) -> None:
    if written.created or written.updated:
        audit.record(
            actor=actor,
            now=now,
            verb=Verb.IMPORTED,
            subject_kind="organizations",
            subject_id=source[:64],
            detail={"created": len(written.created), "updated": len(written.updated)},
        )
