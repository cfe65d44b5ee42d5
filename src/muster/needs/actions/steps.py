"""Taking needs further: each step once, in any order, also before the need itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from muster.access.queries import Actor
from muster.kernel.batches import batches
from muster.kernel.bulk import insert_once
from muster.kernel.errors import RuleError
from muster.kernel.facts import AHEAD, FACT_FIELDS, Answer, Refusal, Report, answer_all, fact_values, require_taken
from muster.kernel.kinds import Verb
from muster.kernel.locks import hold_names
from muster.needs.actions.following import refold
from muster.needs.actions.reporting import record_taken, same_values
from muster.needs.actions.telling import tell_given
from muster.needs.kinds import NeedState, NeedUrgency
from muster.needs.models import CARRIER_IDS, Need, NeedStep
from muster.needs.queries.carriers import NOBODY, CarrierName, CarrierNumbers, find_carrier
from muster.needs.queries.stands import NeedStand, StepReach, read_stands
from muster.needs.rules import may_follow
from muster.territory.models import Area

_FIELDS = (
    *(*FACT_FIELDS, "about", "need_id", "state", "note", "urgency", "place_id", "named"),
    *("carrier_kind", *CARRIER_IDS),
)


@dataclass(frozen=True, slots=True)
class StepFact(Report):
    """That a need was taken a step further.

    Parameters
    ----------
    need
        Client's id of the need, which may not have come yet.
    state, note
        What it became, None where nothing but what is said of it changes; and a word about it.
    carrier
        Whose it became, by name.
    urgency, place
        How pressing it is, and the code of the area where it belongs, as somebody has found.
    """

    need: UUID
    state: NeedState | None = None
    note: str = ""
    carrier: CarrierName | None = None
    urgency: NeedUrgency | None = None
    place: str = ""


def take_step(
    *,
    actor: Actor,
    now: datetime,
    need: Need,
    state: NeedState,
    note: str = "",
    carrier: CarrierName | None = None,
) -> None:
    """Take a need one step further, now, as somebody does who looks at it.

    Raises
    ------
    RuleError
        If the step cannot follow the state that the need is in by now, or the actor may not report there.
    """
    with transaction.atomic():
        hold_names("need", [need.client_id])
        current = Need.objects.get(pk=need.pk)
        if not may_follow(current.state, state):
            raise RuleError(
                f"A need that is {NeedState(current.state).label} cannot become {NeedState(state).label}.",
                where=current.code,
                remedy="Look at it again; somebody may have been quicker.",
            )
        fact = StepFact(need.client_id, state, note, carrier, client_id=uuid4(), at=now)
        [answer] = take_steps(actor=actor, now=now, facts=[fact])
        require_taken(answer)
    need.refresh_from_db()


def take_steps(*, actor: Actor, now: datetime, facts: Iterable[StepFact]) -> list[Answer]:
    """Take steps of needs, each once; one that is refused keeps none of the others out.

    Whatever order they come in, a need ends in the state that its steps make of it in the order of their
    moments; a step whose need is not here yet waits for it.

    Parameters
    ----------
    actor, now
        Who enters them, with the right to report there, and when the server takes them.
    facts
        Any number, each id once.

    Returns
    -------
    list[Answer]
        One a fact, in their order.
    """
    wanted = list(facts)
    with transaction.atomic(savepoint=False):
        hold_names("need", (fact.need for fact in wanted))
        stands = read_stands(fact.need for fact in wanted)
        named = _Named.read(actor, now, wanted, stands)
        reasons = _judge_all(actor, now, wanted, named)
        sound = [fact for fact in wanted if fact.client_id not in reasons]
        taken = _insert(actor, now, sound, named)
        refold({fact.need for fact in sound if fact.client_id in taken and fact.need in stands}, now=now)
        tell_given([fact.client_id for fact in sound if fact.client_id in taken and fact.state == NeedState.GIVEN])
        waiting = {fact.client_id for fact in sound if fact.need not in stands}
        answers = answer_all(wanted, reasons=reasons, taken=taken, waiting=waiting)
        record_taken(actor=actor, now=now, verb=Verb.NEED_STEP, subject="need_step", facts=wanted, answers=answers)
    return answers


@dataclass(frozen=True, slots=True)
class _Named:
    """What facts name, by rows: needs, carriers by fact, areas by code with their paths."""

    stands: Mapping[UUID, NeedStand]
    carriers: Mapping[UUID, CarrierNumbers | None]
    places: Mapping[str, tuple[int, str]]

    @classmethod
    def read(cls, actor: Actor, now: datetime, facts: Collection[StepFact], stands: Mapping[UUID, NeedStand]) -> _Named:
        """Look up everything that some facts name."""
        carriers = {
            fact.client_id: find_carrier(actor, now, stands[fact.need].spot, fact.carrier)
            for fact in facts
            if fact.carrier is not None and fact.need in stands
        }
        places = {
            code: (number, path)
            for some in batches({fact.place for fact in facts if fact.place})
            for code, number, path in Area.objects.filter(code__in=some).values_list("code", "pk", "path")
        }
        return cls(stands, carriers, places)


def _judge_all(actor: Actor, now: datetime, facts: Iterable[StepFact], named: _Named) -> dict[UUID, Refusal]:
    reach = StepReach(actor, named.stands.values())
    reasons = {fact.client_id: _judge(reach, now, fact, named) for fact in facts}
    return {client_id: reason for client_id, reason in reasons.items() if reason is not None}


def _judge(reach: StepReach, now: datetime, fact: StepFact, named: _Named) -> Refusal | None:
    if fact.at > now + AHEAD:
        return Refusal.FROM_THE_FUTURE
    if fact.place and not reach.area.has(named.places.get(fact.place, (0, ""))[1]):
        return Refusal.NO_SUCH_AREA
    stand = named.stands.get(fact.need)
    # Who may take it is looked at when the need has come.
    if stand is not None and not reach.has(stand):
        return Refusal.NO_SUCH_NEED
    if stand is not None and stand.ended_at is not None:
        return Refusal.EMERGENCY_ENDED
    return Refusal.NO_SUCH_CARRIER if _names_nobody(fact, stand, named) else None


def _names_nobody(fact: StepFact, stand: NeedStand | None, named: _Named) -> bool:
    """Tell whether a step gives to nobody, or to somebody who could not carry it there, as far as that is known."""
    if fact.carrier is None:
        return fact.state == NeedState.GIVEN
    return stand is not None and named.carriers[fact.client_id] is None


def _insert(actor: Actor, now: datetime, facts: Collection[StepFact], named: _Named) -> set[UUID]:
    rows = [_row(fact, named) for fact in facts]
    same = {**same_values(actor, now), "by": actor.audit_name}
    return insert_once(NeedStep, _FIELDS, rows, key="client_id", same=same)


def _row(fact: StepFact, named: _Named) -> tuple[object, ...]:
    """Return the values of ``_FIELDS``."""
    stand = named.stands.get(fact.need)
    waits_for = f"{fact.carrier.kind}:{fact.carrier.code}" if stand is None and fact.carrier is not None else ""
    return (
        *fact_values(fact),
        fact.need,
        stand.need_id if stand is not None else None,
        str(fact.state or ""),
        fact.note,
        fact.urgency,
        named.places[fact.place][0] if fact.place else None,
        waits_for,
        *(named.carriers.get(fact.client_id) or NOBODY),
    )
