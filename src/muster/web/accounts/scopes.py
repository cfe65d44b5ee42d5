"""The part of a form that says which role is given, and over what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from muster.access.kinds import Role
from muster.access.queries import access_area, access_organization, access_person
from muster.access.stewards import is_given_over_organizations, list_roles_to_give
from muster.kernel.errors import RuleError
from muster.situation.board import Frame
from muster.web.frame import get_actor
from muster.web.picking import Choice, Picked, pick


@dataclass(frozen=True, slots=True)
class SaidRole:
    """A role, and the area or organization that somebody named for it."""

    role: str
    area: Picked
    organization: Picked

    def find_scope(self, request: HttpRequest) -> dict[str, Any]:
        """Return what the role is given over, as actions take it.

        Raises
        ------
        RuleError
            If nothing, or nothing plain, was named.
        NotFoundError
            If it is not for this actor to see.
        """
        actor = get_actor(request)
        if is_given_over_organizations(self.role):
            if self.organization.chosen is None:
                raise RuleError("No organization is named.", remedy="Choose the one that is meant.")
            return {"role": self.role, "organization": access_organization(actor, self.organization.chosen.code)}
        if self.area.chosen is None:
            raise RuleError("No area is named.", remedy="Choose the one that is meant.")
        return {"role": self.role, "area": access_area(actor, self.area.chosen.code)}


def read_role(request: HttpRequest, frame: Frame) -> SaidRole:
    """Read the role that a form names; before it is sent, a modest one over the area at hand."""
    if request.method == "POST":
        return SaidRole(
            request.POST.get("role", ""), read_pick(request, "area", "areas"), read_pick(request, "organization")
        )
    here = Choice(frame.area.code, frame.area.name, frame.path[-1].name if frame.path else "")
    return SaidRole(Role.COMMUNITY_WORKER, Picked(here.name, here), Picked())


def read_pick(request: HttpRequest, name: str, kind: str = "organizations") -> Picked:
    """Read a field of a form that names something; the one of several that was then chosen goes first."""
    said = request.POST
    typed = said.get(f"meant_{name}") or said.get(f"of_{name}", "")
    return pick(get_actor(request), kind, typed, said.get(name, ""))


def read_person(request: HttpRequest, picked: Picked) -> Any:
    """Return the person whom a form names, or None where it names none.

    Raises
    ------
    RuleError
        If what was typed means nobody, or several.
    """
    if picked.is_wrong:
        raise RuleError(
            "No person of that name is open to you, or several are.", remedy="Choose the one that is meant."
        )
    return access_person(get_actor(request), picked.chosen.code) if picked.chosen else None


def offer_roles(frame: Frame) -> list[tuple[str, str]]:
    """List the roles that may be given here, with their words."""
    return [(role.value, str(role.label)) for role in list_roles_to_give(frame.actor, frame.area)]
