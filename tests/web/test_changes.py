"""What is changed at the desk: appointments and plans."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from muster.clocks.models import Gap
from muster.coverage.models import Appointment
from muster.duty.models import Duty, Shift
from muster.emergencies.actions import end
from muster.jobs.solving import solve_order
from muster.kernel import clock
from muster.kernel.models import AuditEntry
from muster.plans.actions import claim_order, tell_step
from muster.plans.models import Plan, PlanOrder
from tests.coverage.city import NOON, OFFICER
from tests.web.cast import Cast
from tests.web.conftest import SignIn, solve_ordered


def _gap(area: str) -> Gap | None:
    return Gap.objects.filter(area__code=area, kind="area_without_warden", closed_at=None).first()


def test_appointing_a_warden_closes_the_gap_and_is_written_down(officer: Client) -> None:
    assert _gap("C1-A-1-2") is not None
    answer = officer.post("/areas/C1-A-1-2/appoint", {"person": "P2", "role": "warden"})
    assert answer["Location"] == "/areas/C1-A-1-2"
    assert _gap("C1-A-1-2") is None
    assert "李建国" in officer.get("/areas/C1-A-1-2").content.decode()
    assert AuditEntry.objects.filter(verb="appointed", actor_name="值班员").exists()


def test_a_refused_appointment_says_why_where_the_list_was(officer: Client, cast: Cast) -> None:
    cast.people["P2"].max_appointments = 0
    cast.people["P2"].save()
    answer = officer.post("/areas/C1-A-1-2/appoint", {"person": "P2", "role": "warden"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert 'role="alert"' in page
    assert "不能这样做" in page
    assert not Appointment.objects.filter(area__code="C1-A-1-2").exists()


def test_replacing_a_warden_ends_the_first_appointment(officer: Client) -> None:
    officer.post("/areas/C1-A-1-1/appoint", {"person": "P5", "role": "warden", "replace": "yes"})
    first, second = Appointment.objects.filter(area__code="C1-A-1-1", role="warden").order_by("pk")
    assert (first.ends_at is None, second.ends_at is None) == (False, True)
    assert second.person.code == "P5"


def test_ending_an_appointment_opens_the_gap_with_its_reason(officer: Client) -> None:
    officer.post("/areas/C1-A-1-1/end", {"role": "warden", "reason": "ill"})
    assert _gap("C1-A-1-1") is not None
    page = officer.get("/areas/C1-A-1-1").content.decode()
    assert "生病" in page
    assert "没有负责人" in page


@pytest.mark.parametrize("role", ["", "king"])
def test_a_role_that_is_none_is_refused(officer: Client, role: str) -> None:
    assert officer.post("/areas/C1-A-1-2/appoint", {"person": "P2", "role": role}).status_code == 409


def test_a_plan_of_coverage_is_shown_and_published(officer: Client) -> None:
    address = solve_ordered(officer, "/coverage/2207/plan")
    page = officer.get(address).content.decode()
    assert "这是草案" in page
    assert "李建国" in page
    answer = officer.post(f"{address}/publish", follow=True)
    assert "已发布" in answer.content.decode()
    assert _gap("C1-A-1-2") is None


def test_a_plan_whose_base_changed_is_refused_and_says_what_changed(officer: Client) -> None:
    address = solve_ordered(officer, "/coverage/2207/plan")
    officer.post("/areas/C1-A-1-2/appoint", {"person": "P2", "role": "warden"})
    answer = officer.post(f"{address}/publish")
    assert answer.status_code == 409
    assert "方案没有发布" in answer.content.decode()
    assert Plan.objects.get().state == "solved"


def test_a_plan_put_aside_changes_nothing(officer: Client) -> None:
    before = Appointment.objects.count()
    address = solve_ordered(officer, "/coverage/2207/plan")
    answer = officer.post(f"{address}/aside", follow=True)
    assert "已搁置" in answer.content.decode()
    assert Appointment.objects.count() == before
    assert "/publish" not in officer.get(address).content.decode()


def test_a_plan_of_pairings_is_shown_and_published(officer: Client) -> None:
    address = solve_ordered(officer, "/pairings/2207/plan")
    assert officer.get(address).status_code == 200
    assert "已发布" in officer.post(f"{address}/publish", follow=True).content.decode()


def test_a_roster_is_planned_shown_by_people_and_days_and_published(officer: Client) -> None:
    address = solve_ordered(officer, "/roster/C1/plan", starts_on="2020-02-11", days="5")
    page = officer.get(address).content.decode()
    assert "is-new" in page
    answer = officer.post(f"{address}/publish", follow=True)
    assert "已发布" in answer.content.decode()
    assert Duty.objects.filter(shift__post__code="C1-EAST").count() == 5


def _order(officer: Client, address: str, **terms: str) -> str:
    return str(officer.post(address, {"time_limit_s": "5", "seed": "1", **terms})["Location"])


def test_planning_where_there_is_nothing_to_plan_says_so(officer: Client) -> None:
    address = _order(officer, "/roster/C2/plan", starts_on="2020-02-11", days="5")
    order = claim_order("worker of the tests")
    assert order is not None
    solve_order(order)
    page = officer.get(address).content.decode()
    assert 'role="alert"' in page
    assert "没有做出方案" in page
    assert "请导入岗位" in page
    assert "hx-trigger" not in officer.get(f"{address}/progress").content.decode()
    assert not Plan.objects.exists()


def test_a_plan_that_was_ordered_is_watched_until_it_is_there(officer: Client) -> None:
    address = _order(officer, "/coverage/2207/plan")
    page = officer.get(address).content.decode()
    assert "等待编排程序" in page
    assert f'hx-get="{address}/progress"' in page
    assert "正在编排" in officer.get("/coverage/2207").content.decode()
    order = claim_order("worker of the tests")
    assert order is not None
    tell_step(order, "solve", 3, 12)
    watched = officer.get(f"{address}/progress").content.decode()
    assert "求解" in watched
    assert "3 / 12" in watched
    assert "求解时限 5 秒" in watched
    solve_order(order)
    there = officer.get(f"{address}/progress")["HX-Redirect"]
    assert officer.get(address)["Location"] == there
    assert "这是草案" in officer.get(there).content.decode()


def test_without_an_emergency_nothing_is_ordered_and_the_screen_says_so(officer: Client, cast: Cast) -> None:
    end(actor=OFFICER, now=NOON, emergency=cast.city.emergency)
    answer = officer.post("/coverage/2207/plan", {}, follow=True)
    assert answer.status_code == 200
    assert "请先启动" in answer.content.decode()
    assert not PlanOrder.objects.exists()


def test_an_order_that_no_worker_takes_says_what_to_start(officer: Client) -> None:
    address = _order(officer, "/coverage/2207/plan")
    assert "muster work" not in officer.get(address).content.decode()
    PlanOrder.objects.update(queued_at=clock.real_now() - timedelta(seconds=60))
    assert "muster work" in officer.get(address).content.decode()


def test_a_plan_that_is_called_off_is_not_made(officer: Client) -> None:
    address = _order(officer, "/coverage/2207/plan")
    answer = officer.post(f"{address}/cancel", follow=True)
    assert "编排已取消" in answer.content.decode()
    assert claim_order("worker of the tests") is None
    assert "已取消" in officer.get(address).content.decode()
    assert officer.post(f"{address}/cancel")["Location"] == address


def _east_gate(day: int) -> Shift:
    return Shift.objects.get(post__code="C1-EAST", starts_at__day=day, pattern__slug="morning", needed=1)


def test_somebody_is_placed_on_an_empty_shift_from_the_list_of_who_could(officer: Client) -> None:
    shift = _east_gate(12)
    page = officer.get(f"/roster/C1?shift={shift.pk}").content.decode()
    assert "谁可以来" in page
    assert "李建国" in page
    answer = officer.post("/roster/C1/place", {"shift": shift.pk, "person": "P2", "by": "posts"}, follow=True)
    duty = Duty.objects.get(shift=shift, state="planned")
    assert duty.person.code == "P2"
    assert answer.redirect_chain[-1][0] == f"/roster/C1?by=posts&duty={duty.pk}"


def test_a_place_is_handed_to_another_and_the_first_person_is_off(officer: Client) -> None:
    shift = _east_gate(12)
    officer.post("/roster/C1/place", {"shift": shift.pk, "person": "P2"})
    first = Duty.objects.get(shift=shift, state="planned")
    officer.post("/roster/C1/place", {"duty": first.pk, "person": "P3"})
    first.refresh_from_db()
    assert first.state == "cancelled"
    assert Duty.objects.get(shift=shift, state="planned").person.code == "P3"


def test_taking_somebody_off_leaves_the_place_empty_with_a_gap(officer: Client) -> None:
    shift = _east_gate(12)
    officer.post("/roster/C1/place", {"shift": shift.pk, "person": "P2"})
    duty = Duty.objects.get(shift=shift, state="planned")
    answer = officer.post("/roster/C1/clear", {"duty": duty.pk, "reason": "ill"}, follow=True)
    assert "岗位空着" in answer.content.decode()
    assert Gap.objects.filter(kind="shift_unfilled", closed_at=None, subject__contains="20200212").exists()


def _rest_of_two_hours() -> Shift:
    """Lay a shift that begins two hours after the morning of the twelfth ends."""
    morning = _east_gate(12)
    late = Shift.objects.get(pk=morning.pk)
    late.pk, late._state.adding, late.needed = None, True, 2
    late.starts_at, late.ends_at = morning.ends_at + timedelta(hours=2), morning.ends_at + timedelta(hours=6)
    late.save()
    return late


def test_a_broken_rest_is_refused_in_the_language_of_the_desk_and_changes_nothing(officer: Client) -> None:
    late = _rest_of_two_hours()
    officer.post("/roster/C1/place", {"shift": _east_gate(12).pk, "person": "P2"})
    answer = officer.post("/roster/C1/place", {"shift": late.pk, "person": "P2"}, follow=True)
    assert 'role="alert"' in answer.content.decode()
    assert not Duty.objects.filter(shift=late).exists()


def test_an_officer_overrides_a_rest_by_name_and_with_a_reason(officer: Client) -> None:
    late = _rest_of_two_hours()
    officer.post("/roster/C1/place", {"shift": _east_gate(12).pk, "person": "P2"})
    page = officer.get(f"/roster/C1?shift={late.pk}").content.decode()
    assert "只休息 2 小时，规定至少 11 小时" in page
    officer.post("/roster/C1/place", {"shift": late.pk, "person": "P2", "override": "洪峰今夜过境"})
    duty = Duty.objects.get(shift=late)
    assert (duty.override_by, duty.override_reason) == ("值班员", "洪峰今夜过境")


def test_a_community_worker_may_not_override_a_rest(sign_in: SignIn) -> None:
    late = _rest_of_two_hours()
    answer = sign_in("worker").post("/roster/C2/place", {"shift": late.pk, "person": "P2", "override": "急用"})
    assert answer.status_code == 403
    assert not Duty.objects.filter(shift=late).exists()


@pytest.mark.parametrize("number", ["", "x", "0", "99999", "9" * 40])
def test_a_place_that_is_not_there_is_not_found(officer: Client, number: str) -> None:
    assert officer.post("/roster/C1/place", {"shift": number, "person": "P2"}).status_code == 404
    assert officer.get(f"/roster/C1?shift={number}").status_code in {200, 404}
