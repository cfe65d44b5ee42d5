"""Making two records one, parting them again exactly as they were, and keeping apart what only looks alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction

from muster.access.kinds import Right
from muster.access.models import User
from muster.access.queries import Actor, list_scopes, refuse
from muster.duplicates.hindrances import (
    ABSORBED,
    Hindrance,
    list_organization_hindrances,
    list_person_hindrances,
)
from muster.duplicates.kinds import RecordKind
from muster.duplicates.models import KeptApart, Merge
from muster.duplicates.rules import ORGANIZATION_FACETS, OTHER, PERSON_FACETS, choose_values
from muster.emergencies.actions import lock_active
from muster.emergencies.queries import list_active
from muster.intake.rules import seal, unseal
from muster.kernel.audit import record
from muster.kernel.errors import RuleError
from muster.kernel.joining import join_rows
from muster.kernel.kinds import Verb
from muster.kernel.trail import RowChange, find_obstacles, put_back
from muster.organizations.models import FormerOrganizationCode, Organization
from muster.people.models import FormerCode, Person
from muster.territory.models import Area
from muster.territory.queries import beneath_any_filter

KEPT_DAYS = 30
"""How long a merge can be undone; after that what it changed is no longer known."""

_RECORDS = {Person._meta.label, Organization._meta.label}
_PLACES = ("home_area_id", "work_area_id", "seat_area_id")
_Record = TypeVar("_Record", bound=models.Model)
_GONE = "One of the two records is no longer there."
_LOOK_AGAIN = "Look at the list again."


def merge_people(
    *, actor: Actor, now: datetime, kept: Person, other: Person, choices: Mapping[str, str] | None = None
) -> Merge:
    """Make two records of a person one, in one transaction.

    Everything that refers to the other record refers to the one that stays; the other's code leads to it from now on.

    Parameters
    ----------
    actor, now
        Who merges, and when; access to both is the caller's to check.
    kept, other
        The record that stays, and the one that goes into it.
    choices
        For each facet of ``rules.PERSON_FACETS`` whose value to take; what is not said is as suggested there.

    Raises
    ------
    RuleError
        If the two are one record, one of them is gone, or something of both cannot be one: an area that both serve on,
        duties at one time, more areas than allowed, a rest that would be broken.
    """
    with transaction.atomic():
        forget_old(now)
        _lock_emergencies()
        kept, other = _lock(Person, kept, other)
        values = choose_values(PERSON_FACETS, kept, other, choices or {})
        _refuse(list_person_hindrances(kept, other, values, now))
        detached = _detach_account(kept, other)
        changes = detached + _join(kept, other, values)
        changes.append(_keep_code(FormerCode(code=other.code, person=kept)))
        return _keep_merge(RecordKind.PERSON, kept.code, other.code, changes, choices or {}, actor=actor, now=now)


def merge_organizations(
    *, actor: Actor, now: datetime, kept: Organization, other: Organization, choices: Mapping[str, str] | None = None
) -> Merge:
    """Make two records of an organization one, in one transaction; as ``merge_people``.

    Raises
    ------
    RuleError
        If the two are one record, one of them is gone, or one stands above the other.
    """
    with transaction.atomic():
        forget_old(now)
        _lock_emergencies()
        kept, other = _lock(Organization, kept, other)
        _refuse(list_organization_hindrances(kept, other))
        values = choose_values(ORGANIZATION_FACETS, kept, other, choices or {})
        if values["parent_id"] in {kept.pk, other.pk}:
            values["parent_id"] = other.parent_id if kept.parent_id == other.pk else kept.parent_id
        changes = _join(kept, other, values)
        changes.append(_keep_code(FormerOrganizationCode(code=other.code, organization=kept)))
        return _keep_merge(RecordKind.ORGANIZATION, kept.code, other.code, changes, choices or {}, actor=actor, now=now)


def undo_merge(*, actor: Actor, now: datetime, merge: Merge) -> Merge:
    """Part two records that became one: every row that the merge changed is as it was.

    Raises
    ------
    RuleError
        If it was undone before, too long ago, or what it changed was changed again since.
    NotAllowedError
        If the record that would come back is out of the actor's reach.
    """
    try:
        with transaction.atomic():
            _lock_emergencies()
            locked = Merge.objects.select_for_update().get(pk=merge.pk)
            if locked.undone_at is not None or not locked.changes:
                raise RuleError("This merge can no longer be undone.")
            changes = [RowChange(*change) for change in unseal(locked.changes)]
            if not _is_in_reach(actor, changes):
                raise refuse(Right.IMPORT)
            if find_obstacles(changes, derived=()):
                raise RuleError("What came over was changed again since.", remedy="Undo the later change first.")
            put_back(changes)
            locked.undone_at, locked.undone_by, locked.changes = now, actor.audit_name, None
            locked.save()
            _record(Verb.MERGE_UNDONE, locked, {"rows": locked.rows_moved}, actor=actor, now=now)
    except IntegrityError as error:
        what = "Rows that were made since stand where those of before would come back."
        raise RuleError(what, remedy="End or change them first.") from error
    return locked


def _is_in_reach(actor: Actor, changes: Sequence[RowChange]) -> bool:
    """Tell whether the record that would come back lives, works or is seated where the actor may import."""
    gone = [change.before or {} for change in changes if change.after is None and change.label in _RECORDS]
    areas = {values[name] for values in gone for name in _PLACES if values.get(name) is not None}
    reached = Area.objects.filter(beneath_any_filter(list_scopes(actor, Right.IMPORT)), pk__in=areas)
    return not areas or reached.exists()


def keep_apart(*, actor: Actor, now: datetime, kind: RecordKind, codes: Sequence[str]) -> KeptApart:
    """Say that two records that look alike are not the same, so that nobody is asked again.

    Parameters
    ----------
    actor, now
        Who says so, and when; access to both is the caller's to check.
    kind, codes
        What the records are about, and their two codes.
    """
    first, second = sorted(codes)
    with transaction.atomic():
        apart, is_new = KeptApart.objects.get_or_create(
            kind=kind,
            first_code=first,
            second_code=second,
            defaults={"said_by": actor.audit_name, "said_at": now},
        )
        if is_new:
            detail = {"other": second}
            record(actor=actor, now=now, verb=Verb.KEPT_APART, subject_kind=kind, subject_id=first, detail=detail)
    return apart


def forget_old(now: datetime) -> None:
    """Empty what old merges still hold: names and numbers are not kept longer than they are needed."""
    old = Merge.objects.filter(merged_at__lt=now - timedelta(days=KEPT_DAYS))
    old.exclude(changes=None).update(changes=None)


def _lock_emergencies() -> None:
    """Lock the active emergencies, before people, as whoever appoints and publishes does."""
    for emergency in list_active().order_by("pk"):
        lock_active(emergency)


def _lock(model: type[_Record], kept: _Record, other: _Record) -> tuple[_Record, _Record]:
    if kept.pk == other.pk:
        raise RuleError("These are one record already.", remedy=_LOOK_AGAIN)
    rows = model._default_manager.select_for_update().filter(pk__in=[kept.pk, other.pk])
    found = {row.pk: row for row in rows.order_by("pk")}
    if len(found) < 2:
        raise RuleError(_GONE, remedy=_LOOK_AGAIN)
    return found[kept.pk], found[other.pk]


def _refuse(hindrances: Sequence[Hindrance]) -> None:
    if hindrances:
        raise RuleError(hindrances[0].what, remedy=hindrances[0].remedy)


def _detach_account(kept: Person, other: Person) -> list[RowChange]:
    """Let the other's account be nobody's in the list if both have one: an account is its holder's, not the list's."""
    if not User.objects.filter(person=kept).exists():
        return []
    numbers = list(User.objects.filter(person=other).values_list("pk", flat=True))
    User.objects.filter(pk__in=numbers).update(person=None)
    return [RowChange(User._meta.label, pk, {"person_id": other.pk}, {"person_id": None}) for pk in numbers]


def _join(kept: models.Model, other: models.Model, values: Mapping[str, Any]) -> list[RowChange]:
    try:
        with transaction.atomic():
            return join_rows(kept, other, values=values, absorbed=ABSORBED)
    except IntegrityError as error:
        raise RuleError(
            "Something of both cannot be one.", remedy="Keep them apart, and tell who runs this."
        ) from error


def _keep_code(former: FormerCode | FormerOrganizationCode) -> RowChange:
    former.save()
    return RowChange(former._meta.label, former.pk, None, {"code": former.code})


def _keep_merge(
    kind: RecordKind,
    kept_code: str,
    merged_code: str,
    changes: Sequence[RowChange],
    choices: Mapping[str, str],
    *,
    actor: Actor,
    now: datetime,
) -> Merge:
    merge = Merge.objects.create(
        kind=kind,
        kept_code=kept_code,
        merged_code=merged_code,
        changes=seal([change.as_list() for change in changes]),
        rows_moved=sum(change.before is not None and change.after is not None for change in changes),
        actor_id=actor.audit_id,
        actor_name=actor.audit_name,
        merged_at=now,
    )
    taken = sorted(name for name, choice in choices.items() if choice == OTHER)
    _record(Verb.MERGED, merge, {"rows": merge.rows_moved, "taken": taken}, actor=actor, now=now)
    return merge


def _record(verb: Verb, merge: Merge, detail: Mapping[str, object], *, actor: Actor, now: datetime) -> None:
    for subject, other in ((merge.kept_code, merge.merged_code), (merge.merged_code, merge.kept_code)):
        record(
            actor=actor,
            now=now,
            verb=verb,
            subject_kind=merge.kind,
            subject_id=subject,
            detail={"kept": merge.kept_code, "other": other, **detail},
        )
