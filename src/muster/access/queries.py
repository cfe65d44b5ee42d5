"""The only way from an actor to an area, a person or an organization.

Rights follow the tree downwards. What is not there and what an actor may not see are told apart by nobody:
both raise the same :class:`~muster.kernel.errors.NotFoundError`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from muster.access.kinds import RIGHTS, Right
from muster.access.models import Grant, User
from muster.kernel.errors import NotAllowedError, NotFoundError
from muster.kernel.phrases import derive_phrase
from muster.organizations.models import Organization
from muster.organizations.queries import find_organization
from muster.people.models import Person
from muster.people.queries import named
from muster.territory.models import Area
from muster.territory.queries import beneath_any_filter, find_area, list_roots


@dataclass(frozen=True, slots=True)
class SystemActor:
    """The system itself under a name, with every right everywhere.

    Parameters
    ----------
    name
        Name to show in the audit trail.
    """

    name: str

    @property
    def audit_id(self) -> int | None:
        """No account: None."""
        return None

    @property
    def audit_name(self) -> str:
        """Name in the audit trail."""
        return self.name


COMMAND_LINE = SystemActor("command line")
FIRST_USE = SystemActor("first use")

Actor = User | SystemActor


@dataclass(frozen=True, slots=True)
class Account:
    """An account as whoever runs the system sees it.

    Parameters
    ----------
    username, display_name
        What the person signs in with, and is called.
    is_active
        Whether the account may sign in.
    roles
        Role and scope of each open grant, such as ``("duty_officer", "松原市 (2207)")``.
    """

    username: str
    display_name: str
    is_active: bool
    roles: list[tuple[str, str]]


def has_accounts() -> bool:
    """Tell whether anybody can sign in at all."""
    return User.objects.exists()


def get_first_code() -> str:
    """Get the code by which the first account is made; whoever runs the system reads it where they started it."""
    return derive_phrase("first account")


def may_found(actor: Actor) -> bool:
    """Tell whether an actor may bring the first areas: the only account that there is, while there are none."""
    if not isinstance(actor, User) or not actor.is_active or list_roots().exists():
        return False
    return not User.objects.exclude(pk=actor.pk).exists()


def list_accounts() -> list[Account]:
    """List all accounts with their open grants, by name."""
    grants = Grant.objects.filter(until_at=None).select_related("area", "organization").order_by("role", "pk")
    users = User.objects.prefetch_related(Prefetch("grants", queryset=grants, to_attr="open_grants"))
    return [
        Account(
            username=user.username,
            display_name=user.display_name,
            is_active=user.is_active,
            roles=[(grant.role, str(grant.area or grant.organization)) for grant in user.open_grants],
        )
        for user in users.order_by("username")
    ]


def list_grants(actor: User) -> list[Grant]:
    """List the open grants of an account, none when it is closed or nobody has signed in."""
    if not actor.is_active:
        return []
    return list(actor.grants.filter(until_at=None).select_related("area", "organization__seat_area"))


def list_rights(actor: Actor, area: Area) -> frozenset[Right]:
    """List everything that an actor may do in an area, in one query."""
    if isinstance(actor, SystemActor):
        return frozenset(Right)
    held: set[Right] = set()
    for grant in list_grants(actor):
        if grant.area is not None and _is_within(area, grant.area):
            held |= RIGHTS[grant.role]
        elif grant.organization is not None and _is_within(area, grant.organization.seat_area):
            held |= RIGHTS[grant.role] & {Right.SEE_AREA}
    return frozenset(held)


def may(actor: Actor, right: Right, area: Area) -> bool:
    """Tell whether an actor has a right in an area."""
    return right in list_rights(actor, area)


def list_rights_over(actor: Actor, organization: Organization) -> frozenset[Right]:
    """List everything that an actor may do over an organization."""
    if isinstance(actor, SystemActor):
        return frozenset(Right)
    grants = list_grants(actor)
    above = set(_list_line(organization)) if any(grant.organization_id for grant in grants) else set()
    held: set[Right] = set()
    for grant in grants:
        by_seat = grant.area is not None and _is_within(organization.seat_area, grant.area)
        if by_seat or grant.organization_id in above:
            held |= RIGHTS[grant.role]
    return frozenset(held)


def may_over(actor: Actor, right: Right, organization: Organization) -> bool:
    """Tell whether an actor has a right over an organization."""
    return right in list_rights_over(actor, organization)


def list_scopes(actor: Actor, right: Right) -> list[Area]:
    """List the areas at the top of what an actor's right reaches, in the order of the tree.

    Parameters
    ----------
    actor
        Who asks.
    right
        The right in question. A grant over an organization reaches no area but its seat, and that only to see it.

    Returns
    -------
    list[Area]
        No area of the list lies beneath another; the system reaches every root.
    """
    if isinstance(actor, SystemActor):
        return list(list_roots())
    tops: list[Area] = []
    for area in sorted(_reached_areas(list_grants(actor), right), key=lambda area: area.path):
        if not tops or not _is_within(area, tops[-1]):
            tops.append(area)
    return tops


def refuse(right: Right, *, where: str = "") -> NotAllowedError:
    """Return the refusal of an act for want of a right, to be raised."""
    words = right.value.replace("_", " ")
    return NotAllowedError(f"Your role does not allow this ({words}).", where=where, remedy="Ask the duty officer.")


def access_area(actor: Actor, code: str, *, right: Right = Right.SEE_AREA) -> Area:
    """Fetch an area for an actor who has a right in it.

    Parameters
    ----------
    actor
        Who asks.
    code
        Code of the area.
    right
        What the actor is about to do there.

    Raises
    ------
    NotFoundError
        If there is no such area, or the actor may not even see it.
    NotAllowedError
        If the actor sees the area but lacks the right.
    """
    area = find_area(code)
    held = list_rights(actor, area) if area is not None else frozenset()
    if area is None or Right.SEE_AREA not in held:
        raise NotFoundError(f"There is no area {code}.", remedy="Check the code, or ask for access to it.")
    if right not in held:
        raise refuse(right, where=code)
    return area


def access_person(actor: Actor, code: str, right: Right = Right.SEE_PEOPLE) -> Person:
    """Fetch a person who lives or works where an actor has a right.

    Parameters
    ----------
    actor
        Who asks. Whoever may not see people sees none, whatever ``right`` is.
    code
        Code of the person.
    right
        What the actor is about to do with the person's record.

    Raises
    ------
    NotFoundError
        If there is no such person, or the actor may not see them.
    NotAllowedError
        If the actor sees the person but lacks the right where they live and work.
    """
    asked = Person.objects.select_related("home_area__level", "work_area__level").filter(named(code))
    person = filter_people(actor, asked, Right.SEE_PEOPLE).first()
    if person is None:
        raise NotFoundError(f"There is no person {code}.", remedy="Check the code, or ask for access.")
    if right != Right.SEE_PEOPLE and not filter_people(actor, asked, right).exists():
        raise refuse(right, where=code)
    return person


def access_organization(actor: Actor, code: str, right: Right = Right.SEE_ORGANIZATION) -> Organization:
    """Fetch an organization that an actor has a right over: through its seat, or through those above it.

    Raises
    ------
    NotFoundError
        If there is no such organization, or the actor may not see it.
    NotAllowedError
        If the actor sees the organization but lacks the right over it.
    """
    organization = find_organization(code)
    held = list_rights_over(actor, organization) if organization is not None else frozenset()
    if organization is None or Right.SEE_ORGANIZATION not in held:
        raise NotFoundError(f"There is no organization {code}.", remedy="Check the code, or ask for access.")
    if right not in held:
        raise refuse(right, where=code)
    return organization


def filter_people(actor: Actor, people: QuerySet[Person], right: Right = Right.SEE_PEOPLE) -> QuerySet[Person]:
    """Filter people down to those who live or work where an actor has a right."""
    if isinstance(actor, SystemActor):
        return people
    scopes = list_scopes(actor, right)
    return people.filter(beneath_any_filter(scopes, "home_area__path") | beneath_any_filter(scopes, "work_area__path"))


def filter_organizations(
    actor: Actor, organizations: QuerySet[Organization], right: Right = Right.SEE_ORGANIZATION
) -> QuerySet[Organization]:
    """Filter organizations down to those seated where an actor has a right, and those given to the actor by name."""
    if isinstance(actor, SystemActor):
        return organizations
    grants = list_grants(actor)
    areas = [grant.area for grant in grants if grant.area is not None and right in RIGHTS[grant.role]]
    named = [grant.organization_id for grant in grants if grant.organization_id and right in RIGHTS[grant.role]]
    return organizations.filter(beneath_any_filter(areas, "seat_area__path") | Q(pk__in=_list_branches(named)))


def _is_within(area: Area, scope: Area) -> bool:
    return area.path.startswith(scope.path)


def _reached_areas(grants: Iterable[Grant], right: Right) -> list[Area]:
    reached = [grant.area for grant in grants if grant.area is not None and right in RIGHTS[grant.role]]
    if right == Right.SEE_AREA:
        reached += [grant.organization.seat_area for grant in grants if grant.organization is not None]
    return reached


def _list_line(organization: Organization) -> list[int]:
    """Return the numbers of an organization and of all above it."""
    line = [organization.pk]
    parent_id = organization.parent_id
    while parent_id is not None and parent_id not in line:
        line.append(parent_id)
        parent_id = Organization.objects.filter(pk=parent_id).values_list("parent_id", flat=True).first()
    return line


def _list_branches(organization_ids: Iterable[int]) -> set[int]:
    """Return the numbers of organizations and of all beneath them, one query a level."""
    found: set[int] = set()
    level = set(organization_ids)
    while level:
        found |= level
        level = set(Organization.objects.filter(parent_id__in=level).values_list("pk", flat=True)) - found
    return found
