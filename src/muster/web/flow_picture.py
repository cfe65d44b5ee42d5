"""Offers against needs as a picture: bars for who sends and who receives, ribbons between them. Pure geometry.

Bars and ribbons are as thick as people are many; what could still be sent, or is still wanted, is a stub at the
end of a bar, cut where it would outgrow what is sent. The picture is drawn twice, for a wide screen with the names
beside the bars and for a phone with the names upon the ribbons.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from muster.coverage.queries import Flow, FlowNode, Ribbon

BAR = 10.0
TOP = 10.0
GAP = 12.0
NODE_LEAST = 26.0
STUB_MOST = 14.0
STUB_LEAST = 5.0
RIBBON_LEAST = 1.6
HEIGHT_WANTED = 380.0
THICKEST = 6.0


@dataclass(frozen=True)
class Said:
    """A name, figures beside it, an address, and whether it is the one that was chosen."""

    name: str
    figures: str
    address: str
    is_chosen: bool


@dataclass(frozen=True)
class Layout:
    """How wide a picture is, and how much of it stays free for names at each side."""

    name: str
    width: float
    label: float

    @property
    def left(self) -> float:
        """Return where the bars of those who send begin."""
        return self.label

    @property
    def right(self) -> float:
        """Return where the bars of those who receive begin."""
        return self.width - self.label - BAR

    @property
    def has_margins(self) -> bool:
        """Tell whether names stand beside the bars, not upon the ribbons."""
        return self.label > BAR


WIDE, NARROW = Layout("wide", 760, 196), Layout("narrow", 366, 1)


class FlowWords(Protocol):
    """What is said of nodes and ribbons, where they lead, and which are chosen."""

    def source(self, node: FlowNode) -> Said:
        """Say who sends."""

    def target(self, node: FlowNode) -> Said:
        """Say who receives."""

    def ribbon(self, ribbon: Ribbon) -> Said:
        """Say what a ribbon is; its figures are its tip."""


@dataclass(frozen=True)
class BarMark:
    """A node: its bar, the stub of what is left or lacking, and its name beside it."""

    said: Said
    x: float
    y: float
    height: float
    stub_y: float
    stub_height: float
    text_x: float
    text_y: float
    anchor: str
    is_waiting: bool


@dataclass(frozen=True)
class RibbonMark:
    """A ribbon: its path, and where it leads."""

    said: Said
    path: str
    state: str


@dataclass(frozen=True)
class FlowPicture:
    """A picture ready for the template."""

    name: str
    width: float
    height: float
    bar: float
    ribbons: Sequence[RibbonMark]
    sources: Sequence[BarMark]
    targets: Sequence[BarMark]


@dataclass
class _Bar:
    node: FlowNode
    filled: float
    stub: float
    y: float = 0.0
    used: float = 0.0

    @property
    def height(self) -> float:
        return max(self.filled + self.stub, NODE_LEAST)

    def take(self, thickness: float) -> float:
        """Return where the next ribbon meets the bar."""
        at = self.y + self.used
        self.used += thickness
        return at


def draw_flow(flow: Flow, words: FlowWords, layout: Layout) -> FlowPicture:
    """Draw a flow in a layout."""
    scale = min(THICKEST, HEIGHT_WANTED / max(flow.people, 1))
    thickness = {id(ribbon): max(RIBBON_LEAST, ribbon.people * scale) for ribbon in flow.ribbons}
    sources = _make_bars(_order_sources(flow), flow.ribbons, thickness, scale, lambda ribbon: ribbon.source)
    targets = _make_bars(flow.targets, flow.ribbons, thickness, scale, lambda ribbon: ribbon.target)
    height = max(_least_height(sources), _least_height(targets))
    for bars in (sources, targets):
        _stack(bars, height)
    return FlowPicture(
        name=layout.name,
        width=layout.width,
        height=round(height + 2 * TOP),
        bar=BAR,
        ribbons=_draw_ribbons(flow, sources, targets, thickness, words, layout),
        sources=[_mark_source(bar, words.source(bar.node), layout) for bar in sources],
        targets=[_mark_target(bar, words.target(bar.node), layout) for bar in targets],
    )


def _order_sources(flow: Flow) -> list[FlowNode]:
    """Order those who send by where their people go, so that few ribbons cross; who sends nobody comes last."""
    place = {node.key: at for at, node in enumerate(flow.targets)}
    weighted: dict[str, float] = defaultdict(float)
    for ribbon in flow.ribbons:
        weighted[ribbon.source] += place[ribbon.target] * ribbon.people
    return sorted(flow.sources, key=lambda node: weighted[node.key] / node.people if node.people else float("inf"))


def _make_bars(
    nodes: Iterable[FlowNode],
    ribbons: Iterable[Ribbon],
    thickness: Mapping[int, float],
    scale: float,
    end: Callable[[Ribbon], str],
) -> list[_Bar]:
    filled: dict[str, float] = defaultdict(float)
    for ribbon in ribbons:
        filled[end(ribbon)] += thickness[id(ribbon)]
    return [_Bar(node, filled[node.key], _stub(node, scale)) for node in nodes]


def _stub(node: FlowNode, scale: float) -> float:
    return min(max(node.rest * scale, STUB_LEAST), STUB_MOST) if node.rest else 0.0


def _least_height(bars: Sequence[_Bar]) -> float:
    return sum(bar.height for bar in bars) + GAP * max(len(bars) - 1, 0)


def _stack(bars: Sequence[_Bar], height: float) -> None:
    """Set bars beneath one another over the whole height, with the same air between all."""
    air = (height - sum(bar.height for bar in bars)) / max(len(bars) - 1, 1)
    y = TOP if len(bars) > 1 else TOP + air / 2
    for bar in bars:
        bar.y = y
        y += bar.height + air


def _draw_ribbons(
    flow: Flow,
    sources: Sequence[_Bar],
    targets: Sequence[_Bar],
    thickness: Mapping[int, float],
    words: FlowWords,
    layout: Layout,
) -> list[RibbonMark]:
    left = {bar.node.key: bar for bar in sources}
    right = {bar.node.key: bar for bar in targets}
    place = {key: at for at, key in enumerate(left)}
    starts: dict[int, float] = {}
    order = {bar.node.key: at for at, bar in enumerate(targets)}
    for ribbon in sorted(flow.ribbons, key=lambda one: (order[one.target], one.state)):
        starts[id(ribbon)] = left[ribbon.source].take(thickness[id(ribbon)])
    marks = []
    for ribbon in sorted(flow.ribbons, key=lambda one: (place[one.source], one.state)):
        thick = thickness[id(ribbon)]
        path = _draw_ribbon(layout, starts[id(ribbon)], right[ribbon.target].take(thick), thick)
        marks.append(RibbonMark(words.ribbon(ribbon), path, ribbon.state))
    return marks


def _draw_ribbon(layout: Layout, start: float, end: float, thick: float) -> str:
    x0, x1 = layout.left + BAR, layout.right
    middle = (x0 + x1) / 2
    upper = f"M{x0:g} {start:.1f}C{middle:g} {start:.1f} {middle:g} {end:.1f} {x1:g} {end:.1f}"
    lower = (
        f"V{end + thick:.1f}C{middle:g} {end + thick:.1f} {middle:g} {start + thick:.1f} {x0:g} {start + thick:.1f}Z"
    )
    return upper + lower


def _mark_source(bar: _Bar, said: Said, layout: Layout) -> BarMark:
    beside, upon = layout.left - 8, layout.left + BAR + 5
    return _mark(bar, said, layout.left, (beside, "end") if layout.has_margins else (upon, "start"))


def _mark_target(bar: _Bar, said: Said, layout: Layout) -> BarMark:
    beside, upon = layout.right + BAR + 8, layout.right - 5
    return _mark(bar, said, layout.right, (beside, "start") if layout.has_margins else (upon, "end"))


def _mark(bar: _Bar, said: Said, x: float, text: tuple[float, str]) -> BarMark:
    return BarMark(
        said=said,
        x=round(x, 1),
        y=round(bar.y, 1),
        height=round(bar.filled, 1),
        stub_y=round(bar.y + bar.filled, 1),
        stub_height=round(bar.stub, 1),
        text_x=round(text[0], 1),
        text_y=round(bar.y + bar.height / 2, 1),
        anchor=text[1],
        is_waiting=bar.node.waiting > 0,
    )
