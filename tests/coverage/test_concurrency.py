"""Two people act at once: one of them wins, and the other is told."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from muster.coverage.actions import accept_pairing, appoint, decline_pairing, pair
from muster.coverage.kinds import AppointmentRole
from muster.coverage.models import Appointment, CoverageTally, Pairing, PairingStep
from muster.coverage.planning import plan_coverage
from muster.coverage.planning.publishing import publish_coverage
from muster.coverage.queries import get_warden_figures
from muster.kernel.errors import MusterError, RuleError, StaleBaseError
from muster.organizations.models import Organization
from muster.people.models import Person
from tests.coverage.city import NOON, OFFICER, City, build_city, settle

pytestmark = pytest.mark.django_db(transaction=True)


def run_together(*acts: Callable[[], object]) -> list[object]:
    """Run acts at the same moment, each on a connection of its own, and return results or refusals."""
    together = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        together.wait()
        try:
            return act()
        except MusterError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.fixture
def quiet_city() -> City:
    return build_city()


def test_of_two_officers_who_appoint_on_one_area_one_wins_and_the_other_hears_the_name(quiet_city: City) -> None:
    people = [settle("P1", "王秀兰", "C2-B"), settle("P2", "李建国", "C2-B")]

    def put(person: Person) -> Callable[[], object]:
        return lambda: appoint(
            actor=OFFICER,
            now=NOON,
            emergency=quiet_city.emergency,
            area=quiet_city.area("C2-B"),
            person=person,
            role=AppointmentRole.WARDEN,
        )

    results = run_together(*map(put, people))
    refused = [one for one in results if isinstance(one, RuleError)]
    winner = Appointment.objects.get(ends_at=None).person
    assert len(refused) == 1
    assert winner.name in str(refused[0])
    assert CoverageTally.objects.get(area=quiet_city.area("C2")).covered == 1


def test_a_person_called_to_two_areas_at_once_serves_one(quiet_city: City) -> None:
    wang = settle("P1", "王秀兰", "C1-A-1-1")

    def put(code: str) -> Callable[[], object]:
        return lambda: appoint(
            actor=OFFICER,
            now=NOON,
            emergency=quiet_city.emergency,
            area=quiet_city.area(code),
            person=wang,
            role=AppointmentRole.WARDEN,
        )

    results = run_together(put("C1-A-1-1"), put("C1-A-1-2"))
    assert sum(isinstance(one, RuleError) for one in results) == 1
    assert Appointment.objects.filter(ends_at=None).count() == 1


def test_of_two_plans_published_at_once_one_is_refused_and_nothing_is_written_twice(quiet_city: City) -> None:
    for k in range(14):
        settle(f"P{k}", f"居民{k}", "C1-A-1-1")
    plans = [
        plan_coverage(actor=OFFICER, now=NOON, emergency=quiet_city.emergency, area=quiet_city.area("2207"))
        for _ in range(2)
    ]
    results = run_together(*(lambda plan=plan: publish_coverage(actor=OFFICER, now=NOON, plan=plan) for plan in plans))
    assert sum(isinstance(one, StaleBaseError) for one in results) == 1
    assert get_warden_figures(quiet_city.emergency, quiet_city.area("2207")).covered == 7
    assert Appointment.objects.filter(ends_at=None).count() == 14


def test_of_two_who_answer_for_an_organization_at_once_one_is_heard(quiet_city: City) -> None:
    bureau = Organization.objects.create(
        code="O1", name="市档案馆", kind="agency", seat_area=quiet_city.area("C1"), people_offered=6
    )
    pairing = pair(
        actor=OFFICER,
        now=NOON,
        emergency=quiet_city.emergency,
        organization=bureau,
        area=quiet_city.area("C2"),
        duties=["gate"],
        people=4,
    )
    results = run_together(
        lambda: accept_pairing(actor=OFFICER, now=NOON, pairing=Pairing.objects.get(pk=pairing.pk)),
        lambda: decline_pairing(actor=OFFICER, now=NOON, pairing=Pairing.objects.get(pk=pairing.pk), reason="ill"),
    )
    assert sum(isinstance(one, RuleError) for one in results) == 1
    assert PairingStep.objects.filter(pairing=pairing).count() == 2
