"""Changes to the people's list. The only writer of its rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db import IntegrityError, transaction

from muster.kernel import audit
from muster.kernel.batches import batches
from muster.kernel.bulk import insert_rows
from muster.kernel.clock import CITY_ZONE
from muster.kernel.errors import MusterError, NotFoundError
from muster.kernel.kinds import Verb
from muster.kernel.pinyin import spell
from muster.kernel.statistics import take_statistics_after_commit
from muster.people.kinds import AWAY, PersonFacts
from muster.people.models import Absence, Person
from muster.people.queries import find_former_codes
from muster.people.rules import blind_index
from muster.territory.queries import find_area_ids

Progress = Callable[[int, int], None]
"""Told how many rows are done, of how many."""

_BATCH_ROWS = 2_000
_COMPARED = (
    "name",
    "home_area_id",
    "work_area_id",
    "phone_index",
    "abilities",
    "restrictions",
    "may_serve",
    "max_appointments",
    "max_week_min",
    "consented_at",
    "is_synthetic",
)
_DEFAULTS = {name: getattr(Person(), name) for name in (*_COMPARED, "phone", "pinyin")}
"""What a new person has where nothing is said."""


@dataclass(frozen=True, slots=True)
class WrittenPeople:
    """What writing a list of people did.

    Parameters
    ----------
    ids
        Number of each person, by code.
    created, updated
        Codes of people who are new, and of people who were changed.
    """

    ids: dict[str, int] = field(default_factory=dict)
    created: set[str] = field(default_factory=set)
    updated: set[str] = field(default_factory=set)


def write_people(
    people: Sequence[PersonFacts],
    *,
    actor: audit.Actor,
    now: datetime,
    source: str = "",
    progress: Progress | None = None,
) -> WrittenPeople:
    """Make the people who are new by their code, and change those who differ; all or none.

    Parameters
    ----------
    people
        What is said about each, each code once. New people need a name. Of whoever is named by a former code, only an
        absence is taken.
    actor, now
        Who writes, and when.
    source
        File or scenario that it comes from, for the audit trail.
    progress
        Told after each batch.

    Returns
    -------
    WrittenPeople
        Numbers by code, and who is new or changed.

    Raises
    ------
    NotFoundError
        If an area is unknown.
    MusterError
        If somebody else wrote the same new people at the same moment.
    """
    written = WrittenPeople()
    try:
        with transaction.atomic():
            area_ids = find_area_ids(facts[key] for facts in people for key in ("home", "work") if key in facts)
            for batch in batches(people, _BATCH_ROWS):
                _write_batch(batch, area_ids, written)
                if progress:
                    progress(len(written.ids), len(people))
            _record(written, actor=actor, now=now, source=source)
            take_statistics_after_commit()
    except IntegrityError as error:
        raise MusterError(
            "Somebody else wrote some of these people at the same moment.", where=source, remedy="Import again."
        ) from error
    return written


def lock_person(person: Person) -> Person:
    """Lock a person's row until the transaction ends, and return it as it is now.

    Raises
    ------
    NotFoundError
        If it is no longer there: the record went into another.
    """
    locked = Person.objects.select_for_update().filter(pk=person.pk).first()
    if locked is None:
        raise NotFoundError(f"{person.name} is kept under another code now.", remedy="Look the person up again.")
    return locked


def look_up_phone(*, actor: audit.Actor, now: datetime, person: Person) -> str:
    """Return a person's telephone number, and write down who looked; empty where none is kept."""
    if not person.phone_index:
        return ""
    with transaction.atomic():
        audit.record(actor=actor, now=now, verb=Verb.PHONE_SHOWN, subject_kind="person", subject_id=person.code)
    return str(person.phone or "")


def note_absence(
    *, actor: audit.Actor, now: datetime, person: Person, starts_on: date, ends_on: date, reason: str = AWAY
) -> Absence:
    """Note that a person is away, from one day until they are back on another.

    Raises
    ------
    MusterError
        If the day back is not after the first day.
    """
    if ends_on <= starts_on:
        raise MusterError("The day back is not after the first day away.", remedy="Correct one of the days.")
    with transaction.atomic():
        absence, _ = Absence.objects.update_or_create(
            person=person, starts_on=starts_on, defaults={"ends_on": ends_on, "reason": reason}
        )
        detail = {"from": starts_on.isoformat(), "until": ends_on.isoformat()}
        audit.record(
            actor=actor, now=now, verb=Verb.ABSENCE_NOTED, subject_kind="person", subject_id=person.code, detail=detail
        )
    return absence


def _write_batch(batch: Sequence[PersonFacts], area_ids: Mapping[str, int], written: WrittenPeople) -> None:
    codes = [facts["code"] for facts in batch]
    standing = _load_standing(codes)
    former = find_former_codes(set(codes) - standing.keys())
    new: dict[str, dict[str, Any]] = {}
    changed: dict[tuple[str, ...], list[Person]] = defaultdict(list)
    for facts in batch:
        if facts["code"] in former:
            # Their records became one, and somebody chose what it says: the list of before does not undo that.
            continue
        values = _as_fields(facts, area_ids)
        known = standing.get(facts["code"])
        if known is None:
            new[facts["code"]] = values
        elif differences := _differences(values, known):
            changed[tuple(sorted(differences))].append(Person(code=facts["code"], **differences))
            written.updated.add(facts["code"])
    written.ids.update(_insert(new))
    for fields, people in changed.items():
        # An upsert by code: several times faster than bulk_update, which writes one CASE for each row.
        Person.objects.bulk_create(people, update_conflicts=True, unique_fields=["code"], update_fields=fields)
    written.created.update(new)
    written.ids.update((code, known["pk"]) for code, known in standing.items())
    written.ids.update(former)
    written.updated.update(_write_absences(batch, written) - written.created)


def _insert(new: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    """Insert new people and return their numbers by code."""
    rows = ((code, *(values.get(name, default) for name, default in _DEFAULTS.items())) for code, values in new.items())
    insert_rows(Person, ("code", *_DEFAULTS), rows)
    numbers: dict[str, int] = {}
    for some in batches(new):
        numbers.update(Person.objects.filter(code__in=some).values_list("code", "pk"))
    return numbers


def _load_standing(codes: Sequence[str]) -> dict[str, dict[str, Any]]:
    standing: dict[str, dict[str, Any]] = {}
    for some in batches(codes):
        for values in Person.objects.filter(code__in=some).values("pk", "code", *_COMPARED):
            standing[values["code"]] = values
    return standing


def _as_fields(facts: PersonFacts, area_ids: Mapping[str, int]) -> dict[str, Any]:
    values: dict[str, Any] = {key: value for key, value in facts.items() if key in _COMPARED}
    for key, name in (("home", "home_area_id"), ("work", "work_area_id")):
        if key in facts:
            code = str(facts[key])  # type: ignore[literal-required]  # both keys are the facts' own
            if code not in area_ids:
                raise NotFoundError(f"There is no area with the code {code}.", where=f"person {facts['code']}")
            values[name] = area_ids[code]
    if "name" in facts:
        values["pinyin"] = spell(facts["name"])
    if "phone" in facts:
        values["phone"], values["phone_index"] = facts["phone"], blind_index(facts["phone"])
    if "consented_on" in facts:
        values["consented_at"] = datetime.combine(facts["consented_on"], time(), CITY_ZONE)
    return values


def _differences(values: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields to write: a number goes with its index, a name with its spelling; consent counts by day."""
    differs = {name for name in _COMPARED if name in values and values[name] != known[name]}
    if "consented_at" in differs and known["consented_at"] is not None:
        same_day = known["consented_at"].astimezone(CITY_ZONE).date() == values["consented_at"].date()
        differs -= {"consented_at"} if same_day else set()
    if "phone_index" in differs:
        differs.add("phone")
    if "name" in differs:
        differs.add("pinyin")
    return {name: values[name] for name in differs}


def _write_absences(batch: Sequence[PersonFacts], written: WrittenPeople) -> set[str]:
    """Write absences that are new or end on another day; return the codes of their people."""
    said = {written.ids[facts["code"]]: facts for facts in batch if "absence" in facts}
    standing: dict[tuple[int, date], Absence] = {}
    for some in batches(said):
        for absence in Absence.objects.filter(person_id__in=some):
            standing[absence.person_id, absence.starts_on] = absence
    new: list[Absence] = []
    moved: list[Absence] = []
    changed: set[str] = set()
    for person_id, facts in said.items():
        starts_on, ends_on = facts["absence"]
        known = standing.get((person_id, starts_on))
        if known is None:
            new.append(Absence(person_id=person_id, starts_on=starts_on, ends_on=ends_on, reason=AWAY))
        elif known.ends_on != ends_on:
            known.ends_on = ends_on
            moved.append(known)
        else:
            continue
        changed.add(facts["code"])
    Absence.objects.bulk_create(new)
    Absence.objects.bulk_update(moved, ["ends_on"])
    return changed


def _record(written: WrittenPeople, *, actor: audit.Actor, now: datetime, source: str) -> None:
    if written.created or written.updated:
        audit.record(
            actor=actor,
            now=now,
            verb=Verb.IMPORTED,
            subject_kind="people",
            subject_id=source[:64],
            detail={"created": len(written.created), "updated": len(written.updated)},
        )
