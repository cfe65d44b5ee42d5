"""``muster plan``: what it prints, what it publishes, and how it fails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from typer.testing import CliRunner, Result

from muster.cli.plan import app
from muster.coverage.models import Appointment
from muster.duty.models import Duty, Post
from muster.duty.queries.spans import local_midnight
from muster.emergencies.actions import end
from muster.kernel import clock
from muster.kernel.errors import MusterError, NotFoundError, RuleError
from muster.organizations.models import Organization
from muster.people.models import Absence
from muster.plans.kinds import PlanState
from muster.plans.models import Plan
from tests.coverage.city import NOON, OFFICER, City, build_city, settle
from tests.duty.cast import EIGHT, MONDAY, PEOPLE, Town, add_person, add_post, build_town

Run = Callable[..., Result]


@pytest.fixture
def city(db: None) -> City:
    built = build_city()
    for code in ("C1-A", "C1-A-1", "C1-A-2", "C1-A-1-1", "C1-A-1-2", "C1-A-2-1"):
        settle(f"{code}/1", f"居民{code}", code)
    return built


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(app, list(arguments), catch_exceptions=True)

    return call


def test_a_plan_is_told_and_changes_nothing(city: City, run: Run) -> None:
    result = run("coverage", "--area", "C1")
    assert result.exit_code == 0, result.output
    plan = Plan.objects.get()
    assert result.stdout.splitlines()[0].startswith(f"plan {plan.pk}: coverage of 松林社区 (C1), optimal")
    assert "new 6" in result.stdout
    assert "6  too few for those who compete" in result.stdout
    assert not Appointment.objects.exists()


def test_a_plan_is_published_when_asked(city: City, run: Run) -> None:
    result = run("coverage", "--area", "2207", "--publish", "--seed", "3")
    assert "published: 6 begun, 0 ended" in result.stdout
    plan = Plan.objects.get()
    assert (plan.state, plan.seed) == (PlanState.PUBLISHED, 3)
    assert Appointment.objects.filter(ends_at=None, plan=plan).count() == 6


def test_pairings_are_planned(city: City, run: Run) -> None:
    Organization.objects.create(code="O1", name="市财政局", kind="agency", seat_area=city.area("C1"), people_offered=9)
    result = run("pairing", "--area", "2207", "--time-limit", "2", "--publish")
    assert result.exit_code == 0, result.output
    assert "published: 1 begun, 0 ended" in result.stdout


def test_the_same_is_told_in_chinese(city: City, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    result = run("coverage", "--area", "C1", "--publish")
    assert "已发布：新增 6，结束 0" in result.stdout


def test_an_area_that_is_not_there_fails(city: City, run: Run) -> None:
    assert isinstance(run("coverage", "--area", "nowhere").exception, NotFoundError)


def test_without_an_emergency_there_is_nothing_to_plan(city: City, run: Run) -> None:
    end(actor=OFFICER, now=NOON, emergency=city.emergency)
    failure = run("coverage", "--area", "2207").exception
    assert isinstance(failure, MusterError)
    assert "Activate one first" in str(failure)


@pytest.mark.parametrize("arguments", [["coverage"], ["coverage", "--area", "C1", "--time-limit", "0"], ["nothing"]])
def test_wrong_use_is_told_apart_from_failure(run: Run, arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


@pytest.fixture
def town(db: None) -> Town:
    """The subdistrict of the roster's tests: a gate of four places a day, and twelve people."""
    built = build_town()
    clock.set_exercise(EIGHT)
    add_post(built, morning=2, evening=1, night=1)
    for name in PEOPLE:
        add_person(built, name)
    return built


def test_somebody_falls_ill_and_what_changes_is_told_by_person_and_day(town: Town, run: Run) -> None:
    assert "published: 56 begun, 0 ended" in run("roster", "--area", "22", "--publish").stdout
    ill = Duty.objects.order_by("starts_at", "pk")[0].person.code
    left = Duty.objects.filter(person__code=ill, starts_at__lt=local_midnight(MONDAY + timedelta(days=7))).count()
    result = run("cover", "--person", ill, "--until", "2020-02-17")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0].startswith(f"plan {Plan.objects.latest('pk').pk}: roster of ")
    assert f"new {left}  moved 0  dropped {left}" in lines[1]
    assert sum(f"{ill} ({ill})" in line and line.endswith("→ off") for line in lines) == left
    assert Absence.objects.get().person.code == ill
    assert Duty.objects.filter(person__code=ill, state="planned").count() >= left
    published = run("cover", "--person", ill, "--until", "2020-02-17", "--publish")
    assert f"published: {left} begun, {left} ended" in published.stdout
    again = run("cover", "--person", ill, "--until", "2020-02-17").exception
    assert isinstance(again, RuleError)
    assert "no duty to come" in str(again)


def test_who_is_not_there_or_has_no_area_is_not_covered(town: Town, run: Run) -> None:
    assert isinstance(run("cover", "--person", "nobody", "--until", "2020-02-17").exception, NotFoundError)
    assert run("cover", "--person", "Bai").exit_code == 2


def test_a_city_too_large_for_one_plan_is_planned_and_published_in_parts(
    town: Town, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    south = add_post(town, "south", area=town.jinghu, morning=1)
    Post.objects.filter(pk=south.pk).update(pool_area=town.jinghu)
    Post.objects.exclude(pk=south.pk).update(pool_area=town.wenyuan)
    monkeypatch.setattr("muster.duty.planning.parts.MOST_PLACES", 60)
    result = run("roster", "--area", "22", "--publish")
    assert result.exit_code == 0, result.output
    assert [plan.area for plan in Plan.objects.order_by("pk")] == [town.wenyuan, town.jinghu]
    assert result.stdout.splitlines()[-1].startswith(
        "in all: 2 parts, 2 pools, 12 people, 70 places, 56 duties; 14 unf"
    )
