"""Choosing what a record says that two become: plain values, no database."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

KEPT, OTHER, BOTH = "kept", "other", "both"


@dataclass(frozen=True, slots=True)
class Facet:
    """Something a record says, by one or several columns that belong together.

    Parameters
    ----------
    name
        What it is called in forms.
    columns
        Attributes of the record.
    is_list
        Whether it is a list, of which both can be kept.
    is_empty
        Whether a value says nothing, so that the other's is taken unless somebody chooses.
    """

    name: str
    columns: tuple[str, ...]
    is_list: bool = False
    is_empty: Callable[[Any], bool] = lambda value: value is None or value in ("", [])

    @property
    def compared(self) -> str:
        """Return the column that tells whether two records say the same; of a telephone number, its digest."""
        return self.columns[-1] if self.name == "phone" else self.columns[0]

    @property
    def choices(self) -> tuple[str, ...]:
        """Return what can be chosen."""
        return (KEPT, OTHER, BOTH) if self.is_list else (KEPT, OTHER)


PERSON_FACETS = (
    Facet("name", ("name", "pinyin")),
    Facet("phone", ("phone", "phone_index")),
    Facet("home", ("home_area_id",)),
    Facet("work", ("work_area_id",)),
    Facet("abilities", ("abilities",), is_list=True),
    Facet("restrictions", ("restrictions",), is_list=True),
    Facet("may_serve", ("may_serve",)),
    Facet("max_appointments", ("max_appointments",)),
    Facet("max_week", ("max_week_min",), is_empty=lambda _value: False),
    Facet("consent", ("consented_at",)),
)
ORGANIZATION_FACETS = (
    Facet("name", ("name", "pinyin")),
    Facet("kind", ("kind",)),
    Facet("seat", ("seat_area_id",)),
    Facet("parent", ("parent_id",)),
    Facet("offer", ("people_offered",)),
)


def suggest(facet: Facet, kept: Any, other: Any) -> str:
    """Suggest whose value to take: of lists both, so that nobody is asked for what they are spared."""
    if facet.is_list:
        return BOTH
    column = facet.columns[0]
    is_empty = facet.is_empty(getattr(kept, column)) and not facet.is_empty(getattr(other, column))
    return OTHER if is_empty else KEPT


def choose_values(facets: Sequence[Facet], kept: Any, other: Any, choices: Mapping[str, str]) -> dict[str, Any]:
    """Return what the record that stays is to say, by attribute.

    Parameters
    ----------
    facets
        What can be chosen.
    kept, other
        The two records.
    choices
        For each facet ``kept``, ``other`` or, of a list, ``both``; what is not said is as suggested.
    """
    values: dict[str, Any] = {}
    for facet in facets:
        said = choices.get(facet.name, "")
        choice = said if said in facet.choices else suggest(facet, kept, other)
        for column in facet.columns:
            values[column] = _value(column, choice, kept, other)
    return values


def _value(column: str, choice: str, kept: Any, other: Any) -> Any:
    if choice == BOTH:
        return _join(getattr(kept, column), getattr(other, column))
    return getattr(kept if choice == KEPT else other, column)


def _join(first: Collection[str], second: Collection[str]) -> list[str]:
    return sorted({*first, *second})
