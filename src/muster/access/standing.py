"""Whether what opened a lasting connection still stands: the session, the account, and each of its grants."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.sessions.models import Session

from muster.access.models import Grant, User
from muster.access.queries import Actor
from muster.kernel.clock import real_now


@dataclass(frozen=True, slots=True)
class Standing:
    """By what right somebody was let in, as far as it can be taken away.

    Parameters
    ----------
    session_key, user_id
        The session, and whose it is.
    password
        The account's password as it is kept, scrambled: whoever sets another ends what the old one opened.
    grants
        Numbers of the grants that were open.
    """

    session_key: str
    user_id: int
    password: str
    grants: frozenset[int]


def find_standing(actor: Actor, session_key: str | None) -> Standing | None:
    """Find by what right an account is let in now; whoever came without one, or without a session, has none to keep."""
    if not isinstance(actor, User) or not session_key:
        return None
    grants = Grant.objects.filter(user=actor, until_at=None).values_list("pk", flat=True)
    return Standing(session_key, actor.pk, actor.password, frozenset(grants))


def list_fallen(standings: Collection[Standing]) -> set[Standing]:
    """List those that do not stand any more, in three queries for all of them.

    Whoever was given another grant meanwhile is among them: what it opens is for a new connection to find out.
    """
    keys = {each.session_key for each in standings}
    users = {each.user_id for each in standings}
    sessions = Session.objects.filter(session_key__in=keys, expire_date__gt=real_now())
    open_keys = set(sessions.values_list("session_key", flat=True))
    passwords = dict(User.objects.filter(pk__in=users, is_active=True).values_list("pk", "password"))
    grants: dict[int, set[int]] = defaultdict(set)
    for user_id, number in Grant.objects.filter(user__in=users, until_at=None).values_list("user_id", "pk"):
        grants[user_id].add(number)
    return {
        each
        for each in standings
        if each.session_key not in open_keys
        or passwords.get(each.user_id) != each.password
        or grants[each.user_id] != each.grants
    }
