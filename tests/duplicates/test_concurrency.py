"""Two officers at once: one of them wins, the other is told, and nothing is half done."""

from __future__ import annotations

import pytest

from muster.coverage.actions import appoint
from muster.coverage.kinds import AppointmentRole
from muster.coverage.models import Appointment
from muster.duplicates.actions import merge_people, undo_merge
from muster.duplicates.models import Merge
from muster.kernel.errors import MusterError, RuleError
from muster.people.models import FormerCode, Person
from tests.coverage.city import NOON, OFFICER
from tests.coverage.test_concurrency import run_together
from tests.duplicates.conftest import Twice, build_twice

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def twice() -> Twice:
    built = build_twice()
    built.again.absences.all().delete()
    return built


def test_of_two_who_merge_a_pair_either_way_one_wins(twice: Twice) -> None:
    pairs = ((twice.wang, twice.again), (twice.again, twice.wang))
    results = run_together(
        *(
            lambda kept=kept, other=other: merge_people(actor=OFFICER, now=NOON, kept=kept, other=other)
            for kept, other in pairs
        )
    )
    assert sum(isinstance(one, RuleError) for one in results) == 1
    assert Person.objects.filter(code__in=["P1", "P9"]).count() == 1
    assert FormerCode.objects.count() == Merge.objects.count() == 1


def test_whoever_appoints_the_record_that_goes_is_told_or_comes_over(twice: Twice) -> None:
    city = twice.city
    results = run_together(
        lambda: merge_people(actor=OFFICER, now=NOON, kept=twice.wang, other=twice.again),
        lambda: appoint(
            actor=OFFICER,
            now=NOON,
            emergency=city.emergency,
            area=city.area("C2-B"),
            person=twice.again,
            role=AppointmentRole.WARDEN,
        ),
    )
    assert isinstance(results[0], Merge)
    assert isinstance(results[1], Appointment | MusterError)
    assert not Appointment.objects.exclude(person=twice.wang).exists()


def test_of_two_who_undo_a_merge_one_is_told_that_it_is_undone(twice: Twice) -> None:
    merge = merge_people(actor=OFFICER, now=NOON, kept=twice.wang, other=twice.again)
    results = run_together(*(lambda: undo_merge(actor=OFFICER, now=NOON, merge=merge) for _ in range(2)))
    assert sum(isinstance(one, RuleError) for one in results) == 1
    assert Person.objects.filter(code__in=["P1", "P9"]).count() == 2
    assert not FormerCode.objects.exists()
