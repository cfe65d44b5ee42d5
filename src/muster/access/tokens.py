"""Tokens: what a device shows in place of a password."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.db import DEFAULT_DB_ALIAS, transaction

from muster.access.models import Token, User
from muster.access.queries import Actor, SystemActor
from muster.access.stewards import may_steward
from muster.kernel.audit import record
from muster.kernel.errors import NotAllowedError, NotFoundError
from muster.kernel.kinds import Verb
from muster.kernel.ready import ReadyQuery

TOKEN_MARK = "mus_"  # noqa: S105  # what every token begins with
_CHANCE_BYTES = 32
_KNOWN = {"id", "username", "display_name", "person_id", "is_active"}
_KNOWN_BY = tuple(field.attname for field in User._meta.concrete_fields if field.attname in _KNOWN)
"""What an actor is known by, in the order in which a row is told; the rest of an account is read where it is wanted."""
# Asked with every request of every phone.
_BEARER = ReadyQuery(
    lambda digest: User.objects.filter(tokens__digest=digest, tokens__revoked_at=None, is_active=True).values_list(
        *_KNOWN_BY
    ),
    "digest of a token",
)


def give_token(*, actor: Actor, now: datetime, user: User, label: str = "") -> str:
    """Give an account a token for one device, and return it: the only time that it is shown.

    Raises
    ------
    NotAllowedError
        If anybody but the system or the account itself tries.
    """
    _require_own(actor, user)
    token = TOKEN_MARK + secrets.token_urlsafe(_CHANCE_BYTES)
    with transaction.atomic():
        row = Token.objects.create(digest=digest_token(token), user=user, label=label, given_at=now)
        record(
            actor=actor,
            now=now,
            verb=Verb.TOKEN_GIVEN,
            subject_kind="user",
            subject_id=user.username,
            detail={"token": row.pk, "label": label},
        )
    return token


def revoke_tokens(*, actor: Actor, now: datetime, user: User, label: str | None = None) -> int:
    """Revoke the tokens of an account, or those with one label; tell how many stood until now.

    Raises
    ------
    NotAllowedError
        If anybody tries but the system, the account itself, and whoever looks after it.
    """
    if not may_steward(actor, user):
        _require_own(actor, user)
    standing = Token.objects.filter(user=user, revoked_at=None)
    if label is not None:
        standing = standing.filter(label=label)
    with transaction.atomic():
        count = standing.update(revoked_at=now)
        if count:
            record(
                actor=actor,
                now=now,
                verb=Verb.TOKEN_REVOKED,
                subject_kind="user",
                subject_id=user.username,
                detail={"count": count, "label": label or ""},
            )
    return count


def get_account(username: str) -> User:
    """Get an account by its name, for whoever runs the system.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    user = User.objects.filter(username=username).first()
    if user is None:
        raise NotFoundError(f"There is no account {username}.", remedy="muster user list tells which there are.")
    return user


def find_bearer(token: str) -> User | None:
    """Find the open account that a token stands for."""
    return next((User.from_db(DEFAULT_DB_ALIAS, _KNOWN_BY, row) for row in _BEARER.ask(digest_token(token))), None)


def digest_token(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _require_own(actor: Actor, user: User) -> None:
    if not isinstance(actor, SystemActor) and actor.audit_id != user.pk:
        raise NotAllowedError("A token is given by whoever runs the system, or taken for one's own account.")
