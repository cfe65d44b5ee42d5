"""Changes to who belongs to what. The only writer of these rows; a membership is ended, never deleted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from muster.kernel import audit
from muster.kernel.batches import batches
from muster.kernel.clock import CITY_ZONE
from muster.kernel.errors import MusterError, NotFoundError
from muster.kernel.kinds import Verb
from muster.membership.kinds import MEMBER, Belonging
from muster.membership.models import Membership
from muster.organizations.models import Organization
from muster.organizations.queries import find_former_organizations
from muster.people.models import Person
from muster.people.queries import find_former_codes

_BATCH_ROWS = 2_000


def write_memberships(
    belongings: Sequence[Belonging], *, actor: audit.Actor, now: datetime, source: str = ""
) -> set[str]:
    """Make memberships that do not stand yet, and change those whose role or first day differs; all or none.

    Parameters
    ----------
    belongings
        Who belongs to what. Memberships that are not named stay as they are.
    actor, now
        Who writes, and when.
    source
        File or scenario that it comes from, for the audit trail.

    Returns
    -------
    set of str
        Codes of the people for whom something changed.

    Raises
    ------
    NotFoundError
        If a person or an organization is unknown.
    MusterError
        If somebody else wrote the same membership at the same moment.
    """
    try:
        with transaction.atomic():
            changed = _write(belongings, now)
            if changed:
                audit.record(
                    actor=actor,
                    now=now,
                    verb=Verb.MEMBER_JOINED,
                    subject_kind="memberships",
                    subject_id=source[:64],
                    detail={"people": len(changed)},
                )
    except IntegrityError as error:
        raise MusterError(
            "Somebody else wrote some of these memberships at the same moment.", where=source, remedy="Try again."
        ) from error
    return changed


def join(
    *, actor: audit.Actor, now: datetime, person: Person, organization: Organization, role: str = MEMBER
) -> Membership:
    """Let a person belong to an organization from today, or return the membership that stands.

    Parameters
    ----------
    actor, now
        Who writes, and when.
    person, organization
        Who belongs to what.
    role
        What the person is there.
    """
    with transaction.atomic():
        membership, is_new = Membership.objects.get_or_create(
            person=person,
            organization=organization,
            until_on=None,
            defaults={"role": role, "since_on": now.astimezone(CITY_ZONE).date()},
        )
        if is_new:
            _record(Verb.MEMBER_JOINED, membership, actor=actor, now=now)
    return membership


def leave(*, actor: audit.Actor, now: datetime, membership: Membership) -> bool:
    """End a membership today; tell whether it stood until now."""
    today = now.astimezone(CITY_ZONE).date()
    with transaction.atomic():
        is_ended = bool(Membership.objects.filter(pk=membership.pk, until_on=None).update(until_on=today))
        if is_ended:
            _record(Verb.MEMBER_LEFT, membership, actor=actor, now=now)
    return is_ended


def _write(belongings: Sequence[Belonging], now: datetime) -> set[str]:
    today = now.astimezone(CITY_ZONE).date()
    people = _find_person_ids({belonging.person_code for belonging in belongings})
    organizations = _find_organization_ids({belonging.organization_code for belonging in belongings})
    standing = _load_standing(people.values())
    new: list[Membership] = []
    changed: dict[tuple[str, ...], list[Membership]] = defaultdict(list)
    codes: set[str] = set()
    for belonging in belongings:
        place = (people[belonging.person_code], organizations[belonging.organization_code])
        known = standing.get(place)
        said = {"role": belonging.role, "since_on": belonging.since_on}
        if known is None:
            role, since_on = belonging.role or MEMBER, belonging.since_on or today
            new.append(Membership(person_id=place[0], organization_id=place[1], role=role, since_on=since_on))
        elif differences := {name: value for name, value in said.items() if value and value != getattr(known, name)}:
            for name, value in differences.items():
                setattr(known, name, value)
            changed[tuple(differences)].append(known)
        else:
            continue
        codes.add(belonging.person_code)
    Membership.objects.bulk_create(new, batch_size=_BATCH_ROWS)
    for fields, memberships in changed.items():
        Membership.objects.bulk_update(memberships, fields, batch_size=_BATCH_ROWS)
    return codes


def _find_person_ids(codes: set[str]) -> dict[str, int]:
    found = _find_ids(Person, codes)
    found.update(find_former_codes(codes - found.keys()))
    _refuse_lacking(Person, codes - found.keys())
    return found


def _find_organization_ids(codes: set[str]) -> dict[str, int]:
    found = _find_ids(Organization, codes)
    found.update(find_former_organizations(codes - found.keys()))
    _refuse_lacking(Organization, codes - found.keys())
    return found


def _find_ids(model: type[Person] | type[Organization], codes: set[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in batches(sorted(codes)):
        found.update(model._default_manager.filter(code__in=some).values_list("code", "pk"))
    return found


def _refuse_lacking(model: type[Person] | type[Organization], lacking: set[str]) -> None:
    if lacking:
        kind = model._meta.verbose_name
        raise NotFoundError(f"There is no {kind} with the code {min(lacking)}.", remedy="Import it first.")


def _load_standing(person_ids: Iterable[int]) -> Mapping[tuple[int, int], Membership]:
    standing: dict[tuple[int, int], Membership] = {}
    for some in batches(sorted(person_ids)):
        for membership in Membership.objects.filter(person_id__in=some, until_on=None):
            standing[membership.person_id, membership.organization_id] = membership
    return standing


def _record(verb: Verb, membership: Membership, *, actor: audit.Actor, now: datetime) -> None:
    audit.record(
        actor=actor,
        now=now,
        verb=verb,
        subject_kind="person",
        subject_id=membership.person.code,
        detail={"organization": membership.organization.code, "role": membership.role},
    )
