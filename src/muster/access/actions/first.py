"""The first account of an installation."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.crypto import constant_time_compare

from muster.access.actions.accounts import check_account
from muster.access.actions.roles import give_role
from muster.access.kinds import Role
from muster.access.models import User
from muster.access.queries import FIRST_USE, get_first_code, has_accounts
from muster.kernel import audit
from muster.kernel.errors import NotAllowedError, RuleError
from muster.kernel.kinds import Verb
from muster.territory.actions import lock_territory
from muster.territory.queries import list_roots


def create_first_user(
    *, now: datetime, code: str, username: str, password: str, display_name: str, language: str = ""
) -> User:
    """Make the first account of an installation, for whoever holds the code that it printed where it was started.

    Where areas are known already, the account is their duty officer; else it may bring the first ones.

    Parameters
    ----------
    now
        The moment of the act.
    code
        What ``muster serve`` printed (:func:`~muster.access.queries.get_first_code`).
    username, password, display_name, language
        As for :func:`create_user`.

    Raises
    ------
    NotAllowedError
        If the code is another.
    RuleError
        If there is an account already: the code serves once.
    MusterError
        If the name has forbidden characters, or the password is weak.
    """
    if not constant_time_compare(code.strip().lower(), get_first_code()):
        raise NotAllowedError("This is not the code.", remedy="Copy it from where muster serve was started.")
    user = User(username=username, display_name=display_name, language=language)
    check_account(user, password)
    user.set_password(password)
    with transaction.atomic():
        # Two may hold the code at once: one waits for the other here, and finds that it came second.
        lock_territory()
        if has_accounts():
            raise RuleError("There is an account already.", remedy="Sign in, or ask whoever runs the system for one.")
        user.save()
        audit.record(actor=FIRST_USE, now=now, verb=Verb.USER_CREATED, subject_kind="user", subject_id=username)
        for root in list_roots():
            give_role(actor=FIRST_USE, now=now, user=user, role=Role.DUTY_OFFICER, area=root)
    return user
