"""Making accounts and giving or taking roles. Only whoever runs the system may: there is no right for it."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare

from muster.access.kinds import ORGANIZATION_ROLES, Role
from muster.access.models import Grant, User
from muster.access.queries import FIRST_USE, Actor, SystemActor, get_first_code, has_accounts
from muster.kernel import audit
from muster.kernel.errors import MusterError, NotAllowedError, RuleError
from muster.kernel.kinds import Verb
from muster.organizations.models import Organization
from muster.people.models import Person
from muster.territory.actions import lock_territory
from muster.territory.models import Area
from muster.territory.queries import list_roots


def create_user(
    *,
    actor: Actor,
    now: datetime,
    username: str,
    password: str,
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
        Whoever runs the system.
    now
        The moment of the act.
    username, password
        What the person signs in with.
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
        If a signed-in user tries.
    MusterError
        If the name is taken or has forbidden characters, the password is weak, or role and scope do not fit.
    """
    _require_system(actor)
    user = User(username=username, display_name=display_name, person=person, language=language)
    _check_account(user, password)
    _check_role(role, area, organization)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
            audit.record(actor=actor, now=now, verb=Verb.USER_CREATED, subject_kind="user", subject_id=username)
            give_role(actor=actor, now=now, user=user, role=role, area=area, organization=organization)
    except IntegrityError as error:
        # Two may ask for one name, or one person, at once: the database decides who was first.
        raise _taken(username) from error
    return user


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
    _check_account(user, password)
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


def give_role(
    *,
    actor: Actor,
    now: datetime,
    user: User,
    role: str,
    area: Area | None = None,
    organization: Organization | None = None,
) -> Grant:
    """Give an account a role over a scope, or return the open grant that says so already.

    Raises
    ------
    NotAllowedError
        If a signed-in user tries.
    MusterError
        If role and scope do not fit.
    """
    _require_system(actor)
    _check_role(role, area, organization)
    with transaction.atomic():
        grant, is_new = Grant.objects.get_or_create(
            user=user, role=role, area=area, organization=organization, until_at=None, defaults={"since_at": now}
        )
        if is_new:
            detail = {"role": role, "scope": _scope_code(grant)}
            audit.record(
                actor=actor, now=now, verb=Verb.GRANTED, subject_kind="user", subject_id=user.username, detail=detail
            )
    return grant


def end_role(*, actor: Actor, now: datetime, grant: Grant) -> bool:
    """Take a role away; tell whether it stood until now.

    Raises
    ------
    NotAllowedError
        If a signed-in user tries.
    """
    _require_system(actor)
    with transaction.atomic():
        is_ended = bool(Grant.objects.filter(pk=grant.pk, until_at=None).update(until_at=now))
        if is_ended:
            detail = {"role": grant.role, "scope": _scope_code(grant)}
            audit.record(
                actor=actor,
                now=now,
                verb=Verb.GRANT_ENDED,
                subject_kind="user",
                subject_id=grant.user.username,
                detail=detail,
            )
    return is_ended


def _require_system(actor: Actor) -> None:
    if not isinstance(actor, SystemActor):
        raise NotAllowedError(
            "Accounts and roles are given by whoever runs the system.", remedy="Use muster user on the server."
        )


def _check_account(user: User, password: str) -> None:
    if User.objects.filter(username=user.username).exists():
        raise _taken(user.username)
    try:
        user.clean_fields(exclude={"password", "person"})
        validate_password(password, user)
    except ValidationError as error:
        raise MusterError(
            " ".join(error.messages), where=f"account {user.username}", remedy="Nothing was created; try again."
        ) from error


def _taken(username: str) -> MusterError:
    return MusterError(f"There is an account {username} already, or its person has one.", remedy="Choose another name.")


def _check_role(role: str, area: Area | None, organization: Organization | None) -> None:
    if role not in Role.values:
        raise MusterError(f"There is no role {role}.", remedy=f"Choose one of: {', '.join(Role.values)}.")
    wanted = "organization" if role in ORGANIZATION_ROLES else "area"
    given = {"area": area, "organization": organization}
    if given.pop(wanted) is None or any(given.values()):
        raise MusterError(f"The role {role} is given over one {wanted}.", remedy=f"Name its {wanted}, and that alone.")


def _scope_code(grant: Grant) -> str:
    if grant.area is not None:
        return f"area {grant.area.code}"
    return f"organization {grant.organization.code}" if grant.organization is not None else ""
