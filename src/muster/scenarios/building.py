"""Building a whole scenario, stage by stage, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from django.db import transaction

from muster.access.queries import SystemActor
from muster.emergencies.models import Emergency
from muster.kernel.clock import set_exercise
from muster.kernel.statistics import take_statistics
from muster.scenarios.accounts import create_accounts
from muster.scenarios.attendance import take_attendance
from muster.scenarios.footing import activate_emergency, plan_duties, plan_pairings, plan_wardens
from muster.scenarios.invention import invent_city
from muster.scenarios.marks import write_mark
from muster.scenarios.megacity import Megacity, open_megacity
from muster.scenarios.needs import take_needs
from muster.scenarios.posts import invent_community_posts
from muster.scenarios.rows import City
from muster.scenarios.shape import Shape
from muster.scenarios.streaming import write_crowd, write_megacity_territory, write_offices
from muster.scenarios.watch import set_watches
from muster.scenarios.writing import write_all_organizations, write_all_people, write_all_posts, write_territory


class Stage(StrEnum):
    """The stages of building, in their order."""

    TERRITORY = "territory"
    ORGANIZATIONS = "organizations"
    PEOPLE = "people"
    POSTS = "posts"
    ACTIVATION = "activation"
    COVERAGE = "coverage"
    PAIRING = "pairing"
    ROSTER = "roster"
    ATTENDANCE = "attendance"
    NEEDS = "needs"
    WATCH = "watch"
    ACCOUNTS = "accounts"


Progress = Callable[[Stage, int, int], None]
"""Told the stage, and how much of it is done, of how much."""

DEMONSTRATION = SystemActor("demonstration")


def build_scenario(
    shape: Shape, *, seed: int, actor: SystemActor = DEMONSTRATION, progress: Progress | None = None
) -> None:
    """Build a scenario into an empty, migrated database: all of it or nothing.

    The exercise clock is set to the scenario's moment at the end, and the database is marked.

    Parameters
    ----------
    shape
        Which scenario.
    seed
        From 0; the same seed gives the same city, appointments and duties.
    actor
        Name in the audit trail.
    progress
        Told how far the building has come.

    Raises
    ------
    MusterError
        If a plan of the scenario cannot be solved or published.
    """
    site = _Site(shape, seed, actor, progress or _say_nothing)
    with transaction.atomic():
        for stage, build in (_MEGACITY_STEPS if shape.is_megacity else _STEPS).items():
            site.begin(stage)
            build(site)
        write_mark(shape=shape, seed=seed, actor=actor)
        set_exercise(shape.exercise_at)


def _say_nothing(stage: Stage, done: int, total: int) -> None:
    """Be the progress of whoever did not ask for it."""


@dataclass
class _Site:
    """What the stages work with."""

    shape: Shape
    seed: int
    actor: SystemActor
    progress: Progress
    stage: Stage = Stage.TERRITORY
    emergencies: list[Emergency] = field(default_factory=list)

    @cached_property
    def city(self) -> City:
        """All rows of a city that fits into memory."""
        return invent_city(self.shape, self.seed)

    @cached_property
    def megacity(self) -> Megacity:
        """The city that is invented township by township."""
        return open_megacity(self.shape, self.seed)

    def begin(self, stage: Stage) -> None:
        """Begin a stage."""
        self.stage = stage
        self.progress(stage, 0, 0)

    def count(self, done: int, total: int) -> None:
        """Tell how far the present stage has come."""
        self.progress(self.stage, done, total)

    @property
    def emergency(self) -> Emergency:
        """The scenario's emergency, once it is activated."""
        return self.emergencies[0]


def _build_territory(site: _Site) -> None:
    now = site.shape.moment(site.shape.activated_on, 8)
    write_territory(site.city, actor=site.actor, now=now, count=site.count)


def _build_megacity_territory(site: _Site) -> None:
    city, now = site.megacity, site.shape.moment(site.shape.activated_on, 8)
    write_megacity_territory(city, actor=site.actor, now=now, count=site.count)
    take_statistics()


def _build_megacity_organizations(site: _Site) -> None:
    write_offices(site.megacity, actor=site.actor, now=site.shape.moment(site.shape.activated_on, 8, 30))


def _build_megacity_people(site: _Site) -> None:
    now = site.shape.moment(site.shape.activated_on, 9)
    write_crowd(site.megacity, site.shape, actor=site.actor, now=now, count=site.count)
    take_statistics()


def _build_organizations(site: _Site) -> None:
    now = site.shape.moment(site.shape.activated_on, 8, 30)
    write_all_organizations(site.city, actor=site.actor, now=now, count=site.count)


def _build_people(site: _Site) -> None:
    now = site.shape.moment(site.shape.activated_on, 9)
    write_all_people(site.city, actor=site.actor, now=now, count=site.count)


def _build_posts(site: _Site) -> None:
    now = site.shape.moment(site.shape.activated_on, 9, 30)
    posts = invent_community_posts(site.megacity, site.shape) if site.shape.is_megacity else site.city.posts
    write_all_posts(posts, actor=site.actor, now=now, count=site.count)
    take_statistics()


def _activate(site: _Site) -> None:
    site.emergencies.append(activate_emergency(site.shape, actor=site.actor, count=site.count))


def _plan_wardens(site: _Site) -> None:
    plan_wardens(site.emergency, site.shape, site.seed, actor=site.actor, count=site.count)


def _plan_pairings(site: _Site) -> None:
    plan_pairings(site.emergency, site.shape, site.seed, actor=site.actor, count=site.count)


def _plan_duties(site: _Site) -> None:
    plan_duties(site.emergency, site.shape, site.seed, actor=site.actor, count=site.count)
    take_statistics()


def _take_attendance(site: _Site) -> None:
    take_attendance(site.emergency, site.shape, site.seed, actor=site.actor, count=site.count)


def _take_needs(site: _Site) -> None:
    take_needs(site.emergency, site.shape, site.seed, actor=site.actor, count=site.count)


def _set_watches(site: _Site) -> None:
    set_watches(site.emergency, site.shape, site.seed, actor=site.actor)


def _create_accounts(site: _Site) -> None:
    create_accounts(site.shape, actor=site.actor)
    take_statistics()


_STEPS: dict[Stage, Callable[[_Site], None]] = {
    Stage.TERRITORY: _build_territory,
    Stage.ORGANIZATIONS: _build_organizations,
    Stage.PEOPLE: _build_people,
    Stage.POSTS: _build_posts,
    Stage.ACTIVATION: _activate,
    Stage.COVERAGE: _plan_wardens,
    Stage.PAIRING: _plan_pairings,
    Stage.ROSTER: _plan_duties,
    Stage.ATTENDANCE: _take_attendance,
    Stage.NEEDS: _take_needs,
    Stage.WATCH: _set_watches,
    Stage.ACCOUNTS: _create_accounts,
}

_MEGACITY_STEPS: dict[Stage, Callable[[_Site], None]] = {
    Stage.TERRITORY: _build_megacity_territory,
    Stage.ORGANIZATIONS: _build_megacity_organizations,
    Stage.PEOPLE: _build_megacity_people,
    Stage.POSTS: _build_posts,
    Stage.ACTIVATION: _activate,
    Stage.COVERAGE: _plan_wardens,
    Stage.ACCOUNTS: _create_accounts,
}
