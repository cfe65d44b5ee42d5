"""Ending an emergency at the desk: told what ends with it, and done only once its name is written."""

from __future__ import annotations

from django.test import Client

from muster.coverage.models import Appointment, Pairing
from muster.duty.kinds import DutyState
from muster.duty.models import Duty, Shift
from muster.kernel.models import AuditEntry
from tests.coverage.city import NOON
from tests.web.cast import Cast
from tests.web.conftest import SignIn


def test_an_emergency_ends_once_its_name_is_written_and_all_that_hangs_on_it_with_it(
    officer: Client, cast: Cast
) -> None:
    emergency = cast.city.emergency
    shift = Shift.objects.order_by("-starts_at")[0]
    duty = Duty.objects.create(
        shift=shift, person=cast.people["P2"], starts_at=shift.starts_at, ends_at=shift.ends_at, changed_at=NOON
    )
    address = f"/emergencies/{emergency.code}/end"
    assert emergency.name_zh in officer.get(address).content.decode()
    assert officer.post(address, {"name": "别的名称"}).status_code == 409
    assert Appointment.objects.filter(ends_at=None).exists()
    assert officer.post(address, {"name": emergency.name_zh}).status_code == 302
    duty.refresh_from_db()
    emergency.refresh_from_db()
    assert emergency.ends_at is not None
    assert duty.state == DutyState.CANCELLED
    assert not Appointment.objects.filter(ends_at=None).exists()
    assert not Pairing.objects.filter(ends_at=None).exists()
    assert AuditEntry.objects.filter(verb="emergency_ended", subject_id=emergency.code).count() == 1
    assert officer.post(address, {"name": emergency.name_zh}).status_code == 409


def test_only_whoever_may_open_one_there_ends_it(sign_in: SignIn, cast: Cast) -> None:
    address = f"/emergencies/{cast.city.emergency.code}/end"
    assert sign_in("worker").get(address).status_code == 404
    assert sign_in("auditor").get(address).status_code == 403
    assert sign_in("officer").get("/emergencies/nowhere/end").status_code == 404
