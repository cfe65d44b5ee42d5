"""The sentences of a card, in Chinese, in English, or in both, the second line smaller."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from muster.coverage.kinds import AppointmentRole
from muster.kernel.clock import CITY_ZONE
from muster.needs.queries.door_cards import CardHolder, DoorCardText
from muster.web.words import say_day, say_name, say_warden


class CardLanguage(StrEnum):
    """In which language a card speaks."""

    CHINESE = "zh"
    ENGLISH = "en"
    BOTH = "both"


_TAGS = {CardLanguage.CHINESE: ("zh-hans",), CardLanguage.ENGLISH: ("en",), CardLanguage.BOTH: ("zh-hans", "en")}


def say_in(language: CardLanguage, speak: Callable[[], str]) -> list[str]:
    """Return a sentence in the languages of a card; once where both say the same."""
    said: list[str] = []
    for tag in _TAGS[language]:
        with override(tag):
            sentence = speak()
        if sentence not in said:
            said.append(sentence)
    return said


def say_role(holder: CardHolder) -> str:
    """Return what somebody is to a door."""
    warden = say_warden(holder.level)
    return warden if holder.role == AppointmentRole.WARDEN else _("deputy %(warden)s") % {"warden": warden}


def say_who() -> str:
    """Return the heading over the names."""
    return _("Who answers for this door")


def say_note(card: DoorCardText) -> str:
    """Return what is to be known about the names: nothing, where one of them answers for this very door."""
    if not card.holders:
        return _("Nobody has been appointed yet. %(office)s answers until then.") % {"office": card.office}
    return "" if card.holders[0].level == card.area.level else _("Nobody answers for this very door yet; these do.")


def say_how() -> str:
    """Return the heading over the ways to ask."""
    return _("If you need help")


def say_scan() -> str:
    """Return how to ask with a telephone that reads codes."""
    return _("Scan the code. No account is needed.")


def say_type_in() -> str:
    """Return how to ask from an address that is typed in."""
    return _("Or open this page and type in:")


def say_by_hand(card: DoorCardText) -> str:
    """Return how to ask without a telephone that opens pages."""
    if card.phone:
        return _("Or tell anybody named here, or ring %(office)s: %(phone)s") % {
            "office": card.office,
            "phone": card.phone,
        }
    return _("Or tell anybody named here, or come to the office of %(office)s.") % {"office": card.office}


def say_emergency(emergency: Any) -> str:
    """Return what the emergency is called."""
    return say_name(emergency)


def say_as_of(now: datetime) -> str:
    """Return from when the card is."""
    day = now.astimezone(CITY_ZONE)
    return _("As of %(day)s %(year)s. A new card comes when somebody changes.") % {
        "day": say_day(day.date()),
        "year": day.year,
    }


def say_title() -> str:
    """Return what the file is called."""
    return _("Door cards")


def say_mark() -> str:
    """Return what the card calls itself."""
    return _("door card")


def say_synthetic() -> str:
    """Return the mark of what was invented."""
    return _("invented for the demonstration")
