"""Passwords, which only their owner knows: whoever forgets one, or has none yet, sets it by a link that serves once."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.http import base36_to_int, int_to_base36

from muster.access.actions.roles import require_steward
from muster.access.models import User
from muster.access.queries import Actor
from muster.kernel import audit
from muster.kernel.errors import MusterError, NotAllowedError, RuleError
from muster.kernel.kinds import Verb

_DIVIDER = "."


def give_password_link(*, actor: Actor, now: datetime, user: User) -> str:
    """Give the key of a link by which an account's owner sets a password; the one of before is worth nothing at once.

    The key serves once, within ``PASSWORD_RESET_TIMEOUT``; a new one makes those of before worth nothing.

    Raises
    ------
    NotAllowedError
        If the actor may not give every role that the account holds.
    RuleError
        If it is the actor's own, whose password is changed by whoever knows it, or is closed.
    """
    if isinstance(actor, User) and actor.pk == user.pk:
        raise RuleError("This is your own account.", remedy="Change the password with the one that you have.")
    with transaction.atomic():
        require_steward(actor, user)
        locked = User.objects.select_for_update().get(pk=user.pk)
        if not locked.is_active:
            raise RuleError("The account is closed.", remedy="Open it first.")
        locked.set_unusable_password()
        locked.save(update_fields=["password"])
        audit.record(
            actor=actor, now=now, verb=Verb.PASSWORD_LINK_GIVEN, subject_kind="user", subject_id=locked.username
        )
    return f"{int_to_base36(locked.pk)}{_DIVIDER}{default_token_generator.make_token(locked)}"


def find_by_password_link(key: str) -> User | None:
    """Find the open account that a link still serves."""
    number, _, token = key.partition(_DIVIDER)
    try:
        user = User.objects.filter(pk=base36_to_int(number), is_active=True).first()
    except ValueError:
        return None
    return user if user is not None and default_token_generator.check_token(user, token) else None


def set_password_by_link(*, now: datetime, key: str, password: str) -> User:
    """Set the password of the account that a link serves; it serves no more afterwards.

    Raises
    ------
    NotAllowedError
        If it serves none: it was used, is too old, or another was given since.
    MusterError
        If the password is weak.
    """
    with transaction.atomic():
        found = find_by_password_link(key)
        # Two may hold the link at once: one waits for the other here, and finds that it came second.
        user = User.objects.select_for_update().get(pk=found.pk) if found is not None else None
        if user is None or find_by_password_link(key) is None:
            raise NotAllowedError("This link has served already, or is too old.", remedy="Ask for a new one.")
        _write_password(user, password, now)
    return user


def change_password(*, now: datetime, user: User, current: str, password: str) -> User:
    """Change the password of an account, for whoever knows the one that it has.

    Raises
    ------
    NotAllowedError
        If that is another.
    MusterError
        If the new one is weak.
    """
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        if not locked.check_password(current):
            raise NotAllowedError("That is not your password.", remedy="Try again, or ask for a link to set a new one.")
        _write_password(locked, password, now)
    return locked


def _write_password(user: User, password: str, now: datetime) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise MusterError(" ".join(error.messages), remedy="Choose another password.") from error
    user.set_password(password)
    user.save(update_fields=["password"])
    audit.record(actor=user, now=now, verb=Verb.PASSWORD_SET, subject_kind="user", subject_id=user.username)
