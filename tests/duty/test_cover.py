"""Who can stand in is told at once: the rested and little burdened first, the others with what keeps them."""

from __future__ import annotations

from datetime import date

import pytest

from muster.coverage.models import Pairing
from muster.duty.kinds import RestRule, Unfit
from muster.duty.models import Post
from muster.duty.queries import list_cover
from muster.membership.models import Membership
from muster.organizations.models import Organization
from muster.people.models import Person
from muster.territory.models import Area
from tests.duty.cast import EIGHT, Town, add_person, add_post, build_town, find_shift, lay_out, place


@pytest.fixture
def town(db: None) -> Town:
    return build_town()


@pytest.fixture
def gate(town: Town) -> Post:
    post = add_post(town, morning=3, evening=3, night=3)
    lay_out(town)
    return post


def test_the_least_burdened_come_first_and_the_tired_last_with_the_rule(town: Town, gate: Post) -> None:
    tired, busy, fresh = (add_person(town, name) for name in ("Bai", "Chen", "Deng"))
    place(find_shift(gate, 0, "evening"), tired)
    place(find_shift(gate, 3, "morning"), busy)
    cover = list_cover(find_shift(gate, 1, "morning"))
    assert [one.person_name for one in cover] == ["Deng", "Chen", "Bai"]
    assert [one.may_stand for one in cover] == [True, True, False]
    assert cover[2].broken is not None
    assert (cover[2].broken.rule, cover[2].broken.found) == (RestRule.REST, 480)
    assert cover[2].last_end_at == find_shift(gate, 0, "evening").ends_at
    assert (cover[1].week_min, fresh.name) == (480, "Deng")


def test_whoever_stands_there_already_or_has_no_time_is_not_asked(town: Town, gate: Post) -> None:
    shift = find_shift(gate, 0)
    place(shift, add_person(town, "Bai"))
    add_person(town, "Chen", max_week_min=0)
    add_person(town, "Deng", may_serve=False)
    add_person(town, "Fan", home_area=town.city)
    assert list_cover(shift) == []


def test_who_is_not_fit_is_told_why(town: Town, gate: Post) -> None:
    add_person(town, "Bai", restrictions=["nights"])
    (one,) = list_cover(find_shift(gate, 0, "night"))
    assert (one.unfit, one.may_stand) == (Unfit.NO_NIGHTS, False)


def test_members_of_organizations_paired_or_seated_there_are_asked_once_each(town: Town, gate: Post) -> None:
    archive = Organization.objects.create(code="o", name="Archive", kind="agency", seat_area=town.jinghu)
    Pairing.objects.create(emergency=town.emergency, organization=archive, area=town.wenyuan, people=1, starts_at=EIGHT)
    bai = add_person(town, "Bai", home_area=town.city)
    Membership.objects.create(person=bai, organization=archive, since_on=date(2019, 1, 1))
    assert [one.person_name for one in list_cover(find_shift(gate, 0))] == ["Bai"]


def test_of_two_alike_the_nearer_comes_first(town: Town, gate: Post) -> None:
    Area.objects.filter(pk=town.jinghu.pk).update(lon=124.9)
    Post.objects.update(lon=124.8, lat=45.1)
    add_person(town, "Bai", home_area=town.jinghu)
    add_person(town, "Chen", home_area=town.wenyuan)
    cover = list_cover(find_shift(gate, 0))
    assert [one.person_name for one in cover] == ["Chen", "Bai"]
    assert cover[0].distance_m == pytest.approx(0)
    assert cover[1].distance_m == pytest.approx(7850, rel=0.01)
    assert Person.objects.count() == 2
