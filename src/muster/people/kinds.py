"""What people can do, and what they are spared: slugs with their words."""

from __future__ import annotations

from datetime import date
from typing import Required, TypedDict

from django.db import models
from django.utils.translation import gettext_lazy as _


class Ability(models.TextChoices):
    """What somebody can do. A city may use further slugs in its kinds of post and its lists."""

    MEDICAL = "medical", _("medical care")
    FIRST_AID = "first_aid", _("first aid")
    COUNSELING = "counseling", _("counseling")
    DRIVER = "driver", _("driving")
    BOAT = "boat", _("handling a boat")
    ELECTRICIAN = "electrician", _("electrical work")
    PLUMBER = "plumber", _("plumbing")
    DISINFECTION = "disinfection", _("disinfection")
    DATA_ENTRY = "data_entry", _("data entry")
    SECURITY = "security", _("security")
    COOKING = "cooking", _("cooking")
    MONGOLIAN = "mongolian", _("speaking Mongolian")
    SIGN_LANGUAGE = "sign_language", _("sign language")


class Restriction(models.TextChoices):
    """What somebody cannot do and is spared. Never a diagnosis. A city may use further slugs."""

    NIGHTS = "nights", _("no nights")
    WEEKENDS = "weekends", _("no weekends")
    OUTDOORS = "outdoors", _("no outdoor work")
    LIFTING = "lifting", _("no lifting")
    STANDING = "standing", _("no long standing")
    STAIRS = "stairs", _("no stairs")
    CONTACT = "contact", _("no contact with the sick")


ABILITY_WORDS: dict[str, str] = {
    "医护": Ability.MEDICAL,
    "医疗": Ability.MEDICAL,
    "急救": Ability.FIRST_AID,
    "心理疏导": Ability.COUNSELING,
    "驾驶": Ability.DRIVER,
    "司机": Ability.DRIVER,
    "driving": Ability.DRIVER,
    "驾船": Ability.BOAT,
    "电工": Ability.ELECTRICIAN,
    "水暖": Ability.PLUMBER,
    "水暖工": Ability.PLUMBER,
    "消杀": Ability.DISINFECTION,
    "消毒": Ability.DISINFECTION,
    "电脑录入": Ability.DATA_ENTRY,
    "录入": Ability.DATA_ENTRY,
    "安保": Ability.SECURITY,
    "炊事": Ability.COOKING,
    "做饭": Ability.COOKING,
    "蒙古语": Ability.MONGOLIAN,
    "蒙语": Ability.MONGOLIAN,
    "手语": Ability.SIGN_LANGUAGE,
}
"""Other words for abilities, as lists of offices have them."""

RESTRICTION_WORDS: dict[str, str] = {
    "夜班": Restriction.NIGHTS,
    "不上夜班": Restriction.NIGHTS,
    "不能夜班": Restriction.NIGHTS,
    "周末": Restriction.WEEKENDS,
    "周末不行": Restriction.WEEKENDS,
    "户外": Restriction.OUTDOORS,
    "不能户外": Restriction.OUTDOORS,
    "搬重物": Restriction.LIFTING,
    "不能搬重物": Restriction.LIFTING,
    "久站": Restriction.STANDING,
    "不能久站": Restriction.STANDING,
    "爬楼": Restriction.STAIRS,
    "不能爬楼": Restriction.STAIRS,
    "接触病人": Restriction.CONTACT,
    "不接触病人": Restriction.CONTACT,
}
"""Other words for restrictions, as lists of offices have them."""

AWAY = "away"
"""The reason of an absence that an import brings: that somebody is away, not why."""


class PersonFacts(TypedDict, total=False):
    """What is said about a person, by a file or a scenario. What is left out stays as it is known.

    ``home`` and ``work`` are codes of areas, ``phone`` is in the form of E.164, ``absence`` is the first day
    away and the first day back.
    """

    code: Required[str]
    name: str
    home: str
    work: str
    phone: str
    abilities: list[str]
    restrictions: list[str]
    may_serve: bool
    max_appointments: int
    max_week_min: int
    consented_on: date
    absence: tuple[date, date]
    is_synthetic: bool
