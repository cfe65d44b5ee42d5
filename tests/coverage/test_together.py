"""Many roles changed at once: one transaction, one act in the trail each, the refused told one by one."""

from __future__ import annotations

import pytest

from muster.clocks.models import Gap
from muster.coverage.actions import TogetherReport, appoint, change_together, stand_in_together
from muster.coverage.actions import together as module
from muster.coverage.kinds import AppointmentRole
from muster.coverage.models import Appointment, CoverageTally
from muster.kernel.errors import RuleError
from muster.kernel.models import AuditEntry
from muster.people.models import Person
from tests.coverage.city import NOON, OFFICER, City, settle

UNITS = ("C1-A-1-1", "C1-A-1-2", "C1-A-2-1")
WARDEN, DEPUTY = AppointmentRole.WARDEN, AppointmentRole.DEPUTY


def give(city: City, person: Person | None, *codes: str, may_replace: bool = True) -> TogetherReport:
    wanted = {city.area(code): {WARDEN: person} for code in codes}
    return change_together(
        actor=OFFICER, now=NOON, emergency=city.emergency, wanted=wanted, reason="rest", may_replace=may_replace
    )


def holders() -> dict[str, str]:
    return dict(Appointment.objects.filter(ends_at=None, role=WARDEN).values_list("area__code", "person__code"))


def test_one_person_is_appointed_as_far_as_the_limit_reaches(city: City) -> None:
    wang = settle("P1", "王秀兰", "C1-A-1-1", max_appointments=2)
    report = give(city, wang, *UNITS)
    assert holders() == {"C1-A-1-1": "P1", "C1-A-1-2": "P1"}
    assert [(one.area.code, one.error.what) for one in report.refused] == [
        ("C1-A-2-1", "王秀兰 (P1) answers for as many areas as allowed.")
    ]
    assert AuditEntry.objects.filter(verb="appointed").count() == 2
    assert CoverageTally.objects.get(area=city.area("2207"), level__slug="unit").covered == 2


def test_appointing_leaves_those_who_serve_and_replacing_does_not(city: City) -> None:
    wang, li = (settle(code, code, "C1-A-1-1", max_appointments=3) for code in ("P1", "P2"))
    give(city, wang, UNITS[0])
    report = give(city, li, *UNITS[:2], may_replace=False)
    assert [one.area.code for one in report.refused] == [UNITS[0]]
    give(city, li, *UNITS)
    assert set(holders().values()) == {"P2"}
    assert Appointment.objects.get(person=wang).end_reason == "rest"


def test_ending_opens_every_gap_and_going_back_closes_them(city: City) -> None:
    wang = settle("P1", "王秀兰", "C1-A-1-1", max_appointments=3)
    give(city, wang, *UNITS)
    report = give(city, None, *UNITS)
    gaps = Gap.objects.filter(closed_at=None, kind="area_without_warden", area__code__in=UNITS)
    assert gaps.count() == 3
    give(city, settle("P2", "李建国", "C1-A-1-2"), UNITS[0])
    back = {one.area: {one.role: one.before} for one in report.done}
    now = {one.area: {one.role: one.after} for one in report.done}
    undone = change_together(
        actor=OFFICER, now=NOON, emergency=city.emergency, wanted=back, reason="undone", expected=now
    )
    assert [one.error.what for one in undone.refused] == ["Somebody has changed it since."]
    assert holders() == {UNITS[0]: "P2", UNITS[1]: "P1", UNITS[2]: "P1"}
    assert not gaps.exists()


def test_deputies_stand_in_where_there_are_some(city: City) -> None:
    wang, li = settle("P1", "王秀兰", "C1-A-1-1"), settle("P2", "李建国", "C1-A-1-1")
    area = city.area(UNITS[0])
    for person, role in ((wang, WARDEN), (li, DEPUTY)):
        appoint(actor=OFFICER, now=NOON, emergency=city.emergency, area=area, person=person, role=role)
    areas = [area, city.area(UNITS[1])]
    report = stand_in_together(actor=OFFICER, now=NOON, emergency=city.emergency, areas=areas, reason="stood_in")
    assert holders() == {UNITS[0]: "P2"}
    assert [one.area.code for one in report.refused] == [UNITS[1]]
    back = {area: {one.role: one.before for one in report.done}}
    change_together(actor=OFFICER, now=NOON, emergency=city.emergency, wanted=back, reason="undone")
    assert holders() == {UNITS[0]: "P1"}


def test_too_much_at_once_is_refused_before_anything_is_done(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TOGETHER_LIMIT", 2)
    with pytest.raises(RuleError, match="At most 2 areas"):
        give(city, settle("P1", "王秀兰", "C1-A-1-1", max_appointments=3), *UNITS)
    assert not holders()
