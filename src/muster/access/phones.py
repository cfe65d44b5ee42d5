"""Accounts and tokens for many at once: a city that mobilizes does not give them out one by one."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from muster.access.kinds import Role
from muster.access.models import Grant, Token, User
from muster.access.queries import SystemActor
from muster.access.tokens import TOKEN_MARK, digest_token
from muster.kernel.audit import record
from muster.kernel.batches import batches
from muster.kernel.kinds import Verb

_CHANCE_BYTES = 32


@dataclass(frozen=True, slots=True)
class Holder:
    """Who is to have an account and a token.

    Parameters
    ----------
    username, display_name
        Of the account, where the person has none yet. It has no password: nobody signs in with it.
    person_id
        Number of the person whose it is; None for an office.
    role, area_ids
        Which role it has, and over which areas; none where it reports for its person alone.
    """

    username: str
    display_name: str
    person_id: int | None = None
    role: Role | None = None
    area_ids: tuple[int, ...] = ()


def open_phones(*, actor: SystemActor, now: datetime, holders: Sequence[Holder], label: str) -> list[str]:
    """Give each holder an account, a role and a token, as far as they lack one, and return the tokens.

    Parameters
    ----------
    actor, now
        Whoever runs the system, and when.
    holders
        Any number; a person, and a name, once each.
    label
        Of the tokens. Those that were given under it before are revoked.

    Returns
    -------
    list[str]
        One a holder, in their order: the only time that they are shown.
    """
    with transaction.atomic():
        users = _open_accounts(holders)
        _give_roles(now, holders, users)
        tokens = _give_tokens(now, users, label)
        detail = {"count": len(holders), "label": label}
        record(actor=actor, now=now, verb=Verb.TOKEN_GIVEN, subject_kind="phones", subject_id=label, detail=detail)
    return tokens


def _open_accounts(holders: Collection[Holder]) -> list[User]:
    """Return the account of each holder, made where there is none."""
    by_person, by_name = _find_accounts(holders)
    closed = make_password(None)
    fresh = [
        User(username=holder.username, display_name=holder.display_name, person_id=holder.person_id, password=closed)
        for holder in holders
        if holder.person_id not in by_person and holder.username not in by_name
    ]
    by_name |= {user.username: user for user in User.objects.bulk_create(fresh, batch_size=500)}
    return [by_person.get(holder.person_id) or by_name[holder.username] for holder in holders]


def _find_accounts(holders: Collection[Holder]) -> tuple[dict[int | None, User], dict[str, User]]:
    by_person: dict[int | None, User] = {}
    by_name: dict[str, User] = {}
    for some in batches(holders):
        people = [holder.person_id for holder in some if holder.person_id is not None]
        by_person |= {user.person_id: user for user in User.objects.filter(person__in=people)}
        by_name |= {user.username: user for user in User.objects.filter(username__in=[one.username for one in some])}
    return by_person, by_name


def _give_roles(now: datetime, holders: Sequence[Holder], users: Sequence[User]) -> None:
    grants = [
        Grant(user=user, role=holder.role, area_id=area_id, since_at=now)
        for holder, user in zip(holders, users, strict=True)
        if holder.role is not None
        for area_id in holder.area_ids
    ]
    # Those that stand already stay as they are.
    Grant.objects.bulk_create(grants, batch_size=500, ignore_conflicts=True)


def _give_tokens(now: datetime, users: Sequence[User], label: str) -> list[str]:
    for some in batches(users):
        Token.objects.filter(user__in=some, label=label, revoked_at=None).update(revoked_at=now)
    tokens = [TOKEN_MARK + secrets.token_urlsafe(_CHANCE_BYTES) for _ in users]
    rows = [
        Token(digest=digest_token(token), user=user, label=label, given_at=now)
        for token, user in zip(tokens, users, strict=True)
    ]
    Token.objects.bulk_create(rows, batch_size=500)
    return tokens
