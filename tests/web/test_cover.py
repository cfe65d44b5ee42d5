"""Somebody is ill or away: noted at the desk, covered by a plan that is looked at before it stands."""

from __future__ import annotations

from datetime import date

from django.test import Client

from muster.duty.actions import assign
from muster.duty.models import Duty, Shift
from muster.people.models import Absence
from muster.plans.models import Plan
from tests.coverage.city import NOON, OFFICER
from tests.web.cast import Cast
from tests.web.conftest import SignIn


def _stand(cast: Cast, day: int) -> Duty:
    """Put the first resident on the east gate's shift of a day."""
    shift = Shift.objects.get(post__code="C1-EAST", starts_at__day=day, pattern__slug="morning", needed=1)
    return assign(actor=OFFICER, now=NOON, shift=shift, person=cast.people["P1"])


def test_an_absence_is_noted_at_once_and_its_cover_stands_when_it_is_published(cast: Cast, officer: Client) -> None:
    duties = [_stand(cast, day) for day in (11, 13)]
    page = officer.get(f"/roster/C1?duty={duties[0].pk}").content.decode()
    assert "生病或离开" in page
    answer = officer.post("/roster/C1/cover", {"duty": duties[0].pk, "until": "2020-02-13"})
    plan = Plan.objects.get()
    assert answer["Location"] == f"/plans/{plan.pk}"
    absence = Absence.objects.get()
    assert (absence.person.code, absence.ends_on) == ("P1", date(2020, 2, 13))
    assert "王秀兰" in officer.get(answer["Location"]).content.decode()
    officer.post(f"/plans/{plan.pk}/publish")
    assert list(Duty.objects.filter(person__code="P1", state="planned")) == duties[1:]
    assert Duty.objects.filter(shift=duties[0].shift, state="planned").exclude(person__code="P1").count() == 1


def test_a_day_back_that_leaves_nothing_to_cover_is_told_and_nothing_is_noted(cast: Cast, officer: Client) -> None:
    duty = _stand(cast, 12)
    answer = officer.post("/roster/C1/cover", {"duty": duty.pk, "until": "2020-02-11"}, follow=True)
    assert "王秀兰 在 2020-02-11 之前没有值班。" in answer.content.decode()
    assert not Absence.objects.exists()
    assert not Plan.objects.exists()


def test_who_may_only_look_notes_no_absence(cast: Cast, sign_in: SignIn) -> None:
    duty = _stand(cast, 12)
    answer = sign_in("auditor").post("/roster/C1/cover", {"duty": duty.pk, "until": "2020-02-14"})
    assert answer.status_code in {403, 404}
    assert not Absence.objects.exists()
