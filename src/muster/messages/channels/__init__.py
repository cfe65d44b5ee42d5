"""Channels: one port, and what stands behind it. Each carries one envelope, or says how it failed."""

from muster.messages.channels.opening import has_channel_to_people, open_channels
from muster.messages.channels.port import Carry, CarryError, Envelope, RefusedError, UnansweredError

__all__ = [
    "Carry",
    "CarryError",
    "Envelope",
    "RefusedError",
    "UnansweredError",
    "has_channel_to_people",
    "open_channels",
]
