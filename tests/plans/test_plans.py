"""Plans are kept whole, decided once, and found only by whom they concern."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from muster.access.kinds import Role
from muster.access.models import Grant, User
from muster.kernel.audit import list_entries
from muster.kernel.errors import NotFoundError, RuleError
from muster.planning.result import Result, Status
from muster.plans.actions import PlanArchive, keep_plan, mark_published, set_aside
from muster.plans.kinds import PlanKind, PlanState
from muster.plans.models import Plan
from muster.plans.queries import access_plan, list_plans, open_problem, open_solution
from muster.plans.rules import fingerprint, pack_arrays, unpack_arrays
from tests.coverage.city import NOON, OFFICER, City, build_city

arrays = st.dictionaries(
    st.text("abcdefgh_", min_size=1, max_size=8),
    hnp.arrays(st.sampled_from([np.int32, np.int64, np.float64, np.bool_]), hnp.array_shapes(max_side=4)),
    max_size=4,
)


@given(arrays)
def test_arrays_come_out_as_they_went_in(given_arrays: dict[str, np.ndarray]) -> None:
    opened = unpack_arrays(pack_arrays(given_arrays))
    assert opened.keys() == given_arrays.keys()
    for name, array in given_arrays.items():
        assert opened[name].dtype == array.dtype
        np.testing.assert_array_equal(opened[name], array)


def test_an_archive_never_holds_objects_that_could_run() -> None:
    with pytest.raises(ValueError, match="objects"):
        pack_arrays({"people": np.array([object()])})


def test_a_fingerprint_does_not_depend_on_the_order_of_parts_but_on_every_value() -> None:
    a, b = np.arange(3), np.arange(4)
    assert fingerprint({"a": a, "b": b}) == fingerprint({"b": b, "a": a})
    assert fingerprint({"a": a, "b": b}) != fingerprint({"a": b, "b": a})
    assert fingerprint({"a": a}) != fingerprint({"a": a.astype(np.int32)})


@pytest.fixture
def city(db: None) -> City:
    return build_city()


def keep(city: City, code: str = "2207") -> Plan:
    result = Result(status=Status.OPTIMAL, plan=np.arange(2), objective=5.0, bound=5.0, runtime_s=0.1, solver="test 1")
    archive = PlanArchive({"cost": np.arange(3)}, {"chosen": np.arange(2)}, "f" * 64, seed=7, time_limit_s=1)
    return keep_plan(
        actor=OFFICER,
        now=NOON,
        kind=PlanKind.COVERAGE,
        emergency=city.emergency,
        area=city.area(code),
        result=result,
        archive=archive,
        counts={"people": 3},
    )


def test_a_plan_is_kept_with_problem_seed_and_solver(city: City) -> None:
    plan = Plan.objects.get(pk=keep(city).pk)
    assert (plan.seed, plan.solver, plan.counts) == (7, "test 1", {"people": 3})
    assert open_problem(plan)["cost"].tolist() == [0, 1, 2]
    assert open_solution(plan)["chosen"].tolist() == [0, 1]


def test_a_plan_is_decided_once(city: City) -> None:
    plan = keep(city)
    set_aside(actor=OFFICER, now=NOON, plan=plan)
    assert plan.state == PlanState.SET_ASIDE
    with pytest.raises(RuleError, match="already"):
        mark_published(actor=OFFICER, now=NOON, plan=plan, detail={})
    verbs = {entry.verb for entry in list_entries(subject_kind="plan", subject_id=plan.pk)}
    assert verbs == {"plan_solved", "plan_set_aside"}


def test_plans_of_an_area_and_beneath_it_are_listed_newest_first(city: City) -> None:
    first, second, other = keep(city, "C1"), keep(city, "C1-A"), keep(city, "C2")
    assert list(list_plans(city.area("C1"))) == [second, first]
    assert other in list_plans(city.area("2207"), PlanKind.COVERAGE)
    assert not list_plans(city.area("2207"), PlanKind.ROSTER)


def test_a_plan_out_of_scope_looks_like_none(city: City) -> None:
    plan = keep(city, "C2")
    worker = User.objects.create_user("worker")
    Grant.objects.create(user=worker, role=Role.COMMUNITY_WORKER, area=city.area("C1"), since_at=NOON)
    with pytest.raises(NotFoundError) as hidden:
        access_plan(worker, plan.pk)
    with pytest.raises(NotFoundError) as absent:
        access_plan(worker, 10**9)
    assert str(hidden.value).replace(str(plan.pk), "N") == str(absent.value).replace(str(10**9), "N")
    assert access_plan(OFFICER, plan.pk) == plan
