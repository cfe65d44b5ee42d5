"""Links that leave the desk: in messages, on paper; some of them good for one thing without an account."""

from __future__ import annotations

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse


def link_to(name: str, *parts: object) -> str:
    """Return the whole address of a named page, as somebody outside of the house opens it."""
    address: str = settings.PUBLIC_ADDRESS
    return address.rstrip("/") + reverse(name, args=parts)


def sign_number(purpose: str, number: int) -> str:
    """Return a token for the row of a number, which nobody can make who does not know the installation's secret."""
    return _signer(purpose).sign(str(number))


def read_signed_number(purpose: str, token: str) -> int | None:
    """Return the number that a token was made for; None where it was made for another purpose, or by nobody here."""
    try:
        return int(_signer(purpose).unsign(token))
    except (BadSignature, ValueError):
        return None


def _signer(purpose: str) -> Signer:
    return Signer(salt=f"muster.links.{purpose}", sep=".")
