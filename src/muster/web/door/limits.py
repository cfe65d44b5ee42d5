"""How often a door and a source may ask or guess: generous, since forty households share an entrance and a network."""

from __future__ import annotations

import time
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

HOUR_S = 3600


@dataclass(frozen=True, slots=True)
class Limit:
    """How often something may be done within an hour.

    Parameters
    ----------
    name
        What is counted.
    most
        How often; counted about right where many act at the same moment.
    """

    name: str
    most: int

    def has_room(self, *who: str) -> bool:
        """Tell whether it may be done once more."""
        return self._read(who) < self.most

    def count(self, *who: str) -> bool:
        """Count one, and tell whether it is within the limit."""
        done = self._read(who)
        if done < self.most:
            cache.set(self._key(who), done + 1, HOUR_S)
        return done < self.most

    def _read(self, who: tuple[str, ...]) -> int:
        done: int = cache.get(self._key(who), 0)
        return done

    def _key(self, who: tuple[str, ...]) -> str:
        # Real time, also in an exercise: it is the machine that is spared.
        return ":".join(("door", self.name, *who, str(int(time.time() // HOUR_S))))


ASKED_AT_DOOR = Limit("asked-at", 240)
ASKED_FROM_SOURCE = Limit("asked-from", 600)
WRONG_DOORS = Limit("wrong-doors", 300)
WRONG_CODES = Limit("wrong-codes", 20)
WRONG_CODES_AT_DOOR = Limit("wrong-codes-at", 200)


def name_source(request: HttpRequest) -> str:
    """Return a name for the network address of a request that does not tell it."""
    address = get_adapter().get_client_ip(request)
    return salted_hmac("muster.web.door.limits", address, algorithm="sha256").hexdigest()[:16]


def may_ask(request: HttpRequest, door: str) -> bool:
    """Count one who asks, and tell whether door and source are within their limits."""
    return ASKED_FROM_SOURCE.count(name_source(request)) and ASKED_AT_DOOR.count(door)


def may_look_for_door(request: HttpRequest) -> bool:
    """Tell whether a source may try one more address."""
    return WRONG_DOORS.has_room(name_source(request))


def count_wrong_door(request: HttpRequest) -> None:
    """Count an address that no door has."""
    WRONG_DOORS.count(name_source(request))


def may_try_code(request: HttpRequest, door: str) -> bool:
    """Tell whether a source may try one more code at a door."""
    return WRONG_CODES.has_room(door, name_source(request)) and WRONG_CODES_AT_DOOR.has_room(door)


def count_wrong_code(request: HttpRequest, door: str) -> None:
    """Count a code that no request of a door has."""
    WRONG_CODES.count(door, name_source(request))
    WRONG_CODES_AT_DOOR.count(door)
