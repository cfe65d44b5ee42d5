"""The port that every channel has."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID


class Envelope(NamedTuple):
    """What a channel carries.

    Parameters
    ----------
    key
        The same at every try of a message, so that a gateway that knows it delivers once.
    to
        Address on this channel.
    subject, text
        In the recipient's language.
    """

    key: UUID
    to: str
    subject: str
    text: str


class CarryError(Exception):
    """An envelope that was not carried. Its words never hold the address."""


class RefusedError(CarryError):
    """The address, or the message, will never do on this channel."""


class UnansweredError(CarryError):
    """It may be carried at another time. It may even have been: the answer did not come."""


Carry = Callable[[Envelope], None]
"""Carries an envelope; raises ``CarryError`` where that failed."""
