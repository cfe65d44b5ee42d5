"""Shifts are laid out from what posts need, and follow it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from muster.clocks.models import Gap
from muster.duty.actions import PostSpec, close_past_gaps, ensure_shifts, write_posts
from muster.duty.actions.gaps import match_gaps
from muster.duty.models import Demand, Post, Shift
from muster.duty.queries.gaps import gap_subject, owner_areas, read_gap_subject
from muster.kernel.clock import CITY_ZONE
from muster.kernel.errors import RuleError
from muster.territory.models import Area, Level
from tests.duty.cast import EIGHT, MONDAY, OFFICER, add_person, add_post, build_town, find_shift, lay_out, place

pytestmark = pytest.mark.django_db


def test_a_post_has_its_shifts_on_each_day_of_the_span_in_local_time() -> None:
    town = build_town()
    post = add_post(town, morning=2, night=1)
    lay_out(town, days=3)
    mornings = Shift.objects.filter(post=post, pattern__slug="morning").order_by("starts_at")
    assert [shift.starts_at.astimezone(CITY_ZONE).isoformat() for shift in mornings] == [
        "2020-02-10T07:00:00+08:00",
        "2020-02-11T07:00:00+08:00",
        "2020-02-12T07:00:00+08:00",
    ]
    night = find_shift(post, 0, "night")
    assert night.ends_at.astimezone(CITY_ZONE) == datetime(2020, 2, 11, 7, tzinfo=CITY_ZONE)
    assert night.needed == 1


def test_laying_out_again_changes_nothing() -> None:
    town = build_town()
    add_post(town)
    lay_out(town)
    before = list(Shift.objects.order_by("pk").values())
    lay_out(town)
    assert list(Shift.objects.order_by("pk").values()) == before


def test_a_post_is_staffed_only_on_its_days_of_the_week() -> None:
    town = build_town()
    post = add_post(town)
    Demand.objects.filter(post=post).update(weekdays="67")
    lay_out(town, days=7)
    days = [shift.starts_at.astimezone(CITY_ZONE).isoweekday() for shift in Shift.objects.filter(post=post)]
    assert sorted(days) == [6, 7]


def test_a_changed_need_changes_the_shifts_to_come_and_not_those_that_have_begun() -> None:
    town = build_town()
    post = add_post(town, morning=2)
    lay_out(town, days=3)
    Demand.objects.filter(post=post).update(people=5)
    lay_out(town, days=3, now=EIGHT)
    assert [find_shift(post, day).needed for day in range(3)] == [2, 5, 5]


def test_a_shift_nobody_needs_any_more_goes_unless_somebody_was_placed_on_it() -> None:
    town = build_town()
    post = add_post(town)
    lay_out(town, days=2)
    kept = place(find_shift(post, 0), add_person(town, "Bai")).shift
    Demand.objects.all().delete()
    lay_out(town, days=2)
    assert list(Shift.objects.values_list("pk", "needed")) == [(kept.pk, 0)]


def test_an_ended_emergency_and_an_empty_span_lay_out_nothing() -> None:
    town = build_town()
    with pytest.raises(RuleError, match="no day"):
        lay_out(town, days=0)
    town.emergency.ends_at = EIGHT
    town.emergency.save()
    with pytest.raises(RuleError, match="ended"):
        lay_out(town)


def test_shifts_of_another_area_are_left_alone() -> None:
    town = build_town()
    add_post(town, "gate", area=town.wenyuan)
    add_post(town, "patrol", area=town.jinghu)
    span = {"starts_on": MONDAY, "ends_on": date(2020, 2, 12)}
    report = ensure_shifts(
        actor=OFFICER, now=EIGHT - timedelta(days=2), emergency=town.emergency, area=town.jinghu, **span
    )
    assert (report.created, report.changed, report.removed) == (2, 0, 0)
    assert set(Shift.objects.values_list("post__code", flat=True)) == {"patrol"}


def test_a_post_written_again_is_told_as_unchanged_and_keeps_that_it_is_invented() -> None:
    town = build_town()
    spec = PostSpec("p", "Post", "gate", town.wenyuan.code, town.township.code, {"morning": 1}, is_synthetic=True)
    assert write_posts(actor=OFFICER, now=EIGHT, specs=[spec]).created == 1
    plain = PostSpec("p", "Post", "gate", town.wenyuan.code, town.township.code, {"morning": 1})
    assert write_posts(actor=OFFICER, now=EIGHT, specs=[plain]).unchanged == 1
    assert Post.objects.get(code="p").is_synthetic
    moved = PostSpec("p", "Post", "gate", town.wenyuan.code, town.township.code, {"night": 1})
    assert write_posts(actor=OFFICER, now=EIGHT, specs=[moved]).updated == 1
    assert list(Demand.objects.values_list("pattern__slug", "people")) == [("night", 1)]


def test_a_post_of_an_unknown_kind_is_refused_by_name() -> None:
    town = build_town()
    spec = PostSpec("p", "Post", "moat", town.wenyuan.code, town.township.code, {})
    with pytest.raises(RuleError, match="post p: There is no kind of post 'moat'"):
        write_posts(actor=OFFICER, now=EIGHT, specs=[spec])


def test_a_shift_that_lacks_people_is_a_gap_until_it_is_filled_or_over() -> None:
    town = build_town()
    post = add_post(town, morning=1)
    lay_out(town, days=2)
    first, second = find_shift(post, 0), find_shift(post, 1)
    before = EIGHT - timedelta(days=1)
    shifts = Shift.objects.filter(pk__in=[first.pk, second.pk])
    assert match_gaps(emergency=town.emergency, now=before, shifts=shifts) == 2
    place(second, add_person(town, "Bai"))
    assert match_gaps(emergency=town.emergency, now=before, shifts=shifts) == 1
    gap = Gap.objects.get(closed_at=None)
    assert (gap.subject, gap.people_missing) == ("gate@20200210T0700+480", 1)
    assert close_past_gaps(emergency=town.emergency, now=EIGHT) == 0
    assert close_past_gaps(emergency=town.emergency, now=first.ends_at) == 1


def test_the_name_of_a_gap_tells_post_start_and_end() -> None:
    start, end = EIGHT, EIGHT + timedelta(hours=5)
    name = read_gap_subject(gap_subject("a@b+c", start, end))
    assert (name.post_code, name.starts_at, name.ends_at) == ("a@b+c", start, end)


def test_what_is_empty_in_a_building_is_for_the_community_to_close() -> None:
    town = build_town()
    level = Level.objects.get(slug="building")
    path = town.wenyuan.path + "00000"
    building = Area.objects.create(code="b", name="1", level=level, parent=town.wenyuan, path=path)
    areas = list(Area.objects.select_related("level"))
    assert owner_areas(areas)[building.pk] == town.wenyuan.pk
    assert owner_areas(areas)[town.township.pk] == town.township.pk
