"""First steps: how far an installation is on the way to its first plan, told from the rows that there are.

No step is stored. Whoever leaves the way and comes back, or goes it by files and commands, finds it as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from muster.access.kinds import Right
from muster.access.queries import Actor, list_scopes
from muster.coverage.kinds import AppointmentRole
from muster.coverage.models import Appointment
from muster.duty.models import Post
from muster.emergencies.models import Emergency
from muster.emergencies.queries import find_active
from muster.organizations.queries import list_organizations
from muster.people.models import Person
from muster.people.queries import living_or_working_filter
from muster.plans.kinds import PlanKind, PlanState
from muster.plans.queries import list_open_orders, list_plans
from muster.territory.models import Area, Level
from muster.territory.queries import beneath_filter, list_tallies

STEPS = ("city", "places", "organizations", "people", "posts", "emergency", "plan")
"""The steps after the first account, in their order."""

MAY_WAIT = frozenset({"organizations", "posts"})
"""Steps that the first plan can do without."""


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """What there is of each step.

    Parameters
    ----------
    home
        The city or county, or None before there is one.
    areas
        How many areas lie beneath it by level, from the top down, those of doorways left out.
    places, organizations, people, posts
        How many compounds, buildings and units there are; and so on.
    willing
        How many of the people agreed to be kept and called; nobody else is planned with.
    emergency
        The active emergency, or None.
    order, plan
        Number of the coverage plan being solved, and of the newest that waits to be published; or None.
    wardens
        How many areas have their warden.
    """

    home: Area | None = None
    areas: tuple[tuple[Level, int], ...] = ()
    places: int = 0
    organizations: int = 0
    people: int = 0
    willing: int = 0
    posts: int = 0
    emergency: Emergency | None = None
    order: int | None = None
    plan: int | None = None
    wardens: int = 0

    @property
    def done(self) -> frozenset[str]:
        """Return the steps that are done."""
        counts = {
            "city": self.home is not None,
            "places": self.places,
            "organizations": self.organizations,
            "people": self.willing,
            "posts": self.posts,
            "emergency": self.emergency is not None,
            "plan": self.wardens,
        }
        return frozenset(step for step, count in counts.items() if count)

    @property
    def next(self) -> str:
        """Return the step that comes next, empty at the end; one that may wait is passed once a later one is done."""
        done = self.done
        for place, step in enumerate(STEPS):
            is_passed = step in MAY_WAIT and done & set(STEPS[place + 1 :])
            if step not in done and not is_passed:
                return step
        return ""


def read_first_steps(actor: Actor) -> FirstSteps:
    """Read how far an installation is, as far as an actor may import into it."""
    scopes = list_scopes(actor, Right.IMPORT)
    return _read(scopes[0]) if scopes else FirstSteps()


def find_first_steps(home: Area, emergency: Emergency | None) -> FirstSteps | None:
    """Find the steps where the first plan is not published yet; None where an area has its warden already."""
    if emergency is not None and _list_wardens(home, emergency).exists():
        return None
    return _read(home)


def _read(home: Area) -> FirstSteps:
    emergency = find_active(home)
    tallies = list(list_tallies(home))
    people = Person.objects.filter(living_or_working_filter(home))
    solved = list_plans(home, PlanKind.COVERAGE).filter(state=PlanState.SOLVED, emergency=emergency)
    return FirstSteps(
        home=home,
        areas=tuple((tally.level, tally.areas) for tally in tallies if not tally.level.needs_warden),
        places=sum(tally.areas for tally in tallies if tally.level.needs_warden),
        organizations=list_organizations(home).count(),
        people=people.count(),
        willing=people.exclude(consented_at=None).count(),
        posts=Post.objects.filter(beneath_filter(home, "area__path")).count(),
        emergency=emergency,
        order=list_open_orders(home, PlanKind.COVERAGE).values_list("pk", flat=True).first(),
        plan=solved.values_list("pk", flat=True).first() if emergency else None,
        wardens=_list_wardens(home, emergency).count() if emergency else 0,
    )


def _list_wardens(home: Area, emergency: Emergency) -> QuerySet[Appointment]:
    return Appointment.objects.filter(
        beneath_filter(home, "area__path"), emergency=emergency, role=AppointmentRole.WARDEN, ends_at=None
    )
