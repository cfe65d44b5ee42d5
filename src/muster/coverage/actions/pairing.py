"""Making an organization responsible for an area, and ending that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from muster.clocks.actions import GapSpec, close_gaps, open_gaps
from muster.clocks.kinds import GapKind
from muster.clocks.queries import read_owners
from muster.coverage.kinds import GapReason
from muster.coverage.models import Pairing
from muster.coverage.queries.needs import read_needs
from muster.coverage.rules import NEED_THRESHOLD, score_need
from muster.emergencies.actions import lock_active
from muster.emergencies.models import Emergency
from muster.kernel.audit import Actor, record
from muster.kernel.errors import RuleError
from muster.kernel.kinds import Verb
from muster.organizations.models import Organization
from muster.territory.models import Area


def pair(
    *,
    actor: Actor,
    now: datetime,
    emergency: Emergency,
    organization: Organization,
    area: Area,
    duties: Sequence[str],
    people: int,
) -> Pairing:
    """Make an organization responsible for an area.

    Parameters
    ----------
    actor, now
        Who pairs, and when.
    emergency, organization, area
        Whom with what.
    duties
        Slugs of the duties that it takes over, at least one.
    people
        How many people it sends, at least 1.

    Raises
    ------
    RuleError
        If the area is paired already, lies outside the emergency, or the organization has too few people left.
    """
    if not duties:
        raise RuleError("A pairing takes over at least one duty.", where=str(area), remedy="Choose the duties.")
    with transaction.atomic():
        locked = lock_active(emergency)
        _check(locked, organization, area, people)
        pairing = Pairing.objects.create(
            emergency=locked,
            organization=organization,
            area=area,
            duties=[str(duty) for duty in duties],
            people=people,
            starts_at=now,
        )
        close_gaps(emergency=locked, now=now, kind=GapKind.AREA_WITHOUT_PAIRING, subjects=[area.code])
        _record(actor, now, Verb.PAIRED, pairing)
    return pairing


def _check(emergency: Emergency, organization: Organization, area: Area, people: int) -> None:
    if not area.path.startswith(emergency.area.path):
        raise RuleError(f"The emergency {emergency.code} does not hold here.", where=str(area))
    active = Pairing.objects.filter(emergency=emergency, ends_at=None).select_related("organization")
    standing = active.filter(area=area).first()
    if standing is not None:
        raise RuleError(
            f"{standing.organization} is already responsible here.", where=str(area), remedy="End that pairing first."
        )
    sent = active.filter(organization=organization).aggregate(people=Sum("people"))["people"] or 0
    left = organization.people_offered - sent
    if not 1 <= people <= left:
        raise RuleError(
            f"{organization} offers {organization.people_offered} people and has {left} left, not {people}.",
            remedy="Send fewer people, or ask the organization to offer more.",
        )


def end_pairing(*, actor: Actor, now: datetime, pairing: Pairing) -> Pairing:
    """End a pairing; where the need is above the threshold, a gap opens.

    Raises
    ------
    RuleError
        If it has ended already.
    """
    with transaction.atomic():
        locked = lock_active(pairing.emergency)
        if not Pairing.objects.filter(pk=pairing.pk, ends_at=None).update(ends_at=now):
            raise RuleError(f"The pairing with {pairing.organization} has ended already.", where=str(pairing.area))
        pairing.ends_at = now
        needs = read_needs(pairing.area)
        if any(score_need(need.facts) >= NEED_THRESHOLD for need in needs if need.area_id == pairing.area_id):
            owner_id = read_owners(pairing.area).find(pairing.area.path)
            spec = GapSpec(GapKind.AREA_WITHOUT_PAIRING, pairing.area.code, pairing.area_id, owner_id, GapReason.ENDED)
            open_gaps(emergency=locked, now=now, gaps=[spec])
        _record(actor, now, Verb.PAIRING_ENDED, pairing)
    return pairing


def _record(actor: Actor, now: datetime, verb: Verb, pairing: Pairing) -> None:
    record(
        actor=actor,
        now=now,
        verb=verb,
        subject_kind="area",
        subject_id=pairing.area.code,
        detail={"emergency": pairing.emergency.code, "organization": pairing.organization.code},
    )
