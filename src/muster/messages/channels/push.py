"""Web push, through apprise: it encrypts for the browser and signs for the browser's push service."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apprise.plugins.vapid import NotifyVapid
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from muster.messages.channels.port import Envelope, RefusedError, UnansweredError

KEPT_S = 4 * 3600
"""How long a push service keeps a message for a phone that sleeps."""


class _PatientPush(NotifyVapid):  # type: ignore[no-untyped-call]  # the library has no types
    """The library's own lets a push service keep a message for a minute at most: a phone that sleeps would miss it."""

    template_args = {  # noqa: RUF012  # the library's own form
        **NotifyVapid.template_args,
        "ttl": {**NotifyVapid.template_args["ttl"], "max": KEPT_S},
    }


@dataclass(frozen=True, slots=True)
class Push:
    """Web push in the name of an address of mail that push services may turn to.

    Parameters
    ----------
    contact
        That address.
    key_path
        The key that signs; made when it is first needed, and kept: browsers subscribe to its public half.
    """

    contact: str
    key_path: Path

    def carry(self, envelope: Envelope) -> None:
        """Carry an envelope to the subscription that is its address, as a browser gave it in JSON.

        Raises
        ------
        RefusedError
            If that is no subscription, or one that has ended.
        UnansweredError
            If the push service does not answer, or not now.
        """
        make_key(self.key_path)
        push: Any = _PatientPush(  # type: ignore[no-untyped-call]  # as above
            self.contact, targets="phone", keyfile=str(self.key_path), ttl=KEPT_S
        )
        if not push.subscriptions.add(_read_subscription(envelope.to), "phone"):
            raise RefusedError("no subscription")
        body = {"key": str(envelope.key), "subject": envelope.subject, "text": envelope.text}
        is_sent = push.send(json.dumps(body, ensure_ascii=False))
        if not push.subscriptions:
            raise RefusedError("a subscription that has ended")
        if not is_sent:
            raise UnansweredError("no answer")


def _read_subscription(address: str) -> dict[str, Any]:
    try:
        told = json.loads(address)
    except ValueError:
        told = None
    return told if isinstance(told, dict) else {}


def make_key(path: Path) -> None:
    """Make the key that signs pushes, closed to others, unless it is there."""
    if path.exists():
        return
    key = ec.generate_private_key(ec.SECP256R1())
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    try:
        path.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        return
    path.write_bytes(text)
