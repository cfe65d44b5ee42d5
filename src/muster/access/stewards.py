"""Who may give which role over what, and whose accounts somebody looks after.

Nobody gives what they do not hold: a role is given by whoever may give roles there and has every right that it has.
An auditor is therefore made by whoever runs the system alone, not by those whose acts are audited.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from muster.access.kinds import ORGANIZATION_ROLES, RIGHTS, Right, Role
from muster.access.models import Grant, Token, User
from muster.access.queries import Actor, SystemActor, filter_organizations, list_rights, list_rights_over, list_scopes
from muster.kernel.errors import NotFoundError
from muster.organizations.models import Organization
from muster.territory.models import Area
from muster.territory.queries import beneath_any_filter


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role that an account holds, or held.

    Parameters
    ----------
    number
        By which it is ended.
    role, area, organization
        What it is, and over what.
    since_at, until_at
        When it was given, and when it was taken away.
    may_end
        Whether whoever looks may take it away.
    """

    number: int
    role: str
    area: Area | None
    organization: Organization | None
    since_at: datetime
    until_at: datetime | None
    may_end: bool


@dataclass(frozen=True, slots=True)
class AccountPage:
    """An account as whoever looks after it sees it.

    Parameters
    ----------
    user
        The account.
    roles, former_roles
        What it holds, and what it held.
    tokens
        The devices that show a token of it.
    is_own, may_steward
        Whether it is the account of whoever looks, and whether they may close it and give it a link.
    """

    user: User
    roles: tuple[HeldRole, ...]
    former_roles: tuple[HeldRole, ...]
    tokens: tuple[Token, ...]
    is_own: bool
    may_steward: bool


def may_give(actor: Actor, role: str, *, area: Area | None = None, organization: Organization | None = None) -> bool:
    """Tell whether an actor may give a role over an area or an organization."""
    if isinstance(actor, SystemActor):
        return True
    held = list_rights(actor, area) if area is not None else frozenset()
    if organization is not None:
        held = list_rights_over(actor, organization)
    return Right.GRANT in held and RIGHTS[role] <= held


def list_roles_to_give(actor: Actor, area: Area) -> list[Role]:
    """List the roles that an actor may give over an area, or over the organizations seated in it."""
    return [Role(role) for role in RIGHTS if may_give(actor, role, area=area)]


def may_steward(actor: Actor, user: User) -> bool:
    """Tell whether an actor may close an account or give it a link: whether all that it holds is theirs to give."""
    if isinstance(actor, SystemActor):
        return True
    if actor.pk == user.pk or not _filter_looked_after(actor, User.objects.filter(pk=user.pk)).exists():
        return False
    grants = Grant.objects.filter(user=user, until_at=None).select_related("area", "organization__seat_area")
    return all(may_give(actor, grant.role, area=grant.area, organization=grant.organization) for grant in grants)


def access_account(actor: Actor, username: str) -> User:
    """Fetch an account: one's own, or one that has or had a role where the actor gives roles.

    Raises
    ------
    NotFoundError
        If there is no such account, or it is not for this actor to see.
    """
    named = User.objects.select_related("person").filter(username=username)
    own = named.filter(pk=actor.audit_id) if actor.audit_id is not None else named
    user = own.first() or _filter_looked_after(actor, named).first()
    if user is None:
        raise NotFoundError(f"There is no account {username}.", remedy="Check the name, or ask for access.")
    return user


def list_accounts_within(actor: Actor, area: Area) -> list[User]:
    """List the accounts with a role in an area or beneath it, or over an organization seated there, by name.

    ``open_grants`` of each holds its open grants, also those elsewhere.
    """
    grants = Grant.objects.filter(until_at=None).select_related("area__level", "organization").order_by("role", "pk")
    within = _holds(Grant.objects.filter(_scope_filter([area])))
    users = _filter_looked_after(actor, User.objects.all()).filter(within)
    whole = users.prefetch_related(Prefetch("grants", queryset=grants, to_attr="open_grants"))
    return list(whole.select_related("person").order_by("-is_active", "display_name", "username"))


def read_account(actor: Actor, user: User) -> AccountPage:
    """Read what an account holds, for whoever looks after it or owns it."""
    grants = Grant.objects.filter(user=user).select_related("area__level", "organization__seat_area")
    is_own = actor.audit_id == user.pk
    held = [_hold(actor, grant, is_own=is_own) for grant in grants.order_by("-since_at", "-pk")]
    return AccountPage(
        user=user,
        roles=tuple(role for role in held if role.until_at is None),
        former_roles=tuple(role for role in held if role.until_at is not None),
        tokens=tuple(Token.objects.filter(user=user, revoked_at=None).order_by("-given_at")),
        is_own=is_own,
        may_steward=may_steward(actor, user),
    )


def get_grant(user: User, number: int) -> Grant:
    """Get an open grant of an account by its number.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    grants = Grant.objects.select_related("user", "area", "organization__seat_area")
    grant = grants.filter(user=user, pk=number, until_at=None).first()
    if grant is None:
        raise NotFoundError("This role has ended already.", where=user.username)
    return grant


def is_given_over_organizations(role: str) -> bool:
    """Tell whether a role is given over an organization rather than over an area."""
    return role in ORGANIZATION_ROLES


def _hold(actor: Actor, grant: Grant, *, is_own: bool) -> HeldRole:
    may_end = not is_own and may_give(actor, grant.role, area=grant.area, organization=grant.organization)
    return HeldRole(
        grant.pk,
        grant.role,
        grant.area,
        grant.organization,
        grant.since_at,
        grant.until_at,
        may_end,
    )


def _filter_looked_after(actor: Actor, users: QuerySet[User]) -> QuerySet[User]:
    """Filter accounts down to those that have or had a role where an actor gives roles."""
    if isinstance(actor, SystemActor):
        return users
    seen = filter_organizations(actor, Organization.objects.all(), Right.GRANT)
    scopes = _scope_filter(list_scopes(actor, Right.GRANT)) | Q(organization__in=seen)
    return users.filter(_holds(Grant.objects.filter(scopes)))


def _scope_filter(areas: Iterable[Area]) -> Q:
    areas = list(areas)
    return beneath_any_filter(areas, "area__path") | beneath_any_filter(areas, "organization__seat_area__path")


def _holds(grants: QuerySet[Grant]) -> Q:
    return Q(pk__in=grants.values("user"))
