"""Making accounts, closing them, opening them again."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from muster.access.actions.roles import give_role, require_may_give, require_steward
from muster.access.models import User
from muster.access.queries import Actor
from muster.kernel import audit
from muster.kernel.errors import MusterError, NotAllowedError, RuleError
from muster.kernel.kinds import Verb
from muster.organizations.models import Organization
from muster.people.models import Person
from muster.territory.models import Area


def create_user(
    *,
    actor: Actor,
    now: datetime,
    username: str,
    password: str | None,
    display_name: str,
    role: str,
    area: Area | None = None,
    organization: Organization | None = None,
    person: Person | None = None,
    language: str = "",
) -> User:
    """Make an account with one role over one scope.

    Parameters
    ----------
    actor
        Whoever runs the system, or somebody who may give this role over this scope.
    now
        The moment of the act.
    username, password
        What the person signs in with. Without a password the account waits for one to be set by a link
        (:func:`~muster.access.actions.passwords.give_password_link`).
    display_name
        Name in the audit trail and on the screen.
    role
        One of :class:`~muster.access.kinds.Role`.
    area, organization
        The scope: an organization for the organization liaison, an area for everybody else.
    person
        Whose account it is, where they stand in the people's list.
    language
        Preferred language, such as ``zh-hans``; empty for the system's.

    Returns
    -------
    User
        The account, with its grant.

    Raises
    ------
    NotAllowedError
        If the actor may not give this role over this scope.
    MusterError
        If the name is taken or has forbidden characters, the password is weak, or role and scope do not fit.
    """
    require_may_give(actor, role, area, organization)
    user = User(username=username, display_name=display_name, person=person, language=language)
    check_account(user, password)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
            audit.record(actor=actor, now=now, verb=Verb.USER_CREATED, subject_kind="user", subject_id=username)
            give_role(actor=actor, now=now, user=user, role=role, area=area, organization=organization)
    except IntegrityError as error:
        # Two may ask for one name, or one person, at once: the database decides who was first.
        raise name_taken(username) from error
    return user


def close_user(*, actor: Actor, now: datetime, user: User) -> bool:
    """Close an account: nobody signs in with it, and its tokens are worth nothing. Tell whether it was open.

    Raises
    ------
    NotAllowedError
        If the actor may not give every role that it holds.
    RuleError
        If it is the actor's own.
    """
    if isinstance(actor, User) and actor.pk == user.pk:
        raise RuleError("Nobody closes their own account.", remedy="Ask a colleague.")
    return _turn(actor, now, user, is_active=False, verb=Verb.USER_CLOSED)


def open_user(*, actor: Actor, now: datetime, user: User) -> bool:
    """Open a closed account again, with the roles that it still holds; tell whether it was closed.

    Raises
    ------
    NotAllowedError
        If the actor may not give every role that it holds.
    """
    return _turn(actor, now, user, is_active=True, verb=Verb.USER_OPENED)


def _turn(actor: Actor, now: datetime, user: User, *, is_active: bool, verb: Verb) -> bool:
    with transaction.atomic():
        require_steward(actor, user)
        is_turned = bool(User.objects.filter(pk=user.pk, is_active=not is_active).update(is_active=is_active))
        if is_turned:
            audit.record(actor=actor, now=now, verb=verb, subject_kind="user", subject_id=user.username)
    return is_turned


def authenticate(*, username: str, password: str) -> User:
    """Get the account of whoever knows its password, where there is no browser to sign in with.

    Raises
    ------
    NotAllowedError
        If there is no such open account, or the password is another: the two look and take the same.
    """
    user = ModelBackend().authenticate(None, username=username, password=password)
    if not isinstance(user, User):
        raise NotAllowedError("There is no such account, or the password is wrong.", remedy="Try again.")
    return user


def check_account(user: User, password: str | None) -> None:
    """Check the name of a new account, and its password where it has one.

    Raises
    ------
    MusterError
        If the name is taken or has forbidden characters, or the password is weak.
    """
    if User.objects.filter(username=user.username).exists():
        raise name_taken(user.username)
    try:
        user.clean_fields(exclude={"password", "person"})
        if password is not None:
            validate_password(password, user)
    except ValidationError as error:
        raise MusterError(
            " ".join(error.messages), where=f"account {user.username}", remedy="Nothing was created; try again."
        ) from error


def name_taken(username: str) -> MusterError:
    """Return the refusal of a name that is taken."""
    return MusterError(f"There is an account {username} already, or its person has one.", remedy="Choose another name.")
