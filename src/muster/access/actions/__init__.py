"""Making accounts, giving roles, setting passwords."""

from muster.access.actions.accounts import authenticate, close_user, create_user, open_user
from muster.access.actions.first import create_first_user
from muster.access.actions.passwords import (
    change_password,
    find_by_password_link,
    give_password_link,
    set_password_by_link,
)
from muster.access.actions.roles import end_role, give_role

__all__ = [
    "authenticate",
    "change_password",
    "close_user",
    "create_first_user",
    "create_user",
    "end_role",
    "find_by_password_link",
    "give_password_link",
    "give_role",
    "open_user",
    "set_password_by_link",
]
