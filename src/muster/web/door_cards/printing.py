"""Printing the cards of an area: which doors, their addresses, the pages, and the note that they were printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from muster.access.queries import Actor
from muster.kernel.errors import MusterError
from muster.kernel.links import link_to
from muster.needs.actions import give_door_addresses
from muster.needs.actions.door_cards import note_cards_printed
from muster.needs.queries.door_cards import filter_changed, list_card_areas, list_card_levels, read_cards
from muster.web.door_cards.drawing import CardJob, draw_cards
from muster.web.door_cards.sentences import CardLanguage

_ANY = "0"


@dataclass(frozen=True, slots=True)
class CardOrder:
    """What is asked to be printed.

    Parameters
    ----------
    emergency, area
        Whose wardens, and within which area.
    level
        Slug of the level whose doors have cards; the lowest that needs wardens where it is empty.
    size, language
        How large, and in which language.
    base_url
        The address of the desk as residents reach it; that of the settings where it is empty.
    only_changed
        Whether only cards are printed that say something else than the last one of their door.
    """

    emergency: Any
    area: Any
    level: str
    size: str
    language: CardLanguage
    base_url: str = ""
    only_changed: bool = False


@dataclass(frozen=True, slots=True)
class Printed:
    """A file of cards."""

    pdf: bytes
    count: int


def print_cards(
    order: CardOrder,
    *,
    actor: Actor,
    now: datetime,
    most: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Printed:
    """Print cards, and note each.

    Parameters
    ----------
    order, actor, now
        What is printed, by whom, as of when.
    most
        How many may be printed at once; as many as there are by default.
    progress
        Told how many cards are set, of how many.

    Raises
    ------
    MusterError
        If no card is to be printed, or more than may be.
    """
    areas = list(list_card_areas(order.emergency, order.area, _find_level(order)))
    cards = read_cards(order.emergency, areas)
    if order.only_changed:
        cards = filter_changed(order.emergency, cards)
    if most is not None and len(cards) > most:
        raise MusterError(
            f"These are {len(cards)} cards, more than {most} at once.",
            remedy="Print the parts one by one, or all of them by muster cards.",
        )
    job = CardJob(order.emergency, now, order.size, order.language, _find_base(order.base_url))
    codes = give_door_addresses(card.area for card in cards)
    pdf = draw_cards(job, cards, codes, progress=progress)
    note_cards_printed(actor=actor, now=now, emergency=order.emergency, area_code=order.area.code, cards=cards)
    return Printed(pdf, len(cards))


def _find_level(order: CardOrder) -> Any:
    levels = list_card_levels(order.emergency)
    found = next((level for level in levels if order.level in {"", level.slug}), None)
    if found is None:
        known = ", ".join(level.slug for level in levels)
        raise MusterError(f"Doors of the level {order.level} have no cards.", remedy=f"Choose one of: {known}.")
    return found


def _find_base(base_url: str) -> str:
    """Return what stands before a door's code in its address."""
    if base_url:
        return base_url.rstrip("/") + reverse("door", args=[_ANY]).removesuffix(_ANY)
    return link_to("door", _ANY).removesuffix(_ANY)
