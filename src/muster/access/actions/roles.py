"""Giving roles and taking them away. Nobody gives what they do not hold themselves."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from muster.access.kinds import ORGANIZATION_ROLES, Role
from muster.access.models import Grant, User
from muster.access.queries import Actor
from muster.access.stewards import may_give, may_steward
from muster.kernel import audit
from muster.kernel.errors import MusterError, NotAllowedError, RuleError
from muster.kernel.kinds import Verb
from muster.organizations.models import Organization
from muster.territory.models import Area


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
        If the actor may not give this role over this scope.
    MusterError
        If role and scope do not fit.
    """
    require_may_give(actor, role, area, organization)
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
        If the actor may not give this role over this scope.
    RuleError
        If it is the actor's own.
    """
    require_may_give(actor, grant.role, grant.area, grant.organization)
    if isinstance(actor, User) and actor.pk == grant.user_id:
        raise RuleError("Nobody takes a role from themselves.", remedy="Ask a colleague.")
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


def require_may_give(actor: Actor, role: str, area: Area | None, organization: Organization | None) -> None:
    """Require that role and scope fit, and that the actor may give the one over the other.

    Raises
    ------
    MusterError
        If role and scope do not fit.
    NotAllowedError
        If the actor lacks the right, or a right that the role would give.
    """
    _check_role(role, area, organization)
    if not may_give(actor, role, area=area, organization=organization):
        raise NotAllowedError(
            "Nobody gives a role that they do not hold there themselves.", remedy="Ask whoever runs the system."
        )


def require_steward(actor: Actor, user: User) -> None:
    """Require that an actor may give every role that an account holds.

    Raises
    ------
    NotAllowedError
        If they may not.
    """
    if not may_steward(actor, user):
        raise NotAllowedError(
            "This account holds a role that is not yours to give.", remedy="Ask whoever runs the system."
        )


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
