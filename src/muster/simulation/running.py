"""An exercise from its first moment to its last check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any

from muster.emergencies.models import Emergency
from muster.kernel import clock
from muster.simulation.agenda import Agenda
from muster.simulation.answering import answer_ring
from muster.simulation.asking import plan_calls
from muster.simulation.cast import gather
from muster.simulation.checks import Check, Mark, check_all, mark_database
from muster.simulation.desk import Desk
from muster.simulation.doors import plan_rounds
from muster.simulation.exercise import Exercise
from muster.simulation.figures import read_cover, read_gaps, read_journal, read_load, read_messages, read_needs
from muster.simulation.journal import Journal
from muster.simulation.pace import start_clock
from muster.simulation.posts import plan_duties
from muster.simulation.ringing import Network
from muster.simulation.wire import Wire

Tell = Callable[[datetime, int], None]
"""Told the moment of the exercise, and how many acts were done."""
_ROUNDS_OF_SENDING = 5


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be simulated.

    Parameters
    ----------
    begins_at, length
        When, and for how long.
    speed
        How many times as fast as in reality.
    seed
        Of everybody's behavior, from 0.
    wardens
        How many wardens take part at most.
    hands
        How many requests may be under way at once.
    """

    begins_at: datetime
    length: timedelta
    speed: float
    seed: int
    wardens: int
    hands: int = 16


@dataclass(frozen=True)
class Outcome:
    """What an exercise showed: figures by topic, and what was checked."""

    figures: dict[str, Any]
    checks: list[Check]

    @property
    def is_sound(self) -> bool:
        """Whether everything holds that must."""
        return not any(check.broken for check in self.checks)


@dataclass(frozen=True)
class Stage:
    """An exercise that is ready to begin."""

    exercise: Exercise
    network: Network
    mark: Mark
    planned: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Took:
    """How many real seconds an exercise took, and its first real moment."""

    real_s: float
    begun_at: datetime


def prepare(emergency: Emergency, order: Order, *, network: Network, port: int) -> Stage:
    """Gather who takes part, and put down what they will do. The exercise clock waits at its beginning until then.

    Parameters
    ----------
    emergency, order
        What is simulated.
    network
        Over which messages ring people.
    port
        Where the server is going to listen on this machine.
    """
    ends_at = order.begins_at + order.length
    # At real speed until the server is up: a minute of it is then a minute.
    pace = start_clock(order.begins_at, 1.0)
    cast = gather(emergency, begins_at=order.begins_at, ends_at=ends_at, wardens=order.wardens, seed=order.seed)
    journal = Journal()
    wire = Wire(port, journal)
    exercise = Exercise(
        seed=order.seed,
        begins_at=order.begins_at,
        ends_at=ends_at,
        cast=cast,
        agenda=Agenda(pace, hands=order.hands),
        wire=wire,
        journal=journal,
        desk=Desk(wire, emergency.area.code),
    )
    planned = {
        "duties": {str(fate): count for fate, count in plan_duties(exercise).items()},
        "rounds": plan_rounds(exercise),
        "calls": plan_calls(exercise),
    }
    return Stage(exercise, network, mark_database(emergency), planned)


def run(stage: Stage, order: Order, *, tell: Tell) -> Outcome:
    """Run an exercise against a server that is up, and return what it showed.

    Parameters
    ----------
    stage, order
        As from ``prepare``.
    tell
        Told how far it has come, about once a second.
    """
    exercise = stage.exercise
    stage.network.ring = partial(answer_ring, exercise)
    exercise.agenda.pace = start_clock(order.begins_at, order.speed)
    begun_s, begun_at = monotonic(), clock.real_now()
    exercise.agenda.run(exercise.ends_at, tell=tell)
    took = Took(monotonic() - begun_s, begun_at)
    for _ in range(_ROUNDS_OF_SENDING):
        _send_what_is_left(exercise)
    clock.set_exercise(exercise.ends_at)
    return _read(stage, order, took)


def _send_what_is_left(exercise: Exercise) -> None:
    """Let everybody have signal again at the end: nothing that was written down is left on a phone."""
    for phone in exercise.list_phones():
        if not phone.is_empty:
            phone.send()


def _read(stage: Stage, order: Order, took: Took) -> Outcome:
    exercise, emergency = stage.exercise, stage.exercise.cast.emergency
    late_s = sorted(exercise.agenda.late_s)
    figures = {
        "exercise": {
            "begins_at": order.begins_at.isoformat(),
            "hours": round(order.length / timedelta(hours=1), 2),
            "seed": order.seed,
            "speed": order.speed,
            "took_s": round(took.real_s, 1),
            "doors": len(exercise.cast.doors),
            "offices": len(exercise.cast.offices),
            "phones": len(exercise.list_phones()),
            "acts": len(late_s),
            "acts_failed": len(exercise.agenda.failures),
            "planned": stage.planned,
            "act_late_s_p99": round(late_s[int(0.99 * len(late_s))] if late_s else 0.0, 2),
        },
        "cover": read_cover(emergency, order.begins_at),
        "needs": read_needs(emergency, order.begins_at),
        "gaps": read_gaps(emergency, order.begins_at),
        "facts": read_journal(exercise.journal, stage.mark),
        "load": read_load(exercise.journal, took.real_s),
        "messages": {"rung": len(stage.network.rung), **read_messages(took.begun_at)},
    }
    failed = Check("acts failed", len(exercise.agenda.failures))
    return Outcome(figures, [*check_all(emergency, stage.mark, exercise.journal, stage.network), failed])
