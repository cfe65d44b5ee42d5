"""Holding the database against the journal: nothing lost, nothing doubled, nobody's rest broken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.apps import apps
from django.db.models import Count, F, Q

from muster.clocks.models import GapStep
from muster.duty.kinds import DutyState, OfferState
from muster.duty.models import CoverRequest, Shift
from muster.duty.queries import count_rest_violations
from muster.emergencies.models import Emergency
from muster.kernel.models import Fact
from muster.simulation.journal import Journal
from muster.simulation.ringing import Network


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold.

    Parameters
    ----------
    name
        Which.
    broken
        How many times it does not hold: 0 is what is wanted.
    """

    name: str
    broken: int


@dataclass(frozen=True)
class Mark:
    """How the database stood before anybody acted."""

    last_rows: dict[type[Fact], int]
    rest_violations: int
    crowded: int


def list_fact_models() -> list[type[Fact]]:
    """List the tables of facts, whatever rooms they live in."""
    return [model for model in apps.get_models() if issubclass(model, Fact)]


def mark_database(emergency: Emergency) -> Mark:
    """Mark how the database stands."""
    last = {model: _last_row(model) for model in list_fact_models()}
    return Mark(last, count_rest_violations(emergency), _count_crowded(emergency))


def _last_row(model: type[Fact]) -> int:
    return model._base_manager.order_by("-pk").values_list("pk", flat=True).first() or 0


def read_facts(mark: Mark) -> list[tuple[UUID, datetime]]:
    """Read the id and the moment of every fact that came since the mark."""
    return [
        row
        for model, last in mark.last_rows.items()
        for row in model._base_manager.filter(pk__gt=last).values_list("client_id", "at").iterator(chunk_size=10_000)
    ]


def check_all(emergency: Emergency, mark: Mark, journal: Journal, network: Network) -> list[Check]:
    """Check everything, once nobody acts any more."""
    kept = Counter(client_id for client_id, _ in read_facts(mark))
    broken: dict[str, Callable[[], int]] = {
        "facts without an answer": lambda: sum(not entry.answers for entry in journal.entries.values()),
        "facts lost": lambda: sum(one not in kept for one in _acknowledged(journal)),
        "facts doubled": lambda: sum(count > 1 for count in kept.values()),
        "facts taken twice": lambda: sum(entry.answers.count("taken") > 1 for entry in journal.entries.values()),
        "facts refused and kept": lambda: sum(one in kept for one in _refused(journal)),
        "facts that nobody sent": lambda: sum(one not in journal.entries for one in kept),
        "requests failed": lambda: sum(count for status, count in journal.statuses.items() if status >= 500),
        "rest rules broken": lambda: max(0, count_rest_violations(emergency) - mark.rest_violations),
        "shifts with too many": lambda: max(0, _count_crowded(emergency) - mark.crowded),
        "places covered twice": _count_covered_twice,
        "clock steps fired twice": _count_fired_twice,
        "messages rung twice": lambda: sum(count > 1 for count in network.rung.values()),
    }
    return [Check(name, count()) for name, count in broken.items()]


def _acknowledged(journal: Journal) -> Iterator[UUID]:
    return (one for one, entry in journal.entries.items() if {"taken", "seen"} & set(entry.answers))


def _refused(journal: Journal) -> Iterator[UUID]:
    return (one for one, entry in journal.entries.items() if entry.answers and set(entry.answers) == {"refused"})


def _count_crowded(emergency: Emergency) -> int:
    placed = Count("duties", filter=Q(duties__state=DutyState.PLANNED))
    return Shift.objects.filter(emergency=emergency).annotate(placed=placed).filter(placed__gt=F("needed")).count()


def _count_covered_twice() -> int:
    accepted = Count("offers", filter=Q(offers__state=OfferState.ACCEPTED))
    return CoverRequest.objects.annotate(accepted=accepted).filter(accepted__gt=1).count()


def _count_fired_twice() -> int:
    reached = GapStep.objects.filter(rank__isnull=False).values("gap", "rank").annotate(times=Count("pk"))
    return reached.filter(times__gt=1).count()
