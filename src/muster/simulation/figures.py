"""What an exercise showed: how long places stood empty and needs waited, and what the server bore."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count

from muster.clocks.kinds import GapStepKind
from muster.clocks.models import Gap, GapStep
from muster.duty.kinds import CheckInKind, CoverState, OfferState
from muster.duty.models import CheckIn, CoverOffer, CoverRequest
from muster.emergencies.models import Emergency
from muster.messages.kinds import MessageState
from muster.messages.models import Message
from muster.needs.kinds import NeedState
from muster.needs.models import Need, NeedStep
from muster.simulation.checks import Mark, read_facts
from muster.simulation.journal import Journal

Section = dict[str, Any]
_MINUTE_S = 60


def spread(values: Iterable[float]) -> Section:
    """Return how many values there are, their median and what nine in ten do not pass; to one decimal."""
    ordered = sorted(values)
    return {"count": len(ordered), "median": quantile(ordered, 0.5), "p90": quantile(ordered, 0.9)}


def quantile(ordered: Sequence[float], share: float) -> float | None:
    """Return the value that a share of some ordered values does not pass, None of none."""
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1) if ordered else None


def read_cover(emergency: Emergency, begins_at: datetime) -> Section:
    """Read how long empty places took to fill, in minutes: until somebody accepted, and until they stood there."""
    asked = CoverRequest.objects.filter(shift__emergency=emergency, asked_at__gte=begins_at)
    offers = CoverOffer.objects.filter(request__in=asked)
    accepted = list(
        offers.filter(state=OfferState.ACCEPTED).values_list(
            "request__asked_at", "answered_at", "duty_id", "request__shift__starts_at"
        )
    )
    came = _first_check_ins([row[2] for row in accepted if row[2] is not None])
    # A place is empty from the start of its shift on, or from when somebody is asked, if that is later.
    empty = [(max(asked_at, starts_at), came[duty]) for asked_at, _, duty, starts_at in accepted if duty in came]
    states = Counter(asked.values_list("state", flat=True))
    return {
        "asked": sum(states.values()),
        "filled": states[CoverState.FILLED],
        "offers": offers.count(),
        "minutes_to_accept": spread(_minutes((row[0], row[1]) for row in accepted if row[1] is not None)),
        "minutes_empty": spread(max(0.0, minutes) for minutes in _minutes(empty)),
    }


def _first_check_ins(duties: Collection[int]) -> dict[int, datetime]:
    found: dict[int, datetime] = {}
    rows = CheckIn.objects.filter(kind=CheckInKind.IN, duty__in=duties).order_by("-at")
    found.update(rows.values_list("duty_id", "at"))
    return found


def _minutes(spans: Iterable[tuple[datetime, datetime]]) -> list[float]:
    return [(until - since).total_seconds() / _MINUTE_S for since, until in spans]


def read_needs(emergency: Emergency, begins_at: datetime) -> Section:
    """Read how long needs waited, in minutes: until somebody took them up, and until they were answered."""
    needs = Need.objects.filter(emergency=emergency, recorded_at__gte=begins_at)
    raised = dict(needs.values_list("pk", "at"))
    firsts: dict[str, dict[int, datetime]] = defaultdict(dict)
    steps = NeedStep.objects.filter(need__in=needs).order_by("-at", "-client_id")
    for number, state, at in steps.values_list("need_id", "state", "at"):
        firsts[state][number or 0] = at
    taken = {**firsts[NeedState.ANSWERED], **firsts[NeedState.UNDER_WAY]}
    return {
        "raised": len(raised),
        "states": dict(needs.order_by("state").values_list("state").annotate(Count("pk"))),
        "minutes_to_take_up": spread(_minutes((raised[one], at) for one, at in taken.items())),
        "minutes_to_answer": spread(_minutes((raised[one], at) for one, at in firsts[NeedState.ANSWERED].items())),
    }


def read_gaps(emergency: Emergency, begins_at: datetime) -> Section:
    """Read which gaps opened, how far their clocks came, and what people did about them."""
    opened = Gap.objects.filter(emergency=emergency, since_at__gte=begins_at)
    steps = GapStep.objects.filter(gap__emergency=emergency, made_at__gte=begins_at)
    levels = steps.filter(kind=GapStepKind.ESCALATED).order_by("area__level__rank")
    closed = opened.filter(closed_at__isnull=False).values_list("kind", "since_at", "closed_at")
    stood: dict[str, list[float]] = defaultdict(list)
    for kind, since_at, closed_at in closed:
        stood[kind] += _minutes([(since_at, closed_at or since_at)])
    return {
        "opened": dict(opened.order_by("kind").values_list("kind").annotate(Count("pk"))),
        "minutes_open": {kind: spread(minutes) for kind, minutes in sorted(stood.items())},
        "steps": dict(steps.order_by("kind").values_list("kind").annotate(Count("pk"))),
        "escalated_to": dict(levels.values_list("area__level__slug").annotate(Count("pk"))),
    }


def read_journal(journal: Journal, mark: Mark) -> Section:
    """Read what became of the facts that were sent."""
    kinds = Counter(entry.told["kind"] for entry in journal.entries.values())
    answers = Counter(answer for entry in journal.entries.values() for answer in entry.answers)
    kept = dict(read_facts(mark))
    off_s = [abs((kept[one] - entry.at).total_seconds()) for one, entry in journal.entries.items() if one in kept]
    return {
        "sent": len(journal.entries),
        "by_kind": dict(sorted(kinds.items())),
        "sendings": sum(answers.values()),
        "taken": answers["taken"],
        "seen": answers["seen"],
        "refused": answers["refused"],
        "refused_by_reason": dict(Counter(entry.code for entry in journal.entries.values() if entry.code)),
        "seconds_off_once_put_right": {**spread(off_s), "most": round(max(off_s, default=0.0), 1)},
    }


def read_load(journal: Journal, took_s: float) -> Section:
    """Read what the server bore, in milliseconds a request by topic."""
    every = sorted(second for seconds in journal.latencies_s.values() for second in seconds)
    return {
        "requests": len(every),
        "requests_per_s": round(len(every) / max(took_s, 0.001), 1),
        "unanswered": journal.unanswered,
        "statuses": {str(status): count for status, count in sorted(journal.statuses.items())},
        "ms": _quantiles_ms(every),
        "ms_by_topic": {topic: _quantiles_ms(sorted(taken)) for topic, taken in sorted(journal.latencies_s.items())},
    }


def read_messages(begun_at: datetime) -> Section:
    """Read how many real seconds messages were on the way that were queued since a real moment."""
    queued = Message.objects.filter(queued_at__gte=begun_at)
    sent = queued.filter(state=MessageState.SENT, ended_at__isnull=False).values_list("queued_at", "ended_at")
    waited_s = [(ended_at - queued_at).total_seconds() for queued_at, ended_at in sent if ended_at is not None]
    return {
        "queued": queued.count(),
        "states": dict(queued.order_by("state").values_list("state").annotate(Count("pk"))),
        "real_seconds_on_the_way": spread(waited_s),
    }


def _quantiles_ms(seconds: Sequence[float]) -> Section:
    ms = [1000 * second for second in seconds]
    return {
        "count": len(ms),
        "p50": quantile(ms, 0.5),
        "p95": quantile(ms, 0.95),
        "p99": quantile(ms, 0.99),
        "most": quantile(ms, 1.0),
    }
