"""The frame of the board: who looks, at which area, in which emergency, with the tree opened to it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from muster.access.kinds import Right
from muster.access.queries import Actor, access_area, list_rights, list_scopes
from muster.clocks.kinds import GapKind
from muster.coverage.queries import Tally, count_gaps
from muster.emergencies.models import Emergency
from muster.emergencies.queries import find_active
from muster.kernel import clock
from muster.kernel.errors import NotFoundError
from muster.situation.board_coverage import SharedArea, list_children_shared, list_shared
from muster.situation.live_changes import stamp
from muster.territory.models import Area
from muster.territory.queries import list_ancestors


class NothingToSeeError(NotFoundError):
    """An actor without any area: nothing is imported yet, or nothing is granted."""


@dataclass(frozen=True, slots=True)
class TreeNode:
    """One line of the area tree, with its coverage and, when it is open, what lies beneath."""

    code: str
    name: str
    share: Tally
    has_children: bool
    is_selected: bool = False
    children: tuple[TreeNode, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """What every screen shows around its own matter.

    Parameters
    ----------
    actor, home, area
        Who looks, the top of what they see, and the area that is selected.
    path
        The areas above the selected one, from ``home`` down.
    rights
        What the actor may do in the selected area.
    emergency
        The active emergency that holds there, or None.
    now, is_exercise
        The time on the clock, and whether it is exercise time.
    gaps_open
        Open gaps within ``home``, by kind.
    tree
        The tree, opened to the selected area.
    mark
        The mark of the moment before anything was read: what changes later, an open screen asks for from there.
    """

    actor: Actor
    home: Area
    area: Area
    path: tuple[Area, ...]
    rights: frozenset[Right]
    emergency: Emergency | None
    now: datetime
    is_exercise: bool
    gaps_by_kind: dict[str, int]
    tree: tuple[TreeNode, ...]
    mark: int

    @property
    def actor_name(self) -> str:
        """Return the name beside which an act is written."""
        return self.actor.audit_name

    @property
    def zone(self) -> str:
        """Return the name of the city's time zone."""
        return str(clock.CITY_ZONE)

    @property
    def is_invented(self) -> bool:
        """Tell whether what is shown belongs to an exercise."""
        return self.emergency is not None and self.emergency.is_exercise

    @property
    def gaps_open(self) -> int:
        """Return how many gaps stand open."""
        return sum(self.gaps_by_kind.values())

    @property
    def gaps_without_warden(self) -> int:
        """Return how many areas have no warden."""
        return self.gaps_by_kind.get(GapKind.AREA_WITHOUT_WARDEN, 0)

    @property
    def day_count(self) -> int:
        """Return the day of the emergency, counted from 1, by local days."""
        if self.emergency is None:
            return 0
        began = self.emergency.starts_at.astimezone(clock.CITY_ZONE).date()
        return (self.now.astimezone(clock.CITY_ZONE).date() - began).days + 1

    @property
    def may_see_people(self) -> bool:
        """Tell whether names of people may be shown."""
        return Right.SEE_PEOPLE in self.rights

    @property
    def may_appoint(self) -> bool:
        """Tell whether the actor may appoint here."""
        return Right.APPOINT in self.rights

    @property
    def may_plan(self) -> bool:
        """Tell whether the actor may have plans solved here."""
        return Right.PLAN in self.rights

    @property
    def may_import(self) -> bool:
        """Tell whether the actor may import lists about this area."""
        return Right.IMPORT in self.rights

    @property
    def may_report(self) -> bool:
        """Tell whether the actor may report what happens here."""
        return Right.REPORT in self.rights

    @property
    def may_activate(self) -> bool:
        """Tell whether the actor may open an emergency here."""
        return Right.ACTIVATE in self.rights

    @property
    def may_grant(self) -> bool:
        """Tell whether the actor may make accounts and give roles here."""
        return Right.GRANT in self.rights

    @property
    def may_end(self) -> bool:
        """Tell whether the actor may end the emergency that holds here."""
        emergency = self.emergency
        return emergency is not None and self.may_activate and emergency.area.path.startswith(self.home.path)

    @property
    def may_publish(self) -> bool:
        """Tell whether the actor may publish plans here."""
        return Right.PUBLISH in self.rights


def find_home(actor: Actor, area: Area) -> Area:
    """Find the top of what an actor sees around an area."""
    scopes = list_scopes(actor, Right.SEE_AREA)
    return next((scope for scope in scopes if area.path.startswith(scope.path)), area)


def read_frame(*, actor: Actor, code: str | None = None, opened: Collection[str] = ()) -> Frame:
    """Read the frame for an actor and an area, or for the first area the actor may see.

    Parameters
    ----------
    actor, code
        Who looks, and at what.
    opened
        Codes of further areas whose lines of the tree are open.

    Raises
    ------
    NothingToSeeError
        If the actor may see no area at all.
    NotFoundError
        If the area is not there, or not for this actor to see.
    """
    mark = stamp()
    scopes = list_scopes(actor, Right.SEE_AREA)
    if not scopes:
        raise NothingToSeeError("No area is given to this account yet.", remedy="Import divisions, or ask for a grant.")
    area = access_area(actor, code) if code else scopes[0]
    home = next((scope for scope in scopes if area.path.startswith(scope.path)), scopes[0])
    emergency = find_active(area)
    path = tuple(each for each in list_ancestors(area) if each.path.startswith(home.path))
    return Frame(
        actor=actor,
        home=home,
        area=area,
        path=path,
        rights=list_rights(actor, area),
        emergency=emergency,
        now=clock.now(),
        is_exercise=clock.is_exercise(),
        gaps_by_kind=count_gaps(emergency, home) if emergency else {},
        tree=_read_tree(emergency, scopes, (*path, area), opened),
        mark=mark,
    )


def list_branch(emergency: Emergency | None, area: Area) -> tuple[TreeNode, ...]:
    """List the lines directly beneath one line of the tree."""
    return _open_nodes(list_children_shared(emergency, area), {}, "")


def _read_tree(
    emergency: Emergency | None, scopes: Sequence[Area], line: Sequence[Area], opened: Collection[str]
) -> tuple[TreeNode, ...]:
    # What is opened beside the line is shown only where the lines above it are, all of them within the scopes.
    asked = Area.objects.filter(code__in=opened).select_related("level") if opened else ()
    branches = {area.code: list_children_shared(emergency, area) for area in (*line, *asked)}
    return _open_nodes(list_shared(emergency, scopes), branches, line[-1].code)


def _open_nodes(
    rows: Iterable[SharedArea], branches: dict[str, list[SharedArea]], selected: str
) -> tuple[TreeNode, ...]:
    return tuple(
        TreeNode(
            code=row.area.code,
            name=row.area.name,
            share=row.share,
            has_children=row.has_children,
            is_selected=row.area.code == selected,
            children=_open_nodes(branches.get(row.area.code, ()), branches, selected),
        )
        for row in rows
    )
