"""Every measure agrees with the rows that it was counted from, and tells what it says it tells."""

from __future__ import annotations

from datetime import timedelta

import pytest

from muster.clocks.kinds import GapKind
from muster.clocks.models import Gap
from muster.coverage.models import Pairing
from muster.duty.actions import assign
from muster.emergencies.actions import activate
from muster.kernel.errors import NotFoundError
from muster.organizations.models import Organization
from muster.situation.measures import MEASURES, Form, Scope, find_measure, read_measures, read_records
from muster.territory.models import Area, Level
from tests.duty.cast import EIGHT, OFFICER, Town, add_person, add_post, build_town, find_shift, lay_out, place

BEFORE = EIGHT - timedelta(days=1)


@pytest.fixture
def town(db: None) -> Town:
    """A town in which every measure has something to count."""
    bare = build_town()
    for ordinal in range(4):
        Area.objects.create(
            code=f"c{ordinal}",
            name=f"Compound {ordinal}",
            level=Level.objects.get(slug="compound"),
            parent=bare.wenyuan,
            path=f"{bare.wenyuan.path}0000{ordinal}",
        )
    emergency = activate(
        actor=OFFICER, now=BEFORE, code="ice", name_zh="冰冻", name_en="ice", response_level=3, area=bare.city
    )
    town = Town(bare.city, bare.township, bare.wenyuan, bare.jinghu, emergency)
    _staff(town)
    return town


def _staff(town: Town) -> None:
    post = add_post(town, morning=2, evening=1)
    lay_out(town, days=5)
    bai, chen, deng = (add_person(town, name) for name in ("Bai", "Chen", "Deng"))
    for day in (0, 1, 3):
        place(find_shift(post, day), bai)
    place(find_shift(post, 0), chen)
    place(find_shift(post, 0, "evening"), deng)
    place(find_shift(post, 1), deng)
    assign(actor=OFFICER, now=BEFORE, shift=find_shift(post, 1, "evening"), person=bai, override_reason="no other")
    archive = Organization.objects.create(code="o", name="Archive", kind="agency", seat_area=town.jinghu)
    Pairing.objects.create(
        emergency=town.emergency, organization=archive, area=town.wenyuan, people=3, starts_at=BEFORE
    )


def test_every_measure_agrees_with_its_rows(town: Town) -> None:
    for area in (town.city, town.wenyuan, town.jinghu):
        scope = Scope(town.emergency, area, EIGHT)
        for measure in MEASURES.values():
            rows = list(measure.rows(scope))
            assert measure.value(scope) == pytest.approx(measure.count_rows(rows)), measure.name


def test_every_row_has_a_cell_for_each_column_and_every_measure_is_named_in_two_languages(town: Town) -> None:
    scope = Scope(town.emergency, town.city, EIGHT)
    for name, measure in MEASURES.items():
        assert all(len(row) == len(measure.columns) for row in measure.rows(scope))
        assert measure.name == name
        assert measure.zh
        assert measure.en
        assert all(column.zh and column.en for column in measure.columns)
        assert measure.form is Form.COUNT or measure.counted in {column.name for column in measure.columns}


def test_the_figures_are_those_that_one_counts_by_hand(town: Town) -> None:
    values = read_measures(emergency=town.emergency, area=town.city, now=EIGHT)
    assert values["duty_days"] == 5
    assert values["duties"] == 7
    # Three people on Monday, two on Tuesday, one on Thursday.
    assert values["duty_people_per_day_mean"] == pytest.approx((3 + 2 + 0 + 1 + 0) / 5)
    # Deng from the evening to the morning; Bai's own is overridden.
    assert values["rest_violations"] == 1
    assert values["rest_overrides"] == 1
    assert values["places_unfilled"] == 5 * 3 - 7
    assert values["shifts_unfilled"] == 7 - 1 + 0
    assert values["areas_required"] == 4
    assert values["warden_coverage"] == 0
    assert values["areas"] == 8
    assert values["people"] == 3
    assert values["organizations"] == 1
    assert values["pairings"] == 1


def test_an_area_counts_only_what_lies_beneath_it(town: Town) -> None:
    values = read_measures(emergency=town.emergency, area=town.jinghu, now=EIGHT)
    assert (values["duties"], values["duty_days"], values["people"], values["organizations"]) == (0, 0, 0, 1)
    assert values["duty_people_per_day_mean"] == 0


def test_a_gap_more_is_a_gap_more(town: Town) -> None:
    before = read_measures(emergency=town.emergency, area=town.city, now=EIGHT)["gaps_open"]
    Gap.objects.create(
        emergency=town.emergency,
        kind=GapKind.SHIFT_UNFILLED,
        subject="x",
        area=town.wenyuan,
        owner_area=town.wenyuan,
        since_at=BEFORE,
        clock_from_at=BEFORE,
    )
    assert read_measures(emergency=town.emergency, area=town.city, now=EIGHT)["gaps_open"] == before + 1


def test_without_an_emergency_what_is_recorded_can_still_be_counted(town: Town) -> None:
    assert read_records(area=town.city, now=EIGHT) == {"areas": 8, "people": 3, "organizations": 1}
    with pytest.raises(NotFoundError, match="No emergency"):
        MEASURES["duties"].value(Scope(None, town.city, EIGHT))


def test_an_unknown_measure_is_refused_with_the_names_of_all() -> None:
    with pytest.raises(NotFoundError, match="warden_coverage"):
        find_measure("happiness")
