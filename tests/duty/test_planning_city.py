"""A whole city: pools solved elsewhere, parts planned apart, and one roster after another."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from muster.duty.models import Duty, Post
from muster.duty.planning import list_parts, parts, plan_roster, publish_roster, roster_difference
from muster.duty.queries import find_rest_violations
from muster.kernel.errors import RuleError
from muster.plans.models import Plan
from tests.duty.cast import (
    EIGHT,
    MONDAY,
    OFFICER,
    PEOPLE,
    Town,
    add_person,
    add_post,
    build_town,
    find_shift,
    lay_out,
    place,
)

BEFORE = EIGHT - timedelta(days=2)


@pytest.fixture
def town(db: None) -> Town:
    return build_town()


def plan(town: Town, *, starts_on: date = MONDAY, days: int = 14, **fields: Any) -> Plan:
    values: dict[str, Any] = {"area": town.city, "now": BEFORE, "time_limit_s": 20, "seed": 1}
    return plan_roster(actor=OFFICER, emergency=town.emergency, starts_on=starts_on, days=days, **{**values, **fields})


def test_pools_are_solved_by_a_cluster_too_and_one_that_is_not_there_is_named(
    town: Town,
) -> None:
    add_post(town, morning=2, evening=1, night=1)
    for name in PEOPLE:
        add_person(town, name)
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=1, processes=False, dashboard_address=None) as cluster:
        there = plan(town, days=3, scheduler=cluster.scheduler_address)
    assert bytes(there.plan) == bytes(plan(town, days=3).plan)
    with pytest.raises(RuleError, match="No scheduler answers at nowhere://1"):
        plan(town, scheduler="nowhere://1")


def test_a_city_too_large_is_planned_in_parts_unless_a_pool_reaches_across_them(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    north, south = (add_post(town, name, area=area) for name, area in (("n", town.wenyuan), ("s", town.jinghu)))
    assert list_parts(town.emergency, town.city, 14) == [town.city]
    monkeypatch.setattr(parts, "MOST_PLACES", 30)
    # The pool of both is the township, which holds them together.
    assert list_parts(town.emergency, town.city, 14) == [town.township]
    Post.objects.filter(pk=north.pk).update(pool_area=town.wenyuan)
    Post.objects.filter(pk=south.pk).update(pool_area=town.jinghu)
    assert list_parts(town.emergency, town.city, 14) == [town.wenyuan, town.jinghu]


def test_nights_behind_the_last_four_weeks_no_longer_count_and_nearer_ones_do(town: Town) -> None:
    gate = add_post(town, night=1)
    bai = add_person(town, "Bai")
    first = MONDAY - timedelta(days=34)
    lay_out(town, starts_on=first, days=48, now=EIGHT - timedelta(days=40))
    for day in (*range(-34, -29), *range(-26, -21)):
        place(find_shift(gate, day, "night"), bai)
    kept = plan(town, days=14)
    publish_roster(actor=OFFICER, now=BEFORE, plan=kept)
    # Ten nights in any 28 days: from the first on there is room for as many as have left the span, and weeks for six.
    assert find_rest_violations(town.emergency) == []
    difference = roster_difference(kept)
    assert difference.places_unfilled == difference.places_proven
    assert Duty.objects.filter(starts_at__gt=EIGHT).count() == 14 - difference.places_unfilled > 5
