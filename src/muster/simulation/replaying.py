"""Calls for help driven through a running server at many times real speed, and what became of each."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import quantiles
from typing import Any
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, UUID, uuid5

from muster.clocks.kinds import GapKind
from muster.clocks.models import Gap
from muster.kernel.batches import batches
from muster.needs.models import Need
from muster.simulation.calls import Call, Nearness
from muster.simulation.journal import Journal
from muster.simulation.wire import NoAnswerError, Wire

FACTS, QUEUE = "/api/v1/facts", "/api/v1/needs"
_AGAIN_S = 0.25
_LOOK_EVERY_S = 0.4
_LOOK_BACK = 64
"""On PostgreSQL a number is given before its row is there to be seen: a little is asked for again."""
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class ReplayOrder:
    """What is to be replayed, and what must hold.

    Parameters
    ----------
    calls
        Each with the code of the area it is laid upon, in the order of their moments.
    area
        Code of the area whose queue is looked at.
    token
        Who sends and looks.
    speed
        How many times as fast as in reality.
    run
        Names this replay: the same call in the same run is the same need.
    within_s
        By when each must be on the queue, counted from when it was due.
    hands
        How many calls may be under way at once.
    """

    calls: Sequence[tuple[Call, str]]
    area: str
    token: str
    speed: float
    run: str
    within_s: float
    hands: int = 16


@dataclass(slots=True)
class Sent:
    """A call as it went: when it was due, when it was answered and seen, in seconds from the beginning."""

    call: Call
    area: str
    client_id: UUID
    due_s: float
    answered_s: float | None = None
    seen_s: float | None = None
    tries: int = 0
    state: str = ""
    code: str = ""


@dataclass
class Replay:
    """A replay under way."""

    order: ReplayOrder
    wire: Wire
    sent: list[Sent]
    begun_s: float = field(default_factory=time.monotonic)

    @property
    def now_s(self) -> float:
        """Return how many seconds have gone since it began."""
        return time.monotonic() - self.begun_s


@dataclass(frozen=True, slots=True)
class ReplayOutcome:
    """What a replay showed."""

    figures: dict[str, Any]
    broken: list[str]


Tell = Callable[[int, int], None]
"""Told how many calls were answered, of how many."""


def replay_calls(order: ReplayOrder, *, port: int, tell: Tell | None = None) -> tuple[ReplayOutcome, list[Sent]]:
    """Send every call when it is due, again until it is answered, and look meanwhile at the queue as an office does.

    A server that stops and comes back costs time and no call: what was sent and not answered is sent again
    with the same id.
    """
    journal = Journal()
    replay = Replay(order, Wire(port, journal), _schedule(order))
    seen_from = Need.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    over = threading.Event()
    watcher = threading.Thread(target=_watch, args=(replay, seen_from, over), daemon=True)
    watcher.start()
    _send_all(replay, tell)
    _wait_until_seen(replay)
    over.set()
    watcher.join(_AGAIN_S + _LOOK_EVERY_S + 1)
    return _judge(replay, journal), replay.sent


def _schedule(order: ReplayOrder) -> list[Sent]:
    first = order.calls[0][0].at if order.calls else None
    return [
        Sent(
            call,
            area,
            uuid5(NAMESPACE_URL, f"muster-replay:{order.run}:{call.key}"),
            (call.at - first).total_seconds() / order.speed if first is not None else 0.0,
        )
        for call, area in order.calls
    ]


def _send_all(replay: Replay, tell: Tell | None) -> None:
    with ThreadPoolExecutor(replay.order.hands) as pool:
        for number, one in enumerate(replay.sent):
            time.sleep(max(0.0, one.due_s - replay.now_s))
            pool.submit(_send, replay, one)
            if tell is not None:
                tell(number, len(replay.sent))
    if tell is not None:
        tell(len(replay.sent), len(replay.sent))


def _send(replay: Replay, one: Sent) -> None:
    """Send a call until it is answered."""
    while one.answered_s is None:
        one.tries += 1
        now = datetime.now(UTC).isoformat()
        fact = {
            "kind": "need",
            "id": str(one.client_id),
            "at": now,
            "area": one.area,
            "need_kind": one.call.kind.value,
            "words": one.call.words,
            "for_other": True,
        }
        with suppress(NoAnswerError):
            reply = replay.wire.ask("call", replay.order.token, FACTS, {"sent_at": now, "facts": [fact]})
            if reply.status == 200:  # done
                [answer] = reply.read()["answers"]
                one.state, one.code = answer["state"], answer.get("code", "")
                one.answered_s = replay.now_s
                return
        time.sleep(_AGAIN_S)


def _watch(replay: Replay, after: int, over: threading.Event) -> None:
    """Look at the queue again and again, as an office does that has it open."""
    waiting = {str(one.client_id): one for one in replay.sent}
    while not over.is_set():
        with suppress(NoAnswerError):
            asked = {"area": replay.order.area, "after": max(0, after - _LOOK_BACK), "limit": _PAGE, "is_open": "false"}
            reply = replay.wire.ask("queue", replay.order.token, f"{QUEUE}?{urlencode(asked)}")
            needs = reply.read()["needs"] if reply.status == 200 else []  # done
            for need in needs:
                after = max(after, need["number"])
                found = waiting.pop(need["id"], None)
                if found is not None:
                    found.seen_s = replay.now_s
            if len(needs) == _PAGE:
                continue
        over.wait(_LOOK_EVERY_S)


def _wait_until_seen(replay: Replay) -> None:
    until = time.monotonic() + replay.order.within_s + 2
    while time.monotonic() < until and any(one.seen_s is None for one in replay.sent if one.state != "refused"):
        time.sleep(_LOOK_EVERY_S)


def _judge(replay: Replay, journal: Journal) -> ReplayOutcome:
    sent, order = replay.sent, replay.order
    rows = _count_rows(one.client_id for one in sent)
    gaps = _count_gaps(one.client_id for one in sent)
    due_to_seen = [one.seen_s - one.due_s for one in sent if one.seen_s is not None]
    states = Counter(one.state or "unanswered" for one in sent)
    taken = [one for one in sent if one.state in {"taken", "seen"}]
    broken = {
        "not taken": len(sent) - len(taken),
        "lost": sum(rows[one.client_id] == 0 for one in taken),
        "doubled": sum(rows[one.client_id] > 1 for one in taken),
        "never on the queue": sum(one.seen_s is None for one in taken),
        f"on the queue later than {order.within_s:g} s": sum(each > order.within_s for each in due_to_seen),
        "without a clock": len(taken) - gaps,
    }
    figures = {
        "calls": len(sent),
        **{state: states[state] for state in ("taken", "seen", "refused", "unanswered")},
        "refused_because": dict(Counter(one.code for one in sent if one.state == "refused")),
        "sent_again": sum(one.tries - 1 for one in sent),
        "by_nearness": {near.value: sum(one.call.nearness == near for one in sent) for near in Nearness},
        "by_kind": dict(Counter(one.call.kind.value for one in sent)),
        "in_database": sum(rows.values()),
        "longest_s": round(replay.now_s, 1),
        "busiest_per_s": _find_peak(one.due_s for one in sent),
        "answer_ms": _spread(each * 1000 for each in journal.latencies_s.get("call", ())),
        "due_to_queue_s": _spread(due_to_seen),
    }
    return ReplayOutcome(figures, [f"{count} {what}" for what, count in broken.items() if count])


def _count_rows(client_ids: Iterable[UUID]) -> Counter[UUID]:
    rows: Counter[UUID] = Counter()
    for some in batches(client_ids):
        rows.update(Need.objects.filter(client_id__in=some).values_list("client_id", flat=True))
    return rows


def _count_gaps(client_ids: Iterable[UUID]) -> int:
    """Count the needs whose clock runs, or was stopped by whoever took them up."""
    count = 0
    for some in batches(client_ids):
        codes = Need.objects.filter(client_id__in=some).values("code")
        gaps = Gap.objects.filter(kind=GapKind.NEED_UNANSWERED, subject__in=codes)
        count += gaps.values("subject").distinct().count()
    return count


def _spread(values: Iterable[float]) -> dict[str, float]:
    """Return median, 95th and 99th percentile, and the greatest of some values."""
    ordered = sorted(values)
    if len(ordered) < 2:  # of fewer there is no spread
        return {"p50": ordered[0], "max": ordered[0]} if ordered else {}
    cuts = quantiles(ordered, n=100, method="inclusive")
    found = {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "max": ordered[-1]}
    return {name: round(value, 3) for name, value in found.items()}


def _find_peak(moments: Iterable[float], window_s: float = 10.0) -> float:
    """Return the most calls a second over any ten seconds."""
    counts = Counter(int(moment // window_s) for moment in moments)
    return round(max(counts.values(), default=0) / window_s, 2)
