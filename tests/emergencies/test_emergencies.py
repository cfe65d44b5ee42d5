"""Activating, calling up, ending: and finding what holds where."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from muster.emergencies.actions import activate, call_up_organization, end
from muster.emergencies.models import Emergency, Footing
from muster.emergencies.queries import (
    find_active,
    get_active,
    get_emergency,
    get_warden_rules,
    list_required_areas,
)
from muster.kernel.audit import list_entries
from muster.kernel.errors import NotFoundError, RuleError
from muster.organizations.models import Organization
from muster.territory.models import Area
from tests.coverage.city import NOON, OFFICER, City, build_city


@pytest.fixture
def city(db: None) -> City:
    return build_city()


def start(area: Area, **changes: Any) -> Emergency:
    values: dict[str, Any] = {"code": "flood", "name_zh": "洪水", "name_en": "Flood", "response_level": 1, **changes}
    return activate(actor=OFFICER, now=NOON + timedelta(hours=1), area=area, **values)


def test_an_emergency_holds_in_its_area_and_all_beneath_it(city: City) -> None:
    assert find_active(city.area("C1-A-1-1")) == city.emergency
    assert get_active(city.area("2207")) == city.emergency


def test_an_emergency_of_a_part_does_not_hold_above_it(city: City) -> None:
    flood = start(city.area("C1"))
    assert get_active(city.area("C1-A")) == flood
    assert get_active(city.area("C2")) == city.emergency


def test_nothing_holds_after_the_end(city: City) -> None:
    end(actor=OFFICER, now=NOON, emergency=city.emergency)
    assert find_active(city.area("2207")) is None
    with pytest.raises(NotFoundError, match="Activate one first"):
        get_active(city.area("2207"))


def test_an_emergency_ends_once(city: City) -> None:
    end(actor=OFFICER, now=NOON, emergency=city.emergency)
    with pytest.raises(RuleError, match="has ended"):
        end(actor=OFFICER, now=NOON, emergency=city.emergency)


def test_levels_that_need_wardens_are_configuration(city: City) -> None:
    flood = start(city.area("2207"), levels=["building"], deputy_levels=[])
    assert [area.code for area in list_required_areas(flood, city.area("2207"))] == ["C1-A-1", "C1-A-2"]
    assert set(get_warden_rules(flood).values()) == {False}


def test_areas_are_required_only_where_both_area_and_emergency_reach(city: City) -> None:
    flood = start(city.area("C1"))
    assert list_required_areas(flood, city.area("C2")).count() == 0
    assert list_required_areas(flood, city.area("2207")).count() == 6
    assert list_required_areas(flood, city.area("C1-A-1")).count() == 3


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"code": "ice"}, "already an emergency"),
        ({"response_level": 5}, "no response level 5"),
        ({"levels": ["castle"]}, "castle"),
    ],
)
def test_an_activation_that_makes_no_sense_changes_nothing(
    city: City, changes: dict[str, object], message: str
) -> None:
    with pytest.raises(RuleError, match=message):
        start(city.area("2207"), **changes)
    assert Emergency.objects.count() == 1


def test_an_organization_is_called_up_once(city: City) -> None:
    bureau = Organization.objects.create(code="O1", name="市财政局", kind="agency", seat_area=city.area("C1"))
    for _ in range(2):
        call_up_organization(actor=OFFICER, now=NOON, emergency=city.emergency, organization=bureau)
    assert Footing.objects.count() == 1
    assert list_entries(subject_kind="organization", subject_id="O1").count() == 1


def test_activation_and_end_are_in_the_audit_trail(city: City) -> None:
    end(actor=OFFICER, now=NOON + timedelta(days=9), emergency=city.emergency)
    verbs = [entry.verb for entry in list_entries(subject_kind="emergency", subject_id="ice")]
    assert verbs == ["emergency_ended", "emergency_activated"]


def test_an_emergency_is_got_by_its_code(city: City) -> None:
    assert get_emergency("ice") == city.emergency
    with pytest.raises(NotFoundError):
        get_emergency("fire")
