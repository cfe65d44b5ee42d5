"""The needs desk: the queue and its filters, one need taken further, many at once, and who may read what was asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from muster.access.actions import create_user
from muster.access.kinds import Role
from muster.access.models import User
from muster.access.queries import COMMAND_LINE, SystemActor
from muster.access.tokens import give_token
from muster.needs.actions import NeedFact, raise_need
from muster.needs.kinds import NeedKind, NeedState, NeedUrgency
from muster.needs.models import Need
from muster.organizations.models import Organization
from tests.coverage.city import NOON
from tests.web.cast import Cast
from tests.web.conftest import SignIn

DOOR, WORDS = "C1-A-1-1", "母亲的降压药没了"


def _ask(area: str = DOOR, words: str = WORDS, kind: NeedKind = NeedKind.MEDICINE, minutes: int = 0) -> Need:
    at = NOON + timedelta(minutes=minutes)
    fact = NeedFact(area, kind, words, client_id=uuid4(), at=at)
    return raise_need(actor=SystemActor("Xu Jing"), now=at, fact=fact)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "address", ["", "?state=settled", "?urgency=today&kind=medicine&carrier=nobody", "?unplaced=yes"]
)
def test_the_queue_opens_however_it_is_filtered(sign_in: SignIn, address: str, language: str) -> None:
    need = _ask()
    page = sign_in("officer", language).get(f"/needs/2207{address}")
    assert page.status_code == 200
    assert (WORDS in page.content.decode()) == (need.code in page.content.decode())


@pytest.mark.parametrize("view", ["needs", "needs_carry", "needs_alike"])
def test_every_view_opens_with_needs_and_with_none(officer: Client, view: str) -> None:
    address = reverse(view, args=["2207"])
    assert officer.get(address).status_code == 200
    _ask("C2-B"), _ask("C2-B", minutes=5), _ask("220702001")
    assert officer.get(address).status_code == 200


def test_a_need_goes_from_hand_to_hand_at_the_desk_and_is_done(officer: Client) -> None:
    need = _ask()
    officer.post(reverse("give_need", args=[need.code]), {"carrier": f"warden:{DOOR}"})
    refused = officer.post(reverse("give_need", args=[need.code]), {"carrier": "office:C1"}, follow=True)
    assert "转给别人要说明原因" in refused.content.decode()
    officer.post(reverse("give_need", args=[need.code]), {"carrier": "office:C1", "note": "不在家"})
    officer.post(reverse("need_urgency", args=[need.code]), {"urgency": "life"})
    page = officer.get(f"/needs/2207?need={need.code}").content.decode()
    assert "松林社区" in page
    assert "王秀兰" in page
    assert "不在家" in page
    for state in ("accepted", "answered"):
        officer.post(reverse("need_step", args=[need.code]), {"state": state})
    need.refresh_from_db()
    assert (need.state, need.urgency, need.is_triaged) == (NeedState.ANSWERED, NeedUrgency.LIFE, True)


def test_many_are_given_to_their_wardens_at_once_and_what_cannot_be_stays(officer: Client) -> None:
    first, far = _ask(), _ask("C2-B")
    cells = [f"{need.code}:need" for need in (first, far)]
    page = officer.post(reverse("needs_together", args=["2207"]), {"cell": cells, "to": "warden"}, follow=True)
    assert "1 件没有动" in page.content.decode()
    assert dict(Need.objects.values_list("code", "state")) == {first.code: "given", far.code: "open"}


def test_one_press_gives_what_an_organization_can_carry(officer: Client) -> None:
    need = _ask("C2-B")
    page = officer.get(reverse("needs_carry", args=["2207"])).content.decode()
    gift = f"{need.code}|organization:O1"
    assert gift in page
    officer.post(reverse("give_suggested", args=["2207"]), {"gift": [gift]})
    need.refresh_from_db()
    assert need.carrier_organization is not None
    assert need.carrier_organization.code == "O1"


def test_two_that_look_alike_are_joined_and_parted_at_the_desk(officer: Client) -> None:
    first, again = _ask(), _ask(minutes=9)
    assert first.code in officer.get(reverse("needs_alike", args=["2207"])).content.decode()
    officer.post(reverse("join_need", args=[first.code]), {"other": again.code})
    again.refresh_from_db()
    assert again.joined_to == first
    assert "另有 1 次求助" in officer.get("/needs/2207").content.decode()
    officer.post(reverse("part_need", args=[again.code]))
    again.refresh_from_db()
    assert again.joined_to is None


def test_a_need_without_a_door_is_placed(officer: Client) -> None:
    need = _ask("220702001")
    officer.post(reverse("place_need", args=[need.code]), {"place": DOOR})
    need.refresh_from_db()
    assert need.area.code == DOOR


def test_an_auditor_sees_that_somebody_asks_and_not_what(sign_in: SignIn) -> None:
    need, auditor = _ask(), sign_in("auditor")
    page = auditor.get("/needs/2207").content.decode()
    assert "明珠小区" in page
    assert WORDS not in page
    assert auditor.get(f"/needs/2207?need={need.code}").status_code == 404
    assert auditor.get("/needs/2207/carry").status_code == 403


def test_a_worker_can_do_nothing_with_a_need_of_another_community(sign_in: SignIn) -> None:
    need, worker = _ask(), sign_in("worker")
    answers = {
        code: worker.post(reverse("need_step", args=[code]), {"state": "answered"}).status_code
        for code in (need.code, "nothing")
    }
    assert answers == {need.code: 404, "nothing": 404}
    worker.post(reverse("needs_together", args=["C2"]), {"cell": [f"{need.code}:need"], "urgency": "can_wait"})
    need.refresh_from_db()
    assert (need.state, need.is_triaged) == (NeedState.OPEN, False)


def test_a_program_follows_the_queue_and_gives_what_it_finds(cast: Cast) -> None:
    need, client = _ask(), Client()
    token = give_token(actor=COMMAND_LINE, now=NOON, user=User.objects.get(username="officer"))
    told: dict[str, Any] = {"headers": {"authorization": f"Bearer {token}"}, "content_type": "application/json"}
    [listed] = client.get("/api/v1/needs?area=2207", **told).json()["needs"]
    assert (listed["id"], listed["urgency"], listed["is_proposed"]) == (str(need.client_id), "today", True)
    address = f"/api/v1/needs/{need.client_id}"
    carriers = client.get(address, **told).json()["carriers"]
    assert {"kind": "office", "code": "C1", "name": "松林社区", "duties": []} in carriers
    given = client.post(f"{address}/give", {"to": {"kind": "warden"}}, **told).json()
    assert (given["state"], given["carrier"]) == ("given", {"kind": "warden", "code": "", "name": "", "duties": []})
    again = client.post(f"{address}/give", {"to": {"kind": "office"}}, **told)
    assert (again.status_code, again.json()["code"]) == (409, "no_reason")
    assert client.post(f"{address}/urgency", {"urgency": "life"}, **told).json()["is_proposed"] is False
    assert client.post(f"{address}/place", {"area": "C2-B"}, **told).json()["area"] == "C2-B"
    assert client.get(f"/api/v1/needs?area=2207&after={listed['number']}", **told).json() == {"needs": [], "next": None}
    assert client.get("/api/v1/needs?area=nowhere", **told).status_code == 404


def test_a_phone_hands_a_need_on_with_a_fact(cast: Cast) -> None:
    need, client = _ask(), Client()
    token = give_token(actor=COMMAND_LINE, now=NOON, user=User.objects.get(username="officer"))
    step = {"kind": "need_step", "id": str(uuid4()), "at": NOON.isoformat(), "need": str(need.client_id)}
    facts = [
        {**step, "state": "given", "to": {"kind": "warden"}, "urgency": "life"},
        {**step, "id": str(uuid4()), "state": "given", "to": {"kind": "organization", "code": "O1"}},
    ]
    answers = client.post(
        "/api/v1/facts",
        {"facts": facts},
        content_type="application/json",
        headers={"authorization": f"Bearer {token}"},
    ).json()["answers"]
    assert [answer.get("code") for answer in answers] == [None, "no_such_carrier"]
    need.refresh_from_db()
    assert (need.carrier_kind, need.urgency) == ("warden", NeedUrgency.LIFE)


def test_a_liaison_opens_what_is_in_their_organization_s_hands_and_takes_it_further(
    cast: Cast, sign_in: SignIn, officer: Client
) -> None:
    create_user(
        actor=COMMAND_LINE,
        now=NOON,
        username="liaison",
        password="mei-you-ren-luo-xia",
        display_name="联络员",
        role=Role.ORGANIZATION_LIAISON,
        organization=Organization.objects.get(code="O1"),
    )
    liaison, given, other = sign_in("liaison"), _ask("C2-B", "没菜了", NeedKind.FOOD), _ask()
    officer.post(reverse("give_need", args=[given.code]), {"carrier": "organization:O1"})
    page = liaison.get(f"{reverse('organization_needs', args=['O1'])}?need={given.code}").content.decode()
    assert "没菜了" in page
    assert WORDS not in page
    liaison.post(reverse("need_step", args=[given.code]), {"state": "accepted"})
    given.refresh_from_db()
    assert given.state == NeedState.ACCEPTED
    assert liaison.post(reverse("need_step", args=[other.code]), {"state": "accepted"}).status_code == 404
    assert sign_in("worker").get(reverse("organization_needs", args=["O1"])).status_code in {403, 404}
