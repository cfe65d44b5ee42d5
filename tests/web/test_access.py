"""Whose eyes see what, and whose hands may change it."""

from __future__ import annotations

import re

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from muster.access.actions import create_user
from muster.access.kinds import Role
from muster.access.models import User
from muster.coverage.models import Appointment
from muster.plans.models import Plan
from muster.web.frame import screen
from tests.coverage.city import NOON
from tests.web.cast import ADMINISTRATOR, PASSWORD, Cast
from tests.web.conftest import SignIn, solve_ordered

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"|name="next" value="[^"]*"')


def test_whoever_meets_a_busy_database_is_told_to_do_it_once_more(officer: Client, rf: RequestFactory) -> None:
    def wait(_request: HttpRequest) -> HttpResponse:
        raise OperationalError("database is locked")

    request = rf.get("/")
    request.user = User.objects.get(username="officer")
    answer = screen(wait)(request)
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")


def _body(client: Client, address: str) -> tuple[int, str]:
    answer = client.get(address)
    return answer.status_code, TOKEN.sub("", answer.content.decode())


@pytest.mark.parametrize("kind", ["areas", "coverage", "pairings", "roster", "gaps", "figures", "tree"])
def test_what_is_absent_and_what_is_forbidden_look_the_same(sign_in: SignIn, kind: str) -> None:
    worker = sign_in("worker")
    assert _body(worker, f"/{kind}/C1") == _body(worker, f"/{kind}/NOWHERE")
    assert worker.get(f"/{kind}/C1").status_code == 404


def test_people_outside_an_actors_area_cannot_be_told_from_nobody(sign_in: SignIn) -> None:
    worker = sign_in("worker")
    assert _body(worker, "/people/P1") == _body(worker, "/people/NOBODY")
    assert "王秀兰" not in worker.get("/search?q=王秀").content.decode()


def test_a_worker_is_offered_only_people_of_their_own_community(sign_in: SignIn) -> None:
    page = sign_in("worker").get("/areas/C2-B?appoint=warden").content.decode()
    assert 'id="candidates"' in page
    assert "王秀兰" not in page
    assert "王秀兰" in sign_in("officer").get("/areas/C2-B?appoint=warden").content.decode()


def test_a_worker_starts_at_their_own_community(sign_in: SignIn) -> None:
    page = sign_in("worker").get("/").content.decode()
    assert "江畔社区" in page
    assert "松林社区" not in page


def test_an_auditor_sees_coverage_but_neither_names_nor_forms(sign_in: SignIn) -> None:
    auditor = sign_in("auditor")
    for address in ("/areas/C1-A-1-1", "/areas/C1-A", "/coverage/2207", "/roster/C1?by=posts"):
        page = auditor.get(address).content.decode()
        assert "王秀兰" not in page, address
        assert "/appoint" not in page, address
        assert "/plan" not in page, address
    assert auditor.get("/people/P1").status_code == 404


@pytest.mark.parametrize("measure", ["wardens_people", "people", "warden_coverage", "duties"])
def test_an_auditor_sees_figures_of_people_without_their_names(sign_in: SignIn, measure: str) -> None:
    page = sign_in("auditor").get(f"/measures/{measure}?area=2207").content.decode()
    assert "王秀兰" not in page


def test_an_auditor_cannot_appoint_or_plan_by_hand_made_forms(sign_in: SignIn) -> None:
    auditor = sign_in("auditor")
    appointments = Appointment.objects.count()
    for address in ("/areas/C1-A-1-2/appoint", "/areas/C1-A-1-1/end", "/coverage/2207/plan", "/roster/C1/plan"):
        answer = auditor.post(address, {"person": "P2", "role": "warden", "reason": "rest"})
        assert answer.status_code == 403, address
    assert Appointment.objects.filter(ends_at=None).count() == appointments
    assert not Plan.objects.exists()


def test_a_worker_plans_but_does_not_publish(sign_in: SignIn, cast: Cast) -> None:
    worker = sign_in("worker")
    address = solve_ordered(worker, "/coverage/C2/plan")
    page = worker.get(address).content.decode()
    assert "/aside" in page
    assert "/publish" not in page
    assert worker.post(f"{address}/publish").status_code == 403


def test_changes_are_refused_without_the_token_of_the_page(cast: Cast, sign_in: SignIn) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = sign_in("officer").cookies
    assert strict.post("/coverage/2207/plan", {}).status_code == 403


def test_a_change_is_never_made_by_opening_an_address(officer: Client) -> None:
    assert officer.get("/areas/C1-A-1-2/appoint").status_code == 405
    assert officer.get("/coverage/2207/plan").status_code == 405


def test_whoever_sees_one_unit_sees_no_neighbor_in_its_matrix(cast: Cast) -> None:
    create_user(
        actor=ADMINISTRATOR,
        now=NOON,
        username="warden",
        password=PASSWORD,
        display_name="单元长",
        role=Role.WARDEN,
        area=cast.city.area("C1-A-1-2"),
    )
    client = Client()
    client.force_login(User.objects.get(username="warden"))
    page = client.get("/").content.decode()
    assert "/areas/C1-A-1-2" in page
    assert "C1-A-1-1" not in page
    assert "C1-A-2" not in page
