"""How evenly duties are shared, drawn as dots: a person each, or as many as fit, before these days and with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from muster.duty.queries import Change, FairnessView

WIDTH = 300
PITCH = 6.0
MOST_LINES = 9
EDGE = 16
MOST_NAMES = 13
UNITS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


@dataclass(frozen=True)
class Column:
    """The people of one amount.

    Parameters
    ----------
    amount
        Nights, weekends, or the lower edge of a bin of hours.
    before, after
        How many people carry it.
    start, middle, width
        Where it stands.
    now, then
        Places of the dots of after and before.
    carry
        What an address calls it.
    is_named
        Whether there is room to write the amount.
    """

    amount: int
    before: int
    after: int
    start: float
    middle: float
    width: float
    now: Sequence[tuple[float, float]]
    then: Sequence[tuple[float, float]]
    carry: str
    is_named: bool


@dataclass(frozen=True)
class Plot:
    """A spread ready for the template: what is before hangs beneath the amounts, what is after stands above.

    Parameters
    ----------
    title
        What is counted.
    columns
        From 0 up.
    unit
        How many people a dot stands for.
    base, names_at, hang, height
        Where the upper dots stand, the amounts are written and the lower dots hang, and how high all is.
    apart_before, apart_after
        How far people lie apart, per four weeks: the standard deviation.
    """

    title: str
    columns: Sequence[Column]
    unit: int
    base: float
    names_at: float
    hang: float
    height: float
    apart_before: float
    apart_after: float


def draw_fairness(view: FairnessView) -> list[Plot]:
    """Draw the spread of nights, weekends and hours, each amount with the people who carry it."""
    spreads = (("nights", _("Nights"), view.nights), ("weekends", _("Weekends"), view.weekends))
    return [draw_plot(*spread) for spread in (*spreads, ("hours", _("Hours"), view.hours))]


def draw_plot(load: str, title: str, change: Change) -> Plot:
    """Draw one spread; every dot of it stands for the same number of people."""
    before, after = dict(change.before.bars), dict(change.after.bars)
    amounts = sorted(before.keys() | after.keys())
    step = WIDTH / max(len(amounts), 1)
    across = max(1, int((step - 3) / PITCH))
    most = max((*before.values(), *after.values()), default=0)
    unit = next(unit for unit in UNITS if -(-most // unit) <= across * MOST_LINES or unit == UNITS[-1])
    up, down = (_count_lines(max(spread.values(), default=0), unit, across) for spread in (after, before))
    base = EDGE + up * PITCH
    hang = base + EDGE + 4
    columns = [
        Column(
            amount=amount,
            before=before.get(amount, 0),
            after=after.get(amount, 0),
            start=place * step,
            middle=(place + 0.5) * step,
            width=step,
            now=_dots(after.get(amount, 0), unit, across, (place + 0.5) * step, base - PITCH / 2, -PITCH),
            then=_dots(before.get(amount, 0), unit, across, (place + 0.5) * step, hang + PITCH / 2, PITCH),
            carry=f"{load}-{amount}",
            is_named=place % -(-len(amounts) // MOST_NAMES) == 0,
        )
        for place, amount in enumerate(amounts)
    ]
    return Plot(
        title,
        columns,
        unit,
        base,
        base + EDGE - 3,
        hang,
        hang + down * PITCH + EDGE,
        change.apart_before,
        change.apart_after,
    )


def _count_lines(people: int, unit: int, across: int) -> int:
    dots = -(-people // unit)
    return -(-dots // across)


def _dots(people: int, unit: int, across: int, middle: float, first: float, pitch: float) -> list[tuple[float, float]]:
    """Place the dots of a column line by line from the base; a line that is not full stands in the middle."""
    count = -(-people // unit)
    lines = [min(across, count - start) for start in range(0, count, across)]
    return [
        (round(middle + (place - (length - 1) / 2) * PITCH, 1), round(first + number * pitch, 1))
        for number, length in enumerate(lines)
        for place in range(length)
    ]
