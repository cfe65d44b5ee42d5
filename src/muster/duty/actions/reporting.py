"""What facts about duties have in common: who may report, when, and how a row of them is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from muster.access.kinds import Right
from muster.access.queries import Actor
from muster.access.reach import Reach
from muster.duty.queries.reporting import DutyStand
from muster.kernel.audit import record
from muster.kernel.bulk import OnceInsert
from muster.kernel.facts import AHEAD, FACT_FIELDS, Answer, Refusal, Report, answer_all, count_taken, fact_values
from muster.kernel.kinds import Verb
from muster.kernel.models import Fact

Write = Callable[[], list[Answer]]
"""What writes facts that were made ready: to be called in a transaction, which is thus as short as can be."""

EARLIEST = timedelta(hours=4)
"""How long before a shift somebody may report at it."""


@dataclass(frozen=True, slots=True)
class DutyFact(Report):
    """A fact about a duty, of whatever kind.

    Parameters
    ----------
    duty_id
        Which duty.
    """

    duty_id: int


@dataclass(frozen=True)
class Intake:
    """Facts about duties on their way in: who brings them, when, and how the duties stand.

    Parameters
    ----------
    actor, now
        Who enters them, and when the server takes them.
    stands
        How the duties stand, by number, as from ``read_stands``.
    earliest
        How long before a shift it may happen; None where it is told of a shift to come, and no more of one that is
        over.
    """

    actor: Actor
    now: datetime
    stands: Mapping[int, DutyStand]
    earliest: timedelta | None = EARLIEST

    def prepare(
        self, model: type[Fact], facts: Sequence[DutyFact], own: Mapping[str, Sequence[object]], verb: Verb
    ) -> Write:
        """Make the sound ones ready, and return what writes each once and answers every one, in a transaction.

        Parameters
        ----------
        model
            Whose rows they become.
        facts
            What was reported, each id once.
        own
            Values of the kind's own fields, as many as facts.
        verb
            What was done: one entry in the audit trail for all.
        """
        reasons = self._judge_all(facts)
        rows = [
            (*self._values(fact), *values)
            for fact, *values in zip(facts, *own.values(), strict=True)
            if fact.client_id not in reasons
        ]
        same = {"recorded_at": self.now, "entered_by": self.actor.audit_id}
        insert = OnceInsert(model, (*FACT_FIELDS, "duty_id", *own), rows, key="client_id", same=same)

        def write() -> list[Answer]:
            answers = answer_all(facts, reasons=reasons, taken=insert.write())
            self._record(facts, answers, verb)
            return answers

        return write

    def has_begun(self, duty_id: int) -> bool:
        """Tell whether a duty is there and its time has come."""
        stand = self.stands.get(duty_id)
        return stand is not None and stand.starts_at <= self.now

    def _judge_all(self, facts: Sequence[DutyFact]) -> dict[UUID, Refusal]:
        reach = Reach(self.actor, Right.REPORT)
        reasons = {fact.client_id: self._judge(reach, fact) for fact in facts}
        return {client_id: reason for client_id, reason in reasons.items() if reason is not None}

    def _judge(self, reach: Reach, fact: DutyFact) -> Refusal | None:
        stand = self.stands.get(fact.duty_id)
        # What is not there and what the actor may not report of look the same.
        if stand is None or not (self._is_own(stand) or reach.has(stand.area_path)):
            return Refusal.NO_SUCH_DUTY
        if stand.emergency_ends_at is not None:
            return Refusal.EMERGENCY_ENDED
        if stand.is_cancelled:
            return Refusal.DUTY_CANCELLED
        if fact.at > self.now + AHEAD:
            return Refusal.FROM_THE_FUTURE
        if self.earliest is None:
            return Refusal.DUTY_OVER if fact.at >= stand.ends_at else None
        return Refusal.TOO_EARLY if fact.at < stand.starts_at - self.earliest else None

    def _is_own(self, stand: DutyStand) -> bool:
        person_id = getattr(self.actor, "person_id", None)
        return person_id is not None and person_id == stand.person_id

    def _values(self, fact: DutyFact) -> tuple[object, ...]:
        client_id, at, clock_off_s, is_for_other, is_synthetic = fact_values(fact)
        # What somebody else enters is marked so, whatever is said.
        is_for_other = is_for_other or not self._is_own(self.stands[fact.duty_id])
        return (client_id, at, clock_off_s, is_for_other, is_synthetic, fact.duty_id)

    def _record(self, facts: Sequence[DutyFact], answers: Sequence[Answer], verb: Verb) -> None:
        taken = count_taken(answers)
        if taken:
            kind, subject = ("duty", facts[0].duty_id) if len(facts) == 1 else ("duties", len(facts))
            record(
                actor=self.actor,
                now=self.now,
                verb=verb,
                subject_kind=kind,
                subject_id=subject,
                detail={"taken": taken},
            )
