"""Which channels this installation has, from its settings."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from muster.messages.channels.gateways import ROBOTS, read_gateway
from muster.messages.channels.mail import read_mail_server
from muster.messages.channels.port import Carry
from muster.messages.channels.push import Push
from muster.messages.kinds import Channel


def has_channel_to_people() -> bool:
    """Tell whether anything is set up that carries a message to a person; robots speak to offices alone."""
    return bool(settings.MAIL_SERVER or settings.PUSH_CONTACT or settings.GATEWAYS)


def open_channels() -> dict[str, Carry]:
    """Open the channels that are set up: robots always, the others where the settings name them.

    Raises
    ------
    MusterError
        If a setting cannot be read.
    """
    channels: dict[str, Carry] = {name: robot.carry for name, robot in ROBOTS.items()}
    if settings.MAIL_SERVER:
        channels[Channel.MAIL] = read_mail_server(settings.MAIL_SERVER).carry
    if settings.PUSH_CONTACT:
        channels[Channel.PUSH] = Push(settings.PUSH_CONTACT, Path(settings.PUSH_KEY)).carry
    if settings.GATEWAYS:
        for path in sorted(Path(settings.GATEWAYS).glob("*.toml")):
            channels[path.stem] = read_gateway(path).carry
    return channels
