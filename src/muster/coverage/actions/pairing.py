"""Making an organization responsible for an area: proposed, answered, changed, recalled, each step a row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from muster.clocks.actions import GapSpec, close_gaps, open_gaps
from muster.clocks.kinds import GapKind
from muster.clocks.queries import read_owners
from muster.coverage.kinds import SETTLED, GapReason, PairingDuty, PairingState
from muster.coverage.models import Pairing, PairingStep
from muster.coverage.queries.needs import read_own_need
from muster.coverage.rules import NEED_THRESHOLD, may_follow, score_need
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
    """Make an organization responsible for an area; it stands from now on, and waits for its answer.

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
    with transaction.atomic():
        locked = lock_active(emergency)
        _check_duties(duties, area)
        _check_area(locked, area)
        _check_people(locked, organization, people)
        pairing = Pairing.objects.create(
            emergency=locked,
            organization=organization,
            area=area,
            duties=[str(duty) for duty in duties],
            people=people,
            starts_at=now,
        )
        close_gaps(emergency=locked, now=now, kind=GapKind.AREA_WITHOUT_PAIRING, subjects=[area.code])
        write_steps(actor.audit_name, now, [pairing])
        _record(actor, now, Verb.PAIRED, pairing)
    return pairing


def _check_duties(duties: Sequence[str], area: Area) -> None:
    if not duties:
        raise RuleError("A pairing takes over at least one duty.", where=str(area), remedy="Choose the duties.")
    unknown = sorted(set(duties) - set(PairingDuty.values))
    if unknown:
        raise RuleError(f"There is no duty {unknown[0]}.", where=str(area), remedy="Choose the duties.")


def _check_area(emergency: Emergency, area: Area) -> None:
    if not area.path.startswith(emergency.area.path):
        raise RuleError(f"The emergency {emergency.code} does not hold here.", where=str(area))
    standing = Pairing.objects.filter(emergency=emergency, area=area, ends_at=None).select_related("organization")
    other = standing.first()
    if other is not None:
        raise RuleError(
            f"{other.organization} is already responsible here.", where=str(area), remedy="Recall that pairing first."
        )


def _check_people(emergency: Emergency, organization: Organization, people: int, *, sent_here: int = 0) -> None:
    active = Pairing.objects.filter(emergency=emergency, organization=organization, ends_at=None)
    sent = active.aggregate(people=Sum("people"))["people"] or 0
    # Read anew: the offer may have changed since whoever pairs looked at it.
    organization.refresh_from_db(fields=["people_offered"])
    left = organization.people_offered - sent + sent_here
    if not 1 <= people <= left:
        raise RuleError(
            f"{organization} offers {organization.people_offered} people and has {left} left, not {people}.",
            remedy="Send fewer people, or ask the organization to offer more.",
        )


def accept_pairing(*, actor: Actor, now: datetime, pairing: Pairing) -> Pairing:
    """Accept a pairing for its organization.

    Raises
    ------
    RuleError
        If it was answered or ended before.
    """
    with transaction.atomic():
        return _take_step(actor, now, pairing, PairingState.ACCEPTED)


def decline_pairing(*, actor: Actor, now: datetime, pairing: Pairing, reason: str) -> Pairing:
    """Decline a pairing for its organization: it ends, and where the need is above the threshold, a gap opens.

    Raises
    ------
    RuleError
        If no reason is given, or it was answered or ended before.
    """
    return _end(actor, now, pairing, PairingState.DECLINED, reason, GapReason.DECLINED)


def recall_pairing(*, actor: Actor, now: datetime, pairing: Pairing, reason: str) -> Pairing:
    """Recall a pairing from headquarters: it ends, and where the need is above the threshold, a gap opens.

    Raises
    ------
    RuleError
        If no reason is given, or it has ended already.
    """
    return _end(actor, now, pairing, PairingState.RECALLED, reason, GapReason.RECALLED)


def change_pairing(*, actor: Actor, now: datetime, pairing: Pairing, duties: Sequence[str], people: int) -> Pairing:
    """Change what an organization takes over and with how many people; it answers anew.

    Parameters
    ----------
    actor, now
        Who changes it, and when.
    pairing
        One that stands.
    duties, people
        As in ``pair``. If nothing differs, nothing happens.

    Raises
    ------
    RuleError
        If it has ended, takes over nothing, or the organization has too few people left.
    """
    with transaction.atomic():
        locked = lock_active(pairing.emergency)
        current = _read_current(pairing)
        _check_duties(duties, pairing.area)
        _check_people(locked, pairing.organization, people, sent_here=current.people)
        wanted = [str(duty) for duty in duties]
        if (wanted, people) == (current.duties, current.people):
            return pairing
        pairing.duties, pairing.people, pairing.state = wanted, people, PairingState.PROPOSED
        pairing.save(update_fields=["duties", "people", "state"])
        write_steps(actor.audit_name, now, [pairing])
        _record(actor, now, Verb.PAIRING_STEP, pairing)
    return pairing


def _end(actor: Actor, now: datetime, pairing: Pairing, state: PairingState, reason: str, why: GapReason) -> Pairing:
    if not reason.strip():
        raise RuleError("A reason is missing.", where=str(pairing.area), remedy="Say why in a few words.")
    with transaction.atomic():
        _take_step(actor, now, pairing, state, reason.strip())
        _open_gap(now, pairing, why)
    return pairing


def _take_step(actor: Actor, now: datetime, pairing: Pairing, state: PairingState, reason: str = "") -> Pairing:
    lock_active(pairing.emergency)
    current = _read_current(pairing)
    if not may_follow(current.state, state):
        raise RuleError(
            f"The pairing with {pairing.organization} is {current.state} already.",
            where=str(pairing.area),
            remedy="Look at it again; somebody may have been quicker.",
        )
    pairing.state = state
    pairing.ends_at = now if state in SETTLED else None
    pairing.save(update_fields=["state", "ends_at"])
    write_steps(actor.audit_name, now, [pairing], reason)
    _record(actor, now, Verb.PAIRING_STEP, pairing, reason)
    return pairing


def _read_current(pairing: Pairing) -> Pairing:
    """Read the row as it is now, behind the lock: the caller may hold an older copy."""
    current = Pairing.objects.get(pk=pairing.pk)
    if current.ends_at is not None:
        raise RuleError(
            f"The pairing with {pairing.organization} has ended already.",
            where=str(pairing.area),
            remedy="Look at it again; somebody may have been quicker.",
        )
    return current


def _open_gap(now: datetime, pairing: Pairing, why: GapReason) -> None:
    facts = read_own_need(pairing.area)
    score = score_need(facts) if facts else 0
    if score >= NEED_THRESHOLD:
        area = pairing.area
        owner_id = read_owners(area).find(area.path)
        spec = GapSpec(GapKind.AREA_WITHOUT_PAIRING, area.code, area.pk, owner_id, why, {"need": score})
        open_gaps(emergency=pairing.emergency, now=now, gaps=[spec])


def write_steps(by: str, now: datetime, pairings: Iterable[Pairing], reason: str = "") -> None:
    """Write down how pairings stand from now on, inside the caller's transaction."""
    steps = (
        PairingStep(
            pairing=one,
            state=one.state,
            duties=one.duties,
            people=one.people,
            at=now,
            by=by,
            reason=reason,
        )
        for one in pairings
    )
    PairingStep.objects.bulk_create(steps, batch_size=1000)


def end_pairings(by: str, now: datetime, pairings: Sequence[Pairing], reason: str) -> None:
    """End pairings in bulk, inside the caller's transaction: a plan has others, or the emergency is over."""
    for one in pairings:
        one.state, one.ends_at = PairingState.ENDED, now
    Pairing.objects.bulk_update(pairings, ["state", "ends_at"], batch_size=200)
    write_steps(by, now, pairings, reason)


def _record(actor: Actor, now: datetime, verb: Verb, pairing: Pairing, reason: str = "") -> None:
    detail = {
        "emergency": pairing.emergency.code,
        "organization": pairing.organization.code,
        "state": str(pairing.state),
        "duties": pairing.duties,
        "people": pairing.people,
    }
    record(
        actor=actor,
        now=now,
        verb=verb,
        subject_kind="area",
        subject_id=pairing.area.code,
        detail={**detail, "reason": reason} if reason else detail,
    )
