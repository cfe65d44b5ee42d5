"""Who asks: the token of a device, or the session of the desk."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer
from ninja.security.session import SessionAuth

from muster.access.models import User
from muster.access.tokens import find_bearer


class TokenAuth(HttpBearer):
    """``Authorization: Bearer mus_…``."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        """Return the account that the token stands for."""
        return find_bearer(token)


class DeskAuth(SessionAuth):
    """The session of the desk, whose forms carry a token against forgery."""

    def __call__(self, request: HttpRequest) -> Any | None:
        """Return the signed-in account; who has none is told so before anything else."""
        return super().__call__(request) if request.user.is_authenticated else None


SIGNED_IN = [TokenAuth(), DeskAuth()]
