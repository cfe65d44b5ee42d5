"""Appointing, replacing, standing in and ending, with the ledger that follows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from muster.clocks.kinds import GapKind
from muster.clocks.models import Gap
from muster.clocks.queries import count_open_gaps, list_open_gaps
from muster.coverage.actions import (
    appoint,
    end_appointment,
    rebuild_tallies,
    replace,
    stand_in,
)
from muster.coverage.kinds import AppointmentRole, CoverageState, GapReason
from muster.coverage.models import Appointment, CoverageTally
from muster.coverage.queries import count_gaps, get_area_coverage, list_appointments, list_ledger
from muster.emergencies.actions import end
from muster.kernel.audit import list_entries
from muster.kernel.errors import RuleError
from muster.people.models import Absence, Person
from tests.coverage.city import NOON, OFFICER, City, settle

WARDEN, DEPUTY = AppointmentRole.WARDEN, AppointmentRole.DEPUTY
UNIT = "C1-A-1-1"


def put(city: City, code: str, person: Person, role: AppointmentRole = WARDEN) -> Appointment:
    return appoint(actor=OFFICER, now=NOON, emergency=city.emergency, area=city.area(code), person=person, role=role)


def open_kinds(city: City, code: str) -> set[str]:
    return set(Gap.objects.filter(subject=code, closed_at=None).values_list("kind", flat=True))


def tally_rows() -> set[tuple[object, ...]]:
    columns = ("area__code", "level__slug", "required", "covered", "deputy_only", "with_deputy")
    return set(CoverageTally.objects.values_list(*columns))


def test_an_activation_opens_a_gap_for_every_area_that_needs_a_warden(city: City) -> None:
    gaps = list_open_gaps(city.emergency, city.area("2207"))
    assert {gap.subject for gap in gaps} == {"C1-A", "C1-A-1", "C1-A-2", UNIT, "C1-A-1-2", "C1-A-2-1", "C2-B"}
    assert {gap.since_at for gap in gaps} == {NOON}
    assert {gap.subject: gap.owner_area.code for gap in gaps}[UNIT] == "C1"
    assert {gap.subject: gap.owner_area.code for gap in gaps}["C2-B"] == "C2"


def test_a_warden_closes_one_gap_and_opens_the_deputys(city: City, wang: Person) -> None:
    put(city, UNIT, wang)
    assert open_kinds(city, UNIT) == {GapKind.AREA_WITHOUT_DEPUTY}


def test_a_warden_and_a_deputy_leave_no_gap(city: City, wang: Person, li: Person) -> None:
    put(city, UNIT, wang)
    put(city, UNIT, li, DEPUTY)
    assert open_kinds(city, UNIT) == set()
    assert count_gaps(city.emergency, city.area("2207"))[GapKind.AREA_WITHOUT_WARDEN] == 6


def test_a_level_without_deputies_has_no_gap_for_one(city: City, wang: Person) -> None:
    city.emergency.warden_rules.update(needs_deputy=False)
    put(city, UNIT, wang)
    assert open_kinds(city, UNIT) == set()


def test_a_second_warden_is_refused_by_the_name_of_the_first(city: City, wang: Person, li: Person) -> None:
    put(city, UNIT, wang)
    with pytest.raises(RuleError, match="王秀兰"):
        put(city, UNIT, li)


def test_a_warden_cannot_be_their_own_deputy(city: City) -> None:
    zhao = settle("P9", "赵敏", UNIT, max_appointments=5)
    put(city, UNIT, zhao)
    with pytest.raises(RuleError, match="赵敏"):
        put(city, UNIT, zhao, DEPUTY)


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ({"may_serve": False}, "does not serve"),
        ({"consented_at": None}, "consented"),
        ({"max_appointments": 0}, "as many areas as allowed"),
    ],
)
def test_a_rule_keeps_a_person_from_an_appointment(city: City, facts: dict[str, Any], word: str) -> None:
    with pytest.raises(RuleError, match=word):
        put(city, UNIT, settle("P9", "赵敏", UNIT, **facts))


def test_an_absent_person_is_not_appointed_on_the_days_of_absence(city: City, wang: Person) -> None:
    Absence.objects.create(person=wang, starts_on=date(2020, 2, 10), ends_on=date(2020, 2, 11), reason="leave")
    with pytest.raises(RuleError, match="absent"):
        put(city, UNIT, wang)
    next_day = NOON + timedelta(days=1)
    appoint(actor=OFFICER, now=next_day, emergency=city.emergency, area=city.area(UNIT), person=wang, role=WARDEN)


def test_appointments_elsewhere_count_towards_the_limit(city: City, wang: Person) -> None:
    put(city, UNIT, wang)
    with pytest.raises(RuleError, match="as many areas"):
        put(city, "C1-A-1-2", wang)


def test_an_area_of_a_level_without_wardens_takes_none(city: City, wang: Person) -> None:
    with pytest.raises(RuleError, match="level"):
        put(city, "C1", wang)


def test_a_replacement_keeps_the_history(city: City, wang: Person, li: Person) -> None:
    first = put(city, UNIT, wang)
    later = NOON + timedelta(hours=2)
    replace(actor=OFFICER, now=later, appointment=first, person=li, reason="moved away")
    history = list(list_appointments(city.emergency, city.area(UNIT)))
    assert [(one.person.name, one.ends_at, one.end_reason) for one in history] == [
        ("李建国", None, ""),
        ("王秀兰", later, "moved away"),
    ]


def test_a_refused_replacement_leaves_the_warden_in_place(city: City, wang: Person) -> None:
    first = put(city, UNIT, wang)
    with pytest.raises(RuleError):
        replace(actor=OFFICER, now=NOON, appointment=first, person=settle("P9", "赵敏", may_serve=False), reason="x")
    assert get_area_coverage(city.emergency, city.area(UNIT)).warden is not None


def test_a_deputy_stands_in_and_becomes_the_warden(city: City, wang: Person, li: Person) -> None:
    put(city, UNIT, wang)
    put(city, UNIT, li, DEPUTY)
    stand_in(actor=OFFICER, now=NOON, emergency=city.emergency, area=city.area(UNIT), reason="warden ill")
    coverage = get_area_coverage(city.emergency, city.area(UNIT))
    assert coverage.warden is not None
    assert coverage.warden.person_name == "李建国"
    assert coverage.deputy is None
    assert open_kinds(city, UNIT) == {GapKind.AREA_WITHOUT_DEPUTY}


def test_the_end_of_a_wardens_appointment_leaves_the_deputy_alone(city: City, wang: Person, li: Person) -> None:
    warden = put(city, UNIT, wang)
    put(city, UNIT, li, DEPUTY)
    end_appointment(actor=OFFICER, now=NOON + timedelta(hours=1), appointment=warden, reason="ill")
    row = next(row for row in list_ledger(city.emergency, city.area(UNIT)))
    assert row.state == CoverageState.DEPUTY_ONLY
    assert [(gap.kind, gap.why) for gap in row.gaps] == [(GapKind.AREA_WITHOUT_WARDEN, GapReason.ENDED)]
    assert row.gaps[0].age_s(NOON + timedelta(hours=2)) == 3600


def test_an_appointment_ends_once(city: City, wang: Person) -> None:
    warden = put(city, UNIT, wang)
    end_appointment(actor=OFFICER, now=NOON, appointment=warden, reason="ill")
    with pytest.raises(RuleError, match="already"):
        end_appointment(actor=OFFICER, now=NOON, appointment=warden, reason="ill")


def test_tallies_kept_step_by_step_are_those_counted_anew(city: City, wang: Person, li: Person) -> None:
    zhao = settle("P9", "赵敏", UNIT, max_appointments=5)
    put(city, UNIT, wang)
    put(city, UNIT, li, DEPUTY)
    put(city, "C1-A", zhao)
    put(city, "C2-B", zhao, DEPUTY)
    building = put(city, "C1-A-1", zhao)
    stand_in(actor=OFFICER, now=NOON, emergency=city.emergency, area=city.area(UNIT), reason="ill")
    end_appointment(actor=OFFICER, now=NOON, appointment=building, reason="ill")
    kept = tally_rows()
    rebuild_tallies(city.emergency)
    assert tally_rows() == kept
    assert ("2207", "compound", 2, 1, 1, 0) in kept
    assert ("C1-A", "unit", 3, 1, 0, 0) in kept


def test_a_rebuild_of_one_community_leaves_all_tallies_as_they_are(city: City, wang: Person) -> None:
    put(city, UNIT, wang)
    kept = tally_rows()
    rebuild_tallies(city.emergency, city.area("C1"))
    assert tally_rows() == kept


def test_every_appointment_leaves_a_line_in_the_audit_trail(city: City, wang: Person) -> None:
    warden = put(city, UNIT, wang)
    end_appointment(actor=OFFICER, now=NOON, appointment=warden, reason="ill")
    entries = list_entries(subject_kind="area", subject_id=UNIT)
    assert {entry.verb for entry in entries} == {"appointed", "appointment_ended"}


def test_the_end_of_an_emergency_ends_what_it_held_open(city: City, wang: Person) -> None:
    put(city, UNIT, wang)
    end(actor=OFFICER, now=NOON + timedelta(days=40), emergency=city.emergency)
    assert not Appointment.objects.filter(ends_at=None).exists()
    assert not Gap.objects.filter(closed_at=None).exists()
    with pytest.raises(RuleError, match="ended"):
        put(city, "C1-A", wang)


def test_gaps_counted_from_tallies_are_those_of_the_rows(city: City, wang: Person, li: Person) -> None:
    def agree() -> bool:
        return all(
            count_gaps(city.emergency, area) == count_open_gaps(city.emergency, area, GapKind.values)
            for area in city.areas.values()
        )

    assert agree()
    zhao = settle("P3", "赵敏", "C1-A-2-1")
    for person, role in ((wang, AppointmentRole.WARDEN), (li, AppointmentRole.DEPUTY)):
        area = city.area("C1-A-1-1")
        appoint(actor=OFFICER, now=NOON, emergency=city.emergency, area=area, person=person, role=role)
        assert agree()
    area = city.area("C1-A-1-2")
    appoint(actor=OFFICER, now=NOON, emergency=city.emergency, area=area, person=zhao, role=AppointmentRole.DEPUTY)
    assert agree()
