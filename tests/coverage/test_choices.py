"""Why this person: the published plan answers with the next best."""

from __future__ import annotations

import pytest

from muster.access.actions import create_user
from muster.access.kinds import Role
from muster.access.queries import Actor
from muster.coverage.kinds import AppointmentRole
from muster.coverage.planning import plan_coverage
from muster.coverage.planning.changes import Named
from muster.coverage.planning.choices import ExplainedChoice, find_explained_choice
from muster.coverage.planning.publishing import publish_coverage
from muster.emergencies.models import Emergency
from muster.people.models import Person
from muster.territory.models import Area
from tests.coverage.city import NOON, OFFICER, build_city, settle

OTHERS = ("C1-A", "C1-A-1", "C1-A-2", "C1-A-1-1", "C1-A-1-2", "C1-A-2-1")


@pytest.fixture
def near(db: None) -> Person:
    """Live at the only doorway of the second community; every other area has a resident, and all serve once."""
    build_city(deputies=False)
    for code in OTHERS:
        settle(f"{code}/1", f"居民{code}", code, max_appointments=1)
    return settle("P1", "王芳", "C2-B", max_appointments=1)


def explain(person: Person, actor: Actor = OFFICER) -> ExplainedChoice | None:
    emergency, area = Emergency.objects.get(), Area.objects.get(code="C2-B")
    return find_explained_choice(actor, emergency, area, AppointmentRole.WARDEN, person)


def publish() -> None:
    city = Area.objects.get(code="2207")
    plan = plan_coverage(actor=OFFICER, now=NOON, emergency=Emergency.objects.get(), area=city)
    publish_coverage(actor=OFFICER, now=NOON, plan=plan)


def test_a_doorway_names_who_would_come_instead_and_how_much_farther(near: Person) -> None:
    far = settle("P2", "李强", "C2", max_appointments=1)
    publish()
    choice = explain(near)
    assert choice is not None
    assert choice.next_person == Named(far.code, far.name)
    assert choice.extra_m > 0
    assert (choice.fewer_covered, choice.displaced) == (0, 0)


def test_where_nobody_else_could_come_a_place_would_stay_empty(near: Person) -> None:
    publish()
    choice = explain(near)
    assert choice is not None
    assert (choice.next_person, choice.fewer_covered) == (None, 1)


def test_somebody_whom_no_plan_chose_is_not_explained_by_one(near: Person) -> None:
    other = settle("P2", "李强", "C2", max_appointments=1)
    assert explain(near) is None
    publish()
    assert explain(other) is None


def test_whoever_sees_one_community_is_told_nothing_of_another(near: Person) -> None:
    settle("P2", "李强", "C1", max_appointments=1)
    publish()
    neighbor = create_user(
        actor=OFFICER,
        now=NOON,
        username="neighbor",
        password="mei-you-ren-luo-xia",
        display_name="江畔",
        role=Role.DUTY_OFFICER,
        area=Area.objects.get(code="C2"),
    )
    whole, part = explain(near), explain(near, neighbor)
    assert whole is not None
    assert part is not None
    assert (whole.next_person, part.next_person) == (Named("P2", "李强"), None)
    assert whole.is_replaced
    assert part.is_replaced
    assert (whole.plan_id is None, part.plan_id) == (False, None)
