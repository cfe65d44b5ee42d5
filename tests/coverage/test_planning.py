"""Planning coverage: candidates by rules, a verified choice, the difference, and publishing."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from muster.clocks.models import Gap
from muster.coverage.actions import appoint, end_appointment, rebuild_tallies
from muster.coverage.kinds import AppointmentRole, CoverageState, GapReason
from muster.coverage.models import Appointment, CoverageTally
from muster.coverage.planning import is_same_choice, plan_coverage
from muster.coverage.planning.base import read_base
from muster.coverage.planning.coverage import resolve_coverage
from muster.coverage.planning.difference import coverage_difference
from muster.coverage.planning.publishing import publish_coverage
from muster.coverage.planning.solving import check
from muster.coverage.queries import count_ledger, get_warden_figures
from muster.kernel.errors import RuleError, StaleBaseError
from muster.people.models import Absence, Person
from muster.planning.distributed import SOLVER_IN_PARTS
from muster.planning.result import VerificationError
from muster.plans.actions import set_aside
from muster.plans.kinds import PlanState
from muster.plans.models import Plan
from muster.territory.models import Area
from tests.coverage.city import NOON, OFFICER, City, settle

WARDEN, DEPUTY = AppointmentRole.WARDEN, AppointmentRole.DEPUTY


def solve(city: City, code: str = "2207") -> Plan:
    return plan_coverage(actor=OFFICER, now=NOON, emergency=city.emergency, area=city.area(code))


def publish(plan: Plan) -> None:
    publish_coverage(actor=OFFICER, now=NOON, plan=plan)


def holders(code: str) -> dict[str, str]:
    active = Appointment.objects.filter(area__code=code, ends_at=None)
    return dict(active.values_list("role", "person__name"))


@pytest.fixture
def crowd(city: City) -> list[Person]:
    """Two people for each area that needs a warden, living in it."""
    codes = ("C1-A", "C1-A-1", "C1-A-2", "C1-A-1-1", "C1-A-1-2", "C1-A-2-1", "C2-B")
    return [settle(f"{code}/{k}", f"居民{code}-{k}", code) for code in codes for k in (1, 2)]


def test_enough_people_cover_every_area_twice(city: City, crowd: list[Person]) -> None:
    publish(solve(city))
    figures = get_warden_figures(city.emergency, city.area("2207"))
    assert (figures.required, figures.covered, figures.with_deputy, figures.people) == (7, 7, 7, 7)
    assert not Gap.objects.filter(closed_at=None).exists()


def test_people_answer_for_the_doorway_they_live_behind(city: City, crowd: list[Person]) -> None:
    publish(solve(city))
    assert set(holders("C1-A-2-1").values()) == {"居民C1-A-2-1-1", "居民C1-A-2-1-2"}


def test_tallies_after_publishing_are_those_counted_anew(city: City, crowd: list[Person]) -> None:
    publish(solve(city))
    columns = ("area_id", "level_id", "required", "covered", "deputy_only", "with_deputy")
    kept = set(CoverageTally.objects.values_list(*columns))
    rebuild_tallies(city.emergency)
    assert set(CoverageTally.objects.values_list(*columns)) == kept


def test_nobody_nearby_is_a_gap_that_says_so(city: City) -> None:
    plan = solve(city)
    difference = coverage_difference(plan)
    assert difference.counts["gaps"] == 7
    assert {gap.reason for gap in difference.gaps} == {GapReason.NO_CANDIDATE}
    assert difference.gaps[0].detail["remedies"] == [{"remedy": "find_people"}]


def test_a_gap_names_the_rule_that_excludes_and_whom_to_ask(city: City) -> None:
    settle("P8", "孙丽", "C2-B", consented_at=None)
    settle("P9", "周强", "C2-B", may_serve=False)
    gone = settle("P7", "吴敏", "C2-B")
    Absence.objects.create(person=gone, starts_on=date(2020, 2, 1), ends_on=date(2020, 3, 1), reason="quarantine")
    gap = next(gap for gap in coverage_difference(solve(city)).gaps if gap.area_code == "C2-B")
    assert gap.reason == GapReason.EXCLUDED
    assert gap.detail["excluded"] == {"not_serving": 1, "no_consent": 1, "absent": 1}
    assert gap.detail["remedies"] == [{"remedy": "ask", "people": ["P8", "P9"]}]


def test_a_gap_among_too_few_people_counts_who_competes_for_them(city: City) -> None:
    settle("P1", "王秀兰", "C1-A-1-1", max_appointments=2)
    gaps = coverage_difference(solve(city)).gaps
    wardens = [gap for gap in gaps if gap.role == WARDEN]
    # Also the other community looks to its neighbor: it has fewer people than it would choose from.
    assert len(wardens) == 5
    assert {gap.reason for gap in wardens} == {GapReason.ALL_FULL}
    detail = wardens[0].detail
    assert (detail["areas"], detail["wanted"], detail["people"], detail["places"]) == (7, 14, 1, 2)
    assert detail["remedies"] == [{"remedy": "raise_limit", "people": ["P1"]}]


def test_wardens_come_before_deputies(city: City) -> None:
    for k in range(7):
        settle(f"P{k}", f"居民{k}", "C1-A-1-1")
    publish(solve(city))
    figures = get_warden_figures(city.emergency, city.area("2207"))
    assert (figures.covered, figures.with_deputy) == (7, 0)


def test_one_appointment_each_is_preferred_to_two(city: City) -> None:
    for k in range(7):
        settle(f"P{k}", f"居民{k}", "C1-A-1-1", max_appointments=3)
    city.emergency.warden_rules.update(needs_deputy=False)
    publish(solve(city))
    assert get_warden_figures(city.emergency, city.area("2207")).people == 7


def test_nobody_is_warden_and_deputy_of_one_area(city: City) -> None:
    settle("P1", "王秀兰", "C1-A-1-1", max_appointments=14)
    publish(solve(city))
    figures = get_warden_figures(city.emergency, city.area("2207"))
    assert (figures.covered, figures.with_deputy, figures.people) == (7, 0, 1)


def test_people_who_work_nearby_are_candidates(city: City) -> None:
    settle("P1", "王秀兰", work="C2")
    publish(solve(city, "C2"))
    assert holders("C2-B") == {"warden": "王秀兰"}


def test_a_standing_warden_is_kept_though_somebody_lives_nearer(city: City, crowd: list[Person]) -> None:
    far = settle("P1", "王秀兰", "C2-B")
    appoint(actor=OFFICER, now=NOON, emergency=city.emergency, area=city.area("C1-A"), person=far, role=WARDEN)
    plan = solve(city)
    assert coverage_difference(plan).counts["kept"] == 1
    publish(plan)
    assert holders("C1-A")["warden"] == "王秀兰"


def test_a_standing_deputy_stays_deputy(city: City, crowd: list[Person]) -> None:
    person = Person.objects.get(code="C2-B/1")
    appoint(actor=OFFICER, now=NOON, emergency=city.emergency, area=city.area("C2-B"), person=person, role=DEPUTY)
    publish(solve(city))
    assert holders("C2-B") == {"deputy": "居民C2-B-1", "warden": "居民C2-B-2"}


def test_an_absent_warden_is_replaced_by_name(city: City, crowd: list[Person]) -> None:
    publish(solve(city))
    warden = Appointment.objects.get(area__code="C2-B", role=WARDEN, ends_at=None).person
    third = settle("P3", "赵敏", "C2-B")
    Absence.objects.create(person=warden, starts_on=date(2020, 2, 10), ends_on=date(2020, 2, 24), reason="illness")
    plan = solve(city)
    difference = coverage_difference(plan)
    change = difference.replaced[0]
    assert (change.area_code, change.before and change.before.name) == ("C2-B", warden.name)
    assert change.after is not None
    assert change.after.code == third.code
    assert difference.counts["kept"] == 13
    publish(plan)
    assert holders("C2-B")["warden"] == "赵敏"


def test_a_plan_for_a_part_leaves_the_rest_alone(city: City, crowd: list[Person]) -> None:
    publish(solve(city, "C1-A-1"))
    assert count_ledger(city.emergency, city.area("2207"), CoverageState.COVERED) == 3
    assert holders("C2-B") == {}


def test_appointments_outside_the_part_count_towards_the_limit(city: City) -> None:
    li = settle("P2", "李建国", "C1-A-1-2")
    appoint(actor=OFFICER, now=NOON, emergency=city.emergency, area=city.area("C2-B"), person=li, role=WARDEN)
    gap = coverage_difference(solve(city, "C1-A-1-2")).gaps[0]
    assert gap.reason == GapReason.EXCLUDED
    assert gap.detail["excluded"] == {"full": 1}


def test_a_plan_is_refused_when_an_appointment_changed_since(city: City, crowd: list[Person]) -> None:
    plan = solve(city)
    person = Person.objects.get(code="C2-B/1")
    appoint(actor=OFFICER, now=NOON, emergency=city.emergency, area=city.area("C2-B"), person=person, role=WARDEN)
    with pytest.raises(StaleBaseError, match=r"1 appointment \(老粮库家属楼 \(C2-B\)\)"):
        publish(plan)
    assert holders("C1-A") == {}
    plan.refresh_from_db()
    assert plan.state == PlanState.SOLVED


def test_a_plan_is_refused_when_a_person_or_an_area_changed_since(city: City, crowd: list[Person]) -> None:
    plan = solve(city)
    Person.objects.filter(code="C2-B/1").update(may_serve=False)
    with pytest.raises(StaleBaseError, match=r"1 person .*C2-B/1"):
        publish(plan)
    plan = solve(city)
    Area.objects.filter(code="C1-A-2-1").update(level=city.area("C1").level)
    with pytest.raises(StaleBaseError, match=r"1 area .*C1-A-2-1"):
        publish(plan)


def test_a_plan_is_refused_when_somebody_falls_ill_overnight(city: City, crowd: list[Person]) -> None:
    plan = solve(city)
    Absence.objects.create(person=crowd[0], starts_on=date(2020, 2, 11), ends_on=date(2020, 2, 14), reason="illness")
    with pytest.raises(StaleBaseError, match="1 person"):
        publish_coverage(actor=OFFICER, now=NOON + timedelta(days=1), plan=plan)


def test_a_plan_is_published_once(city: City, crowd: list[Person]) -> None:
    plan = solve(city)
    publish(plan)
    with pytest.raises(RuleError, match="already published"):
        publish(plan)


def test_a_plan_put_aside_cannot_be_published(city: City, crowd: list[Person]) -> None:
    plan = solve(city)
    set_aside(actor=OFFICER, now=NOON, plan=plan)
    with pytest.raises(RuleError, match="put aside"):
        publish(plan)


def test_publishing_again_without_a_change_writes_nothing(city: City, crowd: list[Person]) -> None:
    publish(solve(city))
    report = publish_coverage(actor=OFFICER, now=NOON, plan=solve(city))
    assert (report.begun, report.ended, report.kept) == (0, 0, 14)


def test_a_gap_keeps_its_age_when_a_plan_gives_it_a_reason(city: City) -> None:
    later = NOON + timedelta(days=3)
    plan = plan_coverage(actor=OFFICER, now=later, emergency=city.emergency, area=city.area("2207"))
    publish_coverage(actor=OFFICER, now=later, plan=plan)
    gap = Gap.objects.get(subject="C2-B", closed_at=None)
    assert (gap.since_at, gap.why) == (NOON, GapReason.NO_CANDIDATE)


def test_a_gap_that_a_person_leaves_behind_opens_when_they_leave(city: City, crowd: list[Person]) -> None:
    publish(solve(city))
    later = NOON + timedelta(days=3)
    warden = Appointment.objects.get(area__code="C2-B", role=WARDEN, ends_at=None)
    end_appointment(actor=OFFICER, now=later, appointment=warden, reason="moved away")
    assert Gap.objects.get(closed_at=None).since_at == later


def test_a_plan_solved_in_parts_is_solved_again_in_parts(city: City, crowd: list[Person]) -> None:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=1, processes=False, dashboard_address=None) as cluster:
        plan = plan_coverage(
            actor=OFFICER,
            now=NOON,
            emergency=city.emergency,
            area=city.area("2207"),
            scheduler=cluster.scheduler_address,
        )
    assert plan.solver == SOLVER_IN_PARTS
    assert is_same_choice(plan, resolve_coverage(Plan.objects.get(pk=plan.pk)))
    publish(plan)
    assert get_warden_figures(city.emergency, city.area("2207")).with_deputy == 7


def test_planning_over_what_is_no_scheduler_is_refused(city: City, crowd: list[Person]) -> None:
    pytest.importorskip("distributed")
    with pytest.raises(RuleError, match="No scheduler answers at nowhere://1"):
        plan_coverage(
            actor=OFFICER, now=NOON, emergency=city.emergency, area=city.area("2207"), scheduler="nowhere://1"
        )
    assert not Plan.objects.exists()


def test_a_kept_plan_solved_again_gives_the_same_people(city: City, crowd: list[Person]) -> None:
    Person.objects.filter(code__endswith="/1").update(max_appointments=2)
    Person.objects.filter(code__startswith="C1-A-1-").update(may_serve=False)
    plan = solve(city)
    result = resolve_coverage(Plan.objects.get(pk=plan.pk))
    assert is_same_choice(plan, result)
    assert result.objective == plan.objective


def test_planning_twice_gives_the_same_plan(city: City, crowd: list[Person]) -> None:
    first, second = solve(city), solve(city)
    assert first.fingerprint == second.fingerprint
    assert bytes(first.plan) == bytes(second.plan)


def test_an_area_without_levels_that_need_wardens_cannot_be_planned(city: City) -> None:
    city.emergency.warden_rules.all().delete()
    with pytest.raises(RuleError, match="needs a warden"):
        solve(city)


def test_a_choice_that_breaks_a_rule_is_not_kept(city: City, crowd: list[Person]) -> None:
    base = read_base(city.emergency, city.area("2207"), NOON)
    same = np.zeros(len(base.area), np.int64)
    with pytest.raises(VerificationError, match="more areas than allowed"):
        check(base, same, np.full(len(base.area), -1))
