"""Finding the place that a list means: by code, by name, by address, or level by level."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache

from django.db.models import QuerySet

from muster.intake.rules import fold_place, list_shorter, read_building, read_number, read_unit
from muster.kernel.batches import batches
from muster.kernel.pinyin import spell
from muster.territory.models import Area
from muster.territory.queries import beneath, list_ancestors
from muster.territory.rules import ancestor_paths

_DOORS = frozenset({"building", "unit"})
_WITH_DOORS = frozenset({"community", "compound", "building"})
_MOST_NAMES = 60_000
_MOST_NEAR = 6
_NEAR_SHARE = 0.5
_LONGEST_NAME = 120
_SHORTENED = ("小区", "社区", "街道", "家属楼", "家属院", "村", "镇", "乡", "县", "区", "市")


@dataclass(frozen=True, slots=True)
class Node:
    """An area as places are found in it."""

    pk: int
    code: str
    name: str
    level: str
    path: str
    parent_id: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """What was found: an area, or several that it could be, or none.

    Parameters
    ----------
    node
        The area, as far down as the text leads.
    rest
        What of the text led nowhere, such as the number of a flat.
    candidates
        Areas that it could be, where the text does not say which.
    """

    node: Node | None = None
    rest: str = ""
    candidates: tuple[Node, ...] = ()


_Door = tuple[str, str, str]
"""The path of a place, the level of a door beneath it, and a name or a number after ``#``."""

Said = tuple[str, str]
"""A level, or the empty string where it is not said, and a text."""


@dataclass(slots=True)
class PlaceFinder:
    """Finds places within an area; what it has read once it keeps.

    Parameters
    ----------
    within
        Where all the places are.
    """

    within: Area
    _by_code: dict[str, Node] = field(default_factory=dict)
    _by_name: dict[str, list[Node]] = field(default_factory=dict)
    _doors: dict[_Door, list[Node]] = field(default_factory=dict)
    _doors_below: dict[_Door, list[Node]] = field(default_factory=dict)
    _read_paths: set[str] = field(default_factory=set)
    _found: dict[tuple[Said, ...], Place] = field(default_factory=dict)
    _above: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._above = {fold_place(area.name) for area in list_ancestors(self.within)}
        for node in _read_nodes(beneath(self.within).exclude(level__slug__in=_DOORS)[:_MOST_NAMES]):
            self._remember(node)
        for node in [node for nodes in list(self._by_name.values()) for node in nodes]:
            for ending in _SHORTENED:
                short = fold_place(node.name).removesuffix(ending)
                if len(short) > 1 and short != fold_place(node.name):
                    self._by_name.setdefault(short, []).append(node)

    @property
    def top(self) -> Node:
        """Return the area that all is found in."""
        area = self.within
        return Node(area.pk, area.code, area.name, area.level.slug, area.path, area.parent_id)

    def prefetch(self, texts: Iterable[str]) -> None:
        """Look up all texts that may be codes at once."""
        wanted = {text for text in texts if text} - self._by_code.keys()
        for some in batches(sorted(wanted)):
            self._by_code.update((node.code, node) for node in _read_nodes(Area.objects.filter(code__in=some)))

    def find(self, *said: Said) -> Place:
        """Find a place from a code, from an address, or from the names of its levels, the uppermost first."""
        if said not in self._found:
            self._found[said] = self._find([each for each in said if each[1]])
        return self._found[said]

    def find_door(self, parent: Node, level: str, text: str) -> Node | None:
        """Find a building or unit beneath a place, by its name or its number."""
        if parent.level not in _WITH_DOORS:
            return None
        self._read_doors(parent)
        for key in (fold_place(text), f"#{number_door(level, text)}"):
            found = self._doors.get((parent.path, level, key)) or self._doors_below.get((parent.path, level, key), [])
            if found:
                return found[0] if len(found) == 1 else None
        return None

    def find_named(self, parent: Node, level: str, text: str) -> Node | None:
        """Find an area of a level beneath a place by its whole name."""
        same = dict.fromkeys(self._by_name.get(fold_place(text), ()))
        found = [node for node in same if node.level == level and node.path.startswith(parent.path)]
        return found[0] if len(found) == 1 else None

    def has_code(self, code: str) -> bool:
        """Tell whether there is an area with a code, among those that were read."""
        return code in self._by_code

    def list_near(self, text: str) -> list[Node]:
        """List areas whose names resemble a text in their characters, or sound like it."""
        wanted = fold_place(text[:_LONGEST_NAME])
        sound = spell(wanted).split(" ")[0]
        alike = [name for name in self._by_name if set(name) & set(wanted)]
        names = [name for name in self._by_name if sound and spell(name).split(" ")[0] == sound]
        names += get_close_matches(wanted, alike, n=_MOST_NEAR, cutoff=_NEAR_SHARE)
        nodes = [node for name in dict.fromkeys(names) for node in self._by_name[name]]
        return list(dict.fromkeys(nodes))[:_MOST_NEAR]

    def say_path(self, node: Node) -> str:
        """Return the name of a place with those above it, as far as they lie in what is searched."""
        paths = {each.path: each.name for nodes in self._by_name.values() for each in nodes}
        above = [name for path, name in sorted(paths.items()) if node.path.startswith(path) and path != node.path]
        return " › ".join([*above, node.name])

    def _remember(self, node: Node) -> None:
        self._by_code[node.code] = node
        self._by_name.setdefault(fold_place(node.name), []).append(node)

    def _find(self, said: Sequence[Said]) -> Place:
        place = Place(self.top)
        for level, text in said:
            place = self._go_down(place, level, text)
            if place.candidates:
                return place
        is_found = place.node is not None and (place.node.pk != self.within.pk or not place.rest)
        return place if said and is_found else Place(rest="".join(text for _, text in said))

    def _go_down(self, place: Place, level: str, text: str) -> Place:
        """Go from a place as far down as a text leads."""
        node = place.node or self.top
        named = self._by_code.get(text)
        if named is not None and named.path.startswith(self.within.path) and level in {"", named.level}:
            return Place(named, place.rest)
        if level in _DOORS:
            # Beneath a building that is not known, the number of a unit must not be looked for elsewhere.
            door = None if place.rest else self.find_door(node, level, text)
            return Place(door, "") if door is not None else Place(node, place.rest + text)
        return self._go_along(node, fold_place(text), place.rest)

    def _go_along(self, node: Node, rest: str, left_over: str) -> Place:
        """Follow an address: names from the top down, then the numbers of a building and a unit."""
        while rest:
            step = self._take_name(node, rest)
            if len(step.candidates) > 1:
                return step
            if step.node is None:
                break
            node, rest = step.node, step.rest
        for read, level in ((read_building, "building"), (read_unit, "unit")):
            number, after = read(rest)
            door = self.find_door(node, level, number) if number else None
            if door is not None:
                node, rest = door, after
        return Place(node, left_over + rest)

    def _take_name(self, node: Node, text: str) -> Place:
        """Take the longest name beneath a place that a text begins with."""
        for name in list_shorter(text[:_LONGEST_NAME]):
            nodes = list(dict.fromkeys(self._by_name.get(name, ())))
            found = [each for each in nodes if each.path.startswith(node.path) and each.pk != node.pk]
            if len(found) == 1:
                return Place(found[0], text[len(name) :])
            if found:
                return Place(rest=text, candidates=tuple(found[:_MOST_NEAR]))
            if name in self._above or any(each.pk in {node.pk, self.within.pk} for each in nodes):
                # The text begins further up, or with the place itself.
                return Place(node, text[len(name) :])
        return Place(rest=text)

    def _read_doors(self, parent: Node) -> None:
        """Read the doors beneath a place at once, and remember by which names and numbers each is found."""
        if not self._read_paths.isdisjoint(ancestor_paths(parent.path)):
            return
        self._read_paths.add(parent.path)
        area = Area(pk=parent.pk, path=parent.path)
        for node in _read_nodes(beneath(area).filter(level__slug__in=_DOORS)):
            *above, direct, _itself = ancestor_paths(node.path)
            number = number_door(node.level, node.name)
            for key in {fold_place(node.name), *([f"#{number}"] if number else [])}:
                self._doors.setdefault((direct, node.level, key), []).append(node)
                for path in above:
                    self._doors_below.setdefault((path, node.level, key), []).append(node)


@lru_cache(maxsize=65_536)
def number_door(level: str, text: str) -> str:
    """Return the number by which a building or unit is called, or the empty string."""
    number, rest = read_building(text) if level == "building" else read_unit(text)
    plain = read_number(text)
    return number if number and not rest else plain if plain.isdigit() else ""


def _read_nodes(areas: QuerySet[Area]) -> Iterator[Node]:
    rows = areas.values_list("pk", "code", "name", "level__slug", "path", "parent_id")
    return (Node(*row) for row in rows)
