"""What screens see of rosters: by people, by posts, today, and how evenly it is shared."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from muster.duty.actions import check_in
from muster.duty.kinds import CheckInKind
from muster.duty.models import Post
from muster.duty.queries import (
    get_fairness,
    get_load,
    list_posts_for_export,
    list_posts_today,
    list_roster,
    read_loads,
)
from muster.membership.models import Membership
from muster.organizations.models import Organization
from muster.people.models import Person
from tests.duty.cast import EIGHT, MONDAY, OFFICER, Town, add_person, add_post, build_town, find_shift, lay_out, place

FRIDAY = MONDAY + timedelta(days=4)


@pytest.fixture
def town(db: None) -> Town:
    return build_town()


@pytest.fixture
def gate(town: Town) -> Post:
    post = add_post(town, morning=2, night=1)
    lay_out(town, days=4)
    return post


@pytest.fixture
def bai(town: Town) -> Person:
    return add_person(town, "Bai")


def test_a_roster_shows_people_by_day_with_hours_and_nights(town: Town, gate: Post, bai: Person) -> None:
    archive = Organization.objects.create(code="o", name="Archive", kind="agency", seat_area=town.jinghu)
    Membership.objects.create(person=bai, organization=archive, since_on=date(2019, 1, 1))
    place(find_shift(gate, 0), bai)
    place(find_shift(gate, 1, "night"), bai)
    (row,) = list_roster(town.emergency, town.wenyuan, MONDAY, FRIDAY).people
    assert (row.name, row.organization, row.minutes, row.nights) == ("Bai", "Archive", 960, 1)
    assert {day: [cell.pattern.short_zh for cell in cells] for day, cells in row.cells.items()} == {
        MONDAY: ["早"],
        MONDAY + timedelta(days=1): ["夜"],
    }


def test_a_roster_shows_posts_by_shift_with_what_is_missing(town: Town, gate: Post, bai: Person) -> None:
    place(find_shift(gate, 0), bai)
    view = list_roster(town.emergency, town.wenyuan, MONDAY, FRIDAY)
    assert [(row.post_code, row.pattern.slug) for row in view.posts] == [("gate", "morning"), ("gate", "night")]
    monday = view.posts[0].cells[MONDAY]
    assert ([duty.person_name for duty in monday.duties], monday.missing) == (["Bai"], 1)
    assert (view.places, view.places_unfilled, len(view.days)) == (12, 11, 4)


def test_a_roster_of_another_area_is_empty(town: Town, gate: Post, bai: Person) -> None:
    place(find_shift(gate, 0), bai)
    view = list_roster(town.emergency, town.jinghu, MONDAY, FRIDAY)
    assert (view.people, view.posts, view.places) == ([], [], 0)


def test_a_roster_takes_as_many_queries_for_many_people_as_for_one(
    town: Town, gate: Post, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for day in range(4):
        place(find_shift(gate, day), add_person(town, f"Person {day}"))
    with django_assert_max_num_queries(3):
        list_roster(town.emergency, town.wenyuan, MONDAY, FRIDAY)


def test_todays_posts_tell_needed_rostered_and_there_by_kind_and_pattern(
    town: Town, gate: Post, bai: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    duty = place(find_shift(gate, 1), bai)
    place(find_shift(gate, 0, "night"), add_person(town, "Chen"))
    tuesday = EIGHT + timedelta(days=1)
    check_in(actor=OFFICER, now=tuesday, client_id=uuid4(), duty=duty, kind=CheckInKind.IN, at=tuesday)
    with django_assert_max_num_queries(4):
        today = list_posts_today(town.emergency, town.city, tuesday)
    told = [(row.pattern, row.needed, row.rostered, row.came, row.unfilled) for row in today.rows]
    assert told == [("night", 1, 1, 0, 0), ("morning", 2, 1, 1, 1), ("night", 1, 0, 0, 1)]
    assert (today.shifts, today.people_rostered, today.due, today.came) == (3, 2, 1, 1)
    assert list_posts_today(town.emergency, town.wenyuan, tuesday) == today
    assert list_posts_today(town.emergency, town.jinghu, tuesday).rows == []


def test_a_shift_with_too_many_does_not_make_up_for_one_with_too_few(town: Town, gate: Post) -> None:
    add_post(town, "north", morning=1)
    lay_out(town, days=4)
    for name in ("Bai", "Chen", "Deng"):
        place(find_shift(gate, 1), add_person(town, name))
    row = list_posts_today(town.emergency, town.city, EIGHT + timedelta(days=1)).rows[1]
    assert (row.shifts, row.needed, row.rostered, row.unfilled) == (2, 3, 3, 1)


def test_fairness_counts_people_by_nights_weekends_and_hours(town: Town, bai: Person) -> None:
    post = add_post(town, morning=3, night=3)
    lay_out(town, days=14)
    for day in (0, 2, 5, 6):
        place(find_shift(post, day, "night"), bai)
    place(find_shift(post, 3), add_person(town, "Chen"))
    view = get_fairness(town.emergency, town.city, MONDAY, MONDAY + timedelta(days=14))
    assert view.people == 2
    assert view.nights.after.bars == ((0, 1), (1, 0), (2, 0), (3, 0), (4, 1))
    assert view.weekends.after.bars == ((0, 1), (1, 1))
    assert view.hours.after.bars == ((0, 0), (8, 1), (16, 0), (24, 0), (32, 1))
    assert view.nights.after.most == 4
    load = get_load(town.emergency, bai, MONDAY, MONDAY + timedelta(days=14))
    assert (load.duties, load.minutes, load.nights, load.weekends) == (4, 1920, 4, 1)


def test_spans_of_different_lengths_compare_by_what_four_weeks_would_bring(town: Town, bai: Person) -> None:
    post = add_post(town, night=1)
    lay_out(town, days=14)
    chen = add_person(town, "Chen")
    for day in range(14):
        place(find_shift(post, day, "night"), (chen, bai, bai, bai)[day % 4])
    # Of the first seven nights Bai has five and Chen two, of all fourteen ten and four: at the same pace, as far apart.
    before, after = read_loads(town.emergency, town.city, EIGHT + timedelta(days=6, hours=18))
    assert (before.days, after.days) == (7, 14)
    assert before.nights.tolist() == [5, 2]
    assert before.apart("nights") == after.apart("nights") == 6.0


def test_fairness_of_nobody_is_empty(town: Town, gate: Post) -> None:
    view = get_fairness(town.emergency, town.city, MONDAY, FRIDAY)
    assert (view.people, view.nights.after.bars, view.nights.after.most) == (0, (), 0)


def test_posts_are_listed_as_an_import_reads_them(town: Town, gate: Post) -> None:
    (line,) = list_posts_for_export(town.city)
    assert line._asdict() == {
        "code": "gate",
        "name": "Wenyuan gate",
        "kind": "gate",
        "area": town.wenyuan.code,
        "pool": town.township.code,
        "lon": None,
        "lat": None,
        "demand": "morning:2;night:1",
    }
