"""Facts: what is reported from a post or a door, each taken once by the id that was made where it was reported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from muster.kernel.errors import RuleError


class FactState(StrEnum):
    """What became of a fact that was sent."""

    TAKEN = "taken"
    SEEN = "seen"
    REFUSED = "refused"


class Refusal(models.TextChoices):
    """Why a fact is not taken. Closed: clients keep the code, people read the sentence."""

    MALFORMED = "malformed", _("This is not a fact that the server knows.")
    NO_SUCH_DUTY = "no_such_duty", _("There is no such duty.")
    NO_SUCH_AREA = "no_such_area", _("There is no such area.")
    NO_SUCH_NEED = "no_such_need", _("There is no such need.")
    NO_SUCH_CARRIER = "no_such_carrier", _("Nobody of that name could carry this there.")
    NO_SUCH_WATCH = "no_such_watch", _("There is no such watch duty.")
    NO_EMERGENCY = "no_emergency", _("No emergency is active here.")
    EMERGENCY_ENDED = "emergency_ended", _("The emergency has ended: nothing is reported any more.")
    DUTY_CANCELLED = "duty_cancelled", _("The duty was cancelled. Look at the roster again.")
    DUTY_OVER = "duty_over", _("The shift is over.")
    FROM_THE_FUTURE = "from_the_future", _("The report is from the future. Set the clock and report again.")
    TOO_EARLY = "too_early", _("The shift is not near yet. Report again at its start.")
    NOT_STORED = "not_stored", _("The report could not be stored. Send it again.")


AHEAD = timedelta(minutes=10)
"""How far a moment that is told may be ahead of the server's clock."""
FACT_FIELDS = ("client_id", "at", "clock_off_s", "is_for_other", "is_synthetic")
"""Fields of a fact's row that the report fills; the server adds when it took it, and from whom."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What every kind of fact tells.

    Parameters
    ----------
    client_id
        Made once by whoever reports; the same fact sent twice is taken once.
    at
        When it happened, as well as that is known.
    clock_off_s
        By how many seconds the reporter's clock was put right to say so: it read ``at`` less this.
    is_for_other
        Whether somebody else enters it, from paper or on a person's word.
    is_synthetic
        Whether it was invented for a demonstration.
    """

    client_id: UUID
    at: datetime
    clock_off_s: int = 0
    is_for_other: bool = False
    is_synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server says to one fact; a refused one has its reason.

    Parameters
    ----------
    client_id
        Whose answer it is.
    state
        Taken, seen before, or refused.
    refusal
        Why it was refused, else None.
    is_waiting
        Taken, and kept until what it speaks of has come: a step of a need that is not here yet.
    """

    client_id: UUID
    state: FactState
    refusal: Refusal | None = None
    is_waiting: bool = False


def count_taken(answers: Iterable[Answer]) -> int:
    """Count the facts that were taken now."""
    return Counter(answer.state for answer in answers)[FactState.TAKEN]


def require_taken(answer: Answer) -> None:
    """Raise the reason of a refused fact as an error; pass by one that was taken, now or before.

    Raises
    ------
    RuleError
        If it was refused.
    """
    if answer.refusal is not None:
        raise RuleError(str(answer.refusal.label))


def answer_all(
    facts: Iterable[Report],
    *,
    reasons: Mapping[UUID, Refusal],
    taken: Collection[UUID],
    waiting: Collection[UUID] = (),
) -> list[Answer]:
    """Return what the server says to each fact, in their order.

    Parameters
    ----------
    facts
        What was sent.
    reasons
        Why some of them are refused.
    taken, waiting
        Which were taken now, and which of these wait for what they speak of.
    """
    return [_answer(fact.client_id, reasons, taken, waiting) for fact in facts]


def _answer(
    client_id: UUID, reasons: Mapping[UUID, Refusal], taken: Collection[UUID], waiting: Collection[UUID]
) -> Answer:
    if client_id in reasons:
        return Answer(client_id, FactState.REFUSED, reasons[client_id])
    state = FactState.TAKEN if client_id in taken else FactState.SEEN
    return Answer(client_id, state, is_waiting=client_id in waiting)


def fact_values(report: Report) -> tuple[object, ...]:
    """Return the values of ``FACT_FIELDS``."""
    return (report.client_id, report.at, report.clock_off_s, report.is_for_other, report.is_synthetic)
