"""Today's posts as lanes of a day: where each shift lies, in percent of the day, and who is missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time

from django.utils.translation import gettext as _

from muster.duty.queries import PostsOfKind, PostsToday
from muster.kernel.clock import CITY_ZONE
from muster.web.words import is_chinese

DAY_S = 86400
TRACK_HEIGHT = 27
NARROW = 0.08
HOURS = tuple(range(0, 25, 3))


@dataclass(frozen=True)
class Span:
    """The shifts of one pattern within a lane."""

    start: str
    width: str
    word_at: str
    ring_at: str
    top: int
    words: str
    rostered: int
    tip: str
    is_ahead: bool
    missing: int
    is_narrow: bool

    @property
    def base(self) -> int:
        """Return the height of the words' base line."""
        return self.top + 18

    @property
    def middle(self) -> int:
        """Return the height of the ring's middle."""
        return self.top + 13


@dataclass
class Lane:
    """A kind of post through the day."""

    name: str
    people: int = 0
    tracks: int = 1
    spans: list[Span] = field(default_factory=list)

    @property
    def height(self) -> int:
        """Return the height of all tracks."""
        return self.tracks * TRACK_HEIGHT


@dataclass(frozen=True)
class Timeline:
    """Today's posts, ready for the template."""

    lanes: list[Lane]
    hours: list[tuple[str, str, str]]
    now_at: str
    today: PostsToday


def draw_timeline(today: PostsToday, now: datetime) -> Timeline:
    """Draw today's posts by kind; shifts that overlap lie on tracks of their own."""
    lanes: dict[str, Lane] = {}
    ends: dict[str, list[float]] = {}
    for row in today.rows:
        lane = lanes.setdefault(row.kind, Lane(row.kind_zh if is_chinese() else row.kind_en))
        lane.people += row.rostered
        start, end = _day_share(row.starts_at, now), _day_share(row.ends_at, now)
        track = _find_track(ends.setdefault(row.kind, []), start, end)
        lane.tracks = max(lane.tracks, track + 1)
        lane.spans.append(_draw_span(row, start, end, track, now))
    hours = [(f"{hour / 24:.2%}", f"{hour:02d}:00", _place_word(hour)) for hour in HOURS]
    ordered = sorted(lanes.values(), key=lambda lane: -lane.people)
    return Timeline(ordered, hours, f"{_day_share(now, now):.2%}", today)


def _place_word(hour: int) -> str:
    if hour == HOURS[0]:
        return "first"
    if hour == HOURS[-1]:
        return "last"
    return "between" if hour % 6 else ""


def _day_share(moment: datetime, now: datetime) -> float:
    midnight = datetime.combine(now.astimezone(CITY_ZONE).date(), time(), CITY_ZONE)
    return min(1.0, max(0.0, (moment - midnight).total_seconds() / DAY_S))


def _find_track(ends: list[float], start: float, end: float) -> int:
    track = next((number for number, busy_until in enumerate(ends) if busy_until <= start), len(ends))
    ends[track : track + 1] = [end]
    return track


def _word_start(start: float, end: float, now: float) -> float:
    """Return where a shift's words begin: at its start, or behind the line of the present that would cross them."""
    return now if start <= now < min(start + NARROW, end - NARROW) else start


def _draw_span(row: PostsOfKind, start: float, end: float, track: int, now: datetime) -> Span:
    is_ahead = row.starts_at > now
    name = row.pattern_zh if is_chinese() else row.pattern_en
    tip = _("%(pattern)s: %(needed)d needed, %(rostered)d on the roster, %(came)d came") % {
        "pattern": name,
        "needed": row.needed,
        "rostered": row.rostered,
        "came": row.came,
    }
    return Span(
        start=f"{start:.2%}",
        width=f"{max(0.0, end - start - 0.003):.2%}",
        word_at=f"{_word_start(start, end, _day_share(now, now)) + 0.008:.2%}",
        ring_at=f"{end - 0.018:.2%}",
        top=track * TRACK_HEIGHT,
        words=f"{name} {row.rostered}" if end - start > NARROW else str(row.rostered),
        rostered=row.rostered,
        tip=tip,
        is_ahead=is_ahead,
        missing=row.unfilled,
        is_narrow=end - start <= NARROW,
    )
