"""Needs and their steps, visits, watch duties: what was asked or looked after, every step of it a row."""

from muster.needs.models.doors import Asker, DoorAddress, NeedPicture, OfficePhone
from muster.needs.models.needs import CARRIER_IDS, Carried, Need, NeedPair, NeedStep, Visit
from muster.needs.models.watching import DoorCard, MarkedDoor, WatchCheck, WatchDuty, WatchMiss, WatchRound

__all__ = [
    "CARRIER_IDS",
    "Asker",
    "Carried",
    "DoorAddress",
    "DoorCard",
    "MarkedDoor",
    "Need",
    "NeedPair",
    "NeedPicture",
    "NeedStep",
    "OfficePhone",
    "Visit",
    "WatchCheck",
    "WatchDuty",
    "WatchMiss",
    "WatchRound",
]
