"""Cover at the desk and by link: asked from a place, answered without an account, entered for who has no telephone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from muster.access.models import User
from muster.clocks.models import Gap
from muster.duty.actions import assign, propose_swap, write_offer_link, write_swap_link
from muster.duty.actions.gaps import match_gaps
from muster.duty.models import CoverRequest, CoverRules, Duty, Notice, Shift, Swap
from muster.duty.queries.covering import find_place
from muster.kernel import clock
from tests.coverage.city import NOON, OFFICER
from tests.web.cast import Cast
from tests.web.conftest import SignIn


def _shift(day: int = 11) -> Shift:
    return Shift.objects.get(post__code="C1-EAST", starts_at__day=day, pattern__slug="morning", needed=1)


def _stand(cast: Cast, code: str = "P1", day: int = 11) -> Duty:
    return assign(actor=OFFICER, now=NOON, shift=_shift(day), person=cast.people[code])


def _path(link: str) -> str:
    return "/" + link.split("/", 3)[3]


def _ask(officer: Client) -> CoverRequest:
    answer = officer.post("/roster/C1/ask", {"shift": _shift().pk})
    request = CoverRequest.objects.get()
    assert answer["Location"] == f"/roster/C1/asked/{request.pk}"
    return request


def test_cover_is_asked_from_an_empty_place_and_answered_by_link_without_an_account(
    cast: Cast, officer: Client, client: Client
) -> None:
    assert "找人顶班" in officer.get(f"/roster/C1?shift={_shift().pk}").content.decode()
    request = _ask(officer)
    offers = list(request.offers.order_by("rank"))
    asked = officer.get(f"/roster/C1/asked/{request.pk}").content.decode()
    assert offers[0].person.name in asked
    first, second = (_path(write_offer_link(offer)) for offer in offers[:2])
    page = client.get(first).content.decode()
    assert "我来" in page
    assert "东门卡口" in page
    assert client.post(first, {"answer": "yes"})["Location"] == first
    assert "辛苦了" in client.get(first).content.decode()
    late = client.post(second, {"answer": "yes"})
    told = late.content.decode()
    assert (late.status_code, "已经有人值" in told, offers[0].person.name in told) == (409, True, False)
    assert Duty.objects.get(shift=request.shift, state="planned").person == offers[0].person
    assert offers[0].person.name in officer.get("/roster/2207/asked").content.decode()


def test_the_card_of_a_gap_leads_to_its_place(cast: Cast, officer: Client) -> None:
    shift = _shift()
    match_gaps(emergency=shift.emergency, now=NOON, shifts=Shift.objects.filter(pk=shift.pk))
    gap = Gap.objects.get(kind="shift_unfilled")
    assert f"shift={shift.pk}" in officer.get(f"/gaps/2207?gap={gap.pk}").content.decode()
    duty = _stand(cast)
    assert find_place(shift.emergency, gap.subject) == f"duty={duty.pk}"


def test_a_link_that_nobody_gave_opens_nothing(cast: Cast, officer: Client, client: Client) -> None:
    offer = _ask(officer).offers.all()[0]
    swap_like = _path(write_offer_link(offer)).replace("/cover/", "/swap/")
    for address in ("/cover/1.forged", "/cover/nothing", swap_like):
        assert client.get(address).status_code == 404


def test_an_answer_by_telephone_is_entered_and_marked(cast: Cast, officer: Client) -> None:
    request = _ask(officer)
    offers = list(request.offers.order_by("rank"))
    address = f"/roster/C1/asked/{request.pk}"
    officer.post(f"{address}/answer", {"offer": offers[0].pk, "answer": "no"})
    officer.post(f"{address}/answer", {"offer": offers[1].pk, "answer": "yes"})
    page = officer.get(address).content.decode()
    assert "代录" in page
    assert list(request.offers.order_by("rank").values_list("state", "is_for_other")[:2]) == [
        ("declined", True),
        ("accepted", True),
    ]


def test_the_next_are_asked_now_and_a_request_is_taken_back(cast: Cast, officer: Client) -> None:
    rules = {"wave_people": 2, "wave_min": 5, "most_people": 4, "swaps_need_officer": "yes"}
    officer.post("/roster/C1/asked/rules", rules)
    assert CoverRules.objects.get().swaps_need_officer is True
    request = _ask(officer)
    assert request.offers.count() == 2
    officer.post(f"/roster/C1/asked/{request.pk}/next")
    assert request.offers.count() == 4
    officer.post(f"/roster/C1/asked/{request.pk}/withdraw")
    assert "已撤回" in officer.get(f"/roster/C1/asked/{request.pk}").content.decode()
    refused = officer.post("/roster/C1/asked/rules", {**rules, "wave_people": 0}, follow=True).content.decode()
    assert "不合适" in refused


def test_a_notice_of_illness_leads_to_the_request_and_a_late_one_marks_the_place(cast: Cast, officer: Client) -> None:
    late, ill = _stand(cast, "P1", 11), _stand(cast, "P2", 13)
    answer = officer.post("/roster/C1/notice", {"duty": late.pk, "kind": "late", "minutes": "20"}, follow=True)
    assert "晚到" in answer.content.decode()
    assert "晚到" in officer.get("/posts/C1-EAST").content.decode()
    answer = officer.post("/roster/C1/notice", {"duty": ill.pk, "kind": "ill", "minutes": "20"}, follow=True)
    assert "李建国" in answer.content.decode()
    assert set(Notice.objects.values_list("kind", "is_for_other")) == {("late", True), ("ill", True)}
    assert CoverRequest.objects.get().replaces == ill


def test_a_swap_is_proposed_at_the_desk_and_agreed_by_link(cast: Cast, officer: Client, client: Client) -> None:
    first, second = _stand(cast, "P1", 11), _stand(cast, "P2", 13)
    choices = officer.get(f"/roster/C1/swaps?duty={first.pk}").content.decode()
    assert "李建国" in choices
    officer.post("/roster/C1/swaps", {"duty": first.pk, "person": "P2", "other": second.pk})
    swap = Swap.objects.get()
    assert "王秀兰" in officer.get("/roster/C1/asked").content.decode()
    link = _path(write_swap_link(swap))
    assert "同意" in client.get(link).content.decode()
    client.post(link, {"answer": "yes"})
    assert Duty.objects.get(shift=first.shift, state="planned").person == cast.people["P2"]
    officer.post("/roster/C1/swaps", {"duty": Duty.objects.get(shift=first.shift, state="planned").pk, "person": "P3"})
    given = Swap.objects.latest("pk")
    officer.post(f"/roster/C1/swaps/{given.pk}", {"act": "decline"})
    given.refresh_from_db()
    assert given.state == "declined"


def test_who_may_not_change_the_roster_neither_asks_nor_answers(cast: Cast, officer: Client, sign_in: SignIn) -> None:
    request = _ask(officer)
    auditor, offer = sign_in("auditor"), request.offers.all()[0]
    address = f"/roster/C1/asked/{request.pk}"
    for path, said in (
        ("/roster/C1/ask", {"shift": _shift(12).pk}),
        (f"{address}/answer", {"offer": offer.pk, "answer": "yes"}),
        (f"{address}/withdraw", {}),
        ("/roster/C1/asked/rules", {"wave_people": 1, "wave_min": 1, "most_people": 1}),
    ):
        assert auditor.post(path, said).status_code == 403
    page = auditor.get(address).content.decode()
    assert offer.person.name not in page
    assert sign_in("worker").get(address).status_code == 404
    assert officer.get(f"/roster/C2/asked/{request.pk}").status_code == 404


@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_a_device_answers_for_its_person_and_for_nobody_else(
    cast: Cast, officer: Client, client: Client, answer: str
) -> None:
    request = _ask(officer)
    offers = list(request.offers.order_by("rank"))
    user = User.objects.create(username="own", person=offers[0].person)
    client.force_login(user)
    (mine,) = client.get("/api/v1/cover/mine").json()["offers"]
    assert (mine["id"], mine["state"], mine["is_open"], mine["brief"]["notes"]) == (offers[0].pk, "offered", True, [])
    other = client.post(f"/api/v1/cover/{offers[1].pk}/{answer}")
    assert (other.status_code, other.json()["code"]) == (404, "not_there")
    done = client.post(f"/api/v1/cover/{offers[0].pk}/{answer}")
    assert (done.status_code, done.json()["state"]) == (200, {"accept": "accepted", "decline": "declined"}[answer])


def _propose(client: Client, **asked: object) -> Any:
    return client.post("/api/v1/swaps", asked, content_type="application/json")


def test_a_device_swaps_for_its_person(cast: Cast, client: Client) -> None:
    first, second = _stand(cast, "P1", 11), _stand(cast, "P2", 13)
    one, two = (User.objects.create(username=code, person=cast.people[code]) for code in ("P1", "P2"))
    client.force_login(one)
    proposed = _propose(client, duty=first.pk, person="P2", other_duty=second.pk)
    assert (proposed.status_code, proposed.json()["state"], proposed.json()["is_mine"]) == (200, "proposed", True)
    busy = _propose(client, duty=first.pk, person="P3")
    assert (busy.status_code, busy.json()["code"]) == (409, "busy")
    nobody = _propose(client, duty=second.pk, person="P3")
    assert nobody.status_code == 404
    number = proposed.json()["id"]
    assert client.post(f"/api/v1/swaps/{number}/accept").status_code == 404
    client.force_login(two)
    assert [swap["id"] for swap in client.get("/api/v1/swaps/mine").json()["swaps"]] == [number]
    assert client.post(f"/api/v1/swaps/{number}/accept").json()["state"] == "done"
    client.force_login(one)
    taken = client.post(f"/api/v1/swaps/{number}/withdraw")
    assert (taken.status_code, taken.json()["code"]) == (409, "answered")
    swap = propose_swap(
        actor=OFFICER,
        now=clock.now(),
        duty=Duty.objects.get(shift=first.shift, state="planned"),
        person=cast.people["P3"],
    )
    assert client.post(f"/api/v1/swaps/{swap.pk}/withdraw").status_code == 404
