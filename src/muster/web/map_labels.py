"""Finds room for names on a map: beside their point, or in a column at the side with a line to it. Pure geometry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in points of the picture."""

LINE = 1.3
ROW = 17.0
EDGE = 6.0
STEP_OUT = 24.0
LED_LIMIT = 32
_WIDE_FROM = "\u2e80"


@dataclass(frozen=True)
class Named:
    """A point with a name to be written near it."""

    x: float
    y: float
    radius: float
    name: str
    size: float
    priority: int = 0

    @property
    def box(self) -> Box:
        """Return what the point itself covers."""
        return self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius


@dataclass(frozen=True)
class Spot:
    """Where a name is written, and the line that leads to its point when it stands apart."""

    x: float
    y: float
    anchor: str
    leader: str = ""


def measure(text: str, size: float) -> float:
    """Return about how wide a text is: a Chinese character is as wide as high, a Latin letter about half."""
    return sum(size if letter >= _WIDE_FROM else size * 0.58 for letter in text)


def place_names(points: Sequence[Named], taken: Iterable[Box], width: float, height: float) -> list[Spot | None]:
    """Place names so that none lies on another, on a point or on what is taken already.

    Parameters
    ----------
    points
        Where, what and how large; greater ``priority`` is placed first.
    taken
        What else must stay visible.
    width, height
        Size of the picture in points.

    Returns
    -------
    list of Spot or None
        One for each point, in their order; None where even the sides are full.
    """
    boxes = [*taken, *(point.box for point in points)]
    spots: list[Spot | None] = [None] * len(points)
    order = sorted(range(len(points)), key=lambda at: (-points[at].priority, points[at].y))
    left_over = []
    for at in order:
        found = _find_beside(points[at], boxes, width, height)
        if found is None:
            left_over.append(at)
            continue
        spots[at], box = found
        boxes.append(box)
    for at, spot in _lead(points, left_over[:LED_LIMIT], boxes, width, height):
        spots[at] = spot
    return spots


def place_title(x: float, y: float, half_width: float, taken: Sequence[Box]) -> tuple[float, float]:
    """Return where two centered lines of a title stand nearest to a position without covering what is taken."""
    steps = [
        (0, 0),
        (0, -30),
        (0, 30),
        (-44, 0),
        (44, 0),
        (-44, -34),
        (44, -34),
        (-44, 34),
        (44, 34),
        (0, -60),
        (0, 60),
    ]
    for across, down in steps:
        left, top = x + across - half_width, y + down - 13
        if not _is_taken((left, top, left + 2 * half_width, top + 34), taken):
            return x + across, y + down
    return x, y


def _find_beside(point: Named, boxes: Sequence[Box], width: float, height: float) -> tuple[Spot, Box] | None:
    long, gap = measure(point.name, point.size), point.radius + 3
    middle = point.size * 0.36
    tries = (
        (Spot(point.x, point.y + gap + point.size, "middle"), point.x - long / 2),
        (Spot(point.x + gap, point.y + middle, "start"), point.x + gap),
        (Spot(point.x - gap, point.y + middle, "end"), point.x - gap - long),
        (Spot(point.x, point.y - gap - 2, "middle"), point.x - long / 2),
    )
    for spot, left in tries:
        box = (left, spot.y - point.size, left + long, spot.y + 3)
        if _is_within(box, width, height) and not _is_taken(box, boxes):
            return spot, box
    return None


def _is_within(box: Box, width: float, height: float) -> bool:
    return box[0] >= EDGE and box[1] >= EDGE and box[2] <= width - EDGE and box[3] <= height - EDGE


def _is_taken(box: Box, boxes: Iterable[Box]) -> bool:
    return any(box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3] for other in boxes)


def _lead(
    points: Sequence[Named], crowd: Sequence[int], boxes: list[Box], width: float, height: float
) -> list[tuple[int, Spot]]:
    """Write the names of a crowd in a column on either side of it, in the order from north to south."""
    if not crowd:
        return []
    across = sorted(points[at].x for at in crowd)
    middle = across[len(across) // 2]
    placed: list[tuple[int, Spot]] = []
    for is_left in (True, False):
        side = [at for at in crowd if (points[at].x < middle) == is_left]
        placed += _write_column(points, sorted(side, key=lambda at: points[at].y), boxes, (width, height), is_left)
    return placed


def _write_column(
    points: Sequence[Named], side: Sequence[int], boxes: list[Box], size: tuple[float, float], is_left: bool
) -> list[tuple[int, Spot]]:
    if not side:
        return []
    widest = max(measure(points[at].name, points[at].size) for at in side)
    high = ROW * len(side)
    center = sum(points[at].y for at in side) / len(side)
    top = min(max(EDGE, center - high / 2), max(EDGE, size[1] - EDGE - high))
    edge = min(points[at].x for at in side) if is_left else max(points[at].x for at in side)
    inner = _find_column(edge, widest, (top, top + high), boxes, size[0], is_left)
    placed = []
    for row, at in enumerate(side):
        y = top + ROW * row + ROW * 0.7
        end = inner + 3 if is_left else inner - 3
        leader = f"M{points[at].x:.1f} {points[at].y:.1f}L{end:.1f} {y - 4:.1f}"
        placed.append((at, Spot(inner, y, "end" if is_left else "start", leader)))
    boxes.append(_column_box(inner, widest, (top, top + high), is_left))
    return placed


def _column_box(inner: float, widest: float, rows: tuple[float, float], is_left: bool) -> Box:
    return (inner - widest if is_left else inner, rows[0], inner if is_left else inner + widest, rows[1])


def _find_column(
    edge: float, widest: float, rows: tuple[float, float], boxes: Sequence[Box], width: float, is_left: bool
) -> float:
    """Return the inner edge of the column: as near to the crowd as nothing else stands in it, or at the rim."""
    outermost = EDGE + widest if is_left else width - EDGE - widest
    inner = edge - STEP_OUT if is_left else edge + STEP_OUT
    while (inner > outermost) if is_left else (inner < outermost):
        if not _is_taken(_column_box(inner, widest, rows, is_left), boxes):
            return inner
        inner += -STEP_OUT if is_left else STEP_OUT
    return outermost
