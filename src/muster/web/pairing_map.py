"""Who carries what, on the map: each part filled by whether organizations answer for it, with their name or number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from muster.coverage.queries import Flow, FlowNode, Grouping
from muster.situation.board_map import MapRows
from muster.web.flow_picture import Said
from muster.web.map_picture import Label, Picture, draw_map
from muster.web.pairing_words import PairingWords

NAME_CHARS = 12


@dataclass(frozen=True)
class CarriedMark:
    """A part of the map: who carries it, how many communities in it wait, and what choosing it shows."""

    label: Label
    fill: str
    words: str
    waiting: int
    said: Said | None

    @property
    def tip(self) -> str:
        """Return what is said of it in full."""
        return " · ".join(
            part for part in (self.label.name, self.words, self.said.figures if self.said else "") if part
        )


@dataclass(frozen=True)
class PairingMap:
    """The map of pairings, ready for the template."""

    picture: Picture
    lands: Sequence[CarriedMark]
    places: Sequence[CarriedMark]


def draw_pairing_map(rows: MapRows, flow: Flow, words: PairingWords) -> PairingMap | None:
    """Draw who carries the parts of an area; None where nothing has a position."""
    picture = draw_map(rows)
    if picture.is_empty:
        return None
    nodes = {node.key: node for node in flow.targets}
    carriers = _name_carriers(flow, words)
    return PairingMap(
        picture=picture,
        lands=[_mark(label, nodes.get(label.code), carriers, words) for label in picture.lands],
        places=[_mark(label, nodes.get(label.code), carriers, words) for label in picture.places],
    )


def _name_carriers(flow: Flow, words: PairingWords) -> dict[str, str]:
    """Return the name of the one organization that carries a part, where each is told by itself."""
    if flow.grouping != Grouping.EACH:
        return {}
    senders: dict[str, set[str]] = {}
    for ribbon in flow.ribbons:
        senders.setdefault(ribbon.target, set()).add(ribbon.source)
    return {key: words.name_sender(next(iter(each))) for key, each in senders.items() if len(each) == 1}


def _mark(label: Label, node: FlowNode | None, carriers: Mapping[str, str], words: PairingWords) -> CarriedMark:
    if node is None:
        return CarriedMark(label, "", "", 0, None)
    said = words.target(node)
    # One community that waits among forty is told in words; where a tenth does, the part is colored by it.
    fill = "left" if node.waiting * 10 >= node.waiting + node.pairings else "new"
    name = carriers.get(node.key, "") if node.pairings == 1 else ""
    short = name if len(name) <= NAME_CHARS else f"{name[: NAME_CHARS - 1]}…"
    return CarriedMark(label, fill, short or words.shortest(node), node.waiting, said)
