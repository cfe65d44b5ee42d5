"""The page of a door without a browser: what it says, what it never says, and how often it may be asked."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from django.core.cache import cache
from django.test import Client
from PIL import Image

from muster.emergencies.actions import end
from muster.needs.actions import give_door_addresses
from muster.needs.models import Asker, DoorAddress, Need, NeedPicture
from muster.needs.rules import say_code
from muster.people.models import Person
from muster.web.door import limits
from tests.coverage.city import NOON, OFFICER
from tests.web.cast import Cast
from tests.web.conftest import SignIn

PHONE = "+8613912345678"


@pytest.fixture
def door(cast: Cast) -> str:
    """Give the address of a unit's door, whose warden has a telephone."""
    Person.objects.update(phone=PHONE)
    [code] = give_door_addresses([cast.city.area("C1-A-1-1")]).values()
    cache.clear()
    return f"/d/{code}"


@pytest.fixture
def resident() -> Client:
    """Give a telephone that has never been here, and takes no cookies."""
    return Client(enforce_csrf_checks=True, headers={"accept-language": "zh-CN"})


def _ask(resident: Client, door: str, **said: object) -> str:
    answer = resident.post(f"{door}/ask", {"kind": "medicine", **said})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def _photograph() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "PNG")
    file.seek(0)
    file.name = "药盒.png"
    return file


def test_a_door_says_who_answers_and_never_a_persons_number(resident: Client, door: str) -> None:
    for address in (door, door.upper().replace("/D/", "/d/"), f"{door}/ask"):
        page = resident.get(address).content.decode()
        assert "明珠小区" in page
        assert "13912345678" not in page
        assert "<script" not in page
    assert "王秀兰" in resident.get(door).content.decode()
    assert "单元长" in resident.get(door).content.decode()
    assert "no-store" in resident.get(door)["Cache-Control"]


def test_a_door_without_an_emergency_says_so_and_takes_nothing(resident: Client, door: str, cast: Cast) -> None:
    end(actor=OFFICER, now=NOON, emergency=cast.city.emergency)
    page = resident.get(door).content.decode()
    assert "没有启动应急响应" in page
    assert "王秀兰" not in page
    assert "不受理求助" in resident.get(f"{door}/ask").content.decode()
    assert resident.post(f"{door}/ask", {"kind": "food"}).status_code == 409
    assert not Need.objects.exists()


def test_an_address_that_no_door_has_says_what_to_do(resident: Client, door: str) -> None:
    answer = resident.get("/d/zzzzzzzz")
    assert answer.status_code == 404
    assert "没有这个地址码" in answer.content.decode()
    assert "哪个门" in resident.get("/d/").content.decode()
    spoken = say_code(door[3:])
    assert resident.get("/d/", {"door": spoken})["Location"] == door


def test_a_resident_asks_sees_the_code_and_follows_it_to_the_end(resident: Client, door: str) -> None:
    told = _ask(resident, door, words="降压药没了<b>", household="302", contact="13900001234", pictures=_photograph())
    need, asker = Need.objects.get(), Asker.objects.get()
    assert told == f"{door}/need/{need.code}?told=new"
    assert (need.words, asker.household, asker.contact) == ("降压药没了", "302", "13900001234")
    page = resident.get(told).content.decode()
    assert say_code(need.code) in page
    assert "还没有人接手" in page
    assert "13900001234" not in page
    picture = resident.get(f"{door}/need/{need.code}/pictures/{NeedPicture.objects.get().pk}")
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/jpeg")
    follow = told.split("?")[0]
    assert resident.post(follow, {"act": "word", "words": "今天就断了"})["Location"] == follow
    assert resident.post(follow, {"act": "word"}).status_code == 409
    resident.post(follow, {"act": "solved"})
    page = resident.get(follow).content.decode()
    assert page.index("今天就断了") < page.index("您说已经解决")
    assert resident.post(follow, {"act": "withdraw"}).status_code == 409


def test_the_same_form_sent_again_leads_to_the_same_request(resident: Client, door: str) -> None:
    found = re.search(r'name="id" value="([^"]+)"', resident.get(f"{door}/ask?kind=food").content.decode())
    assert found is not None
    first, again = (_ask(resident, door, id=found[1]) for _ in range(2))
    assert again == first.replace("told=new", "told=again")
    assert Need.objects.count() == 1


def test_what_was_typed_stays_where_too_little_was_said(resident: Client, door: str) -> None:
    answer = resident.post(f"{door}/ask", {"words": " ", "household": "3楼 302"})
    assert answer.status_code == 409
    assert "还没说需要什么" in answer.content.decode()
    assert "3楼 302" in answer.content.decode()


def test_a_wrong_code_is_told_and_not_tried_without_end(
    resident: Client, door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "WRONG_CODES", replace(limits.WRONG_CODES, most=2))
    code = _ask(resident, door).split("/")[-1].split("?")[0]
    assert resident.get(f"{door}/need", {"code": say_code(code)})["Location"] == f"{door}/need/{code}"
    for _ in range(2):
        assert resident.get(f"{door}/need/00000000").status_code == 404
    assert resident.get(f"{door}/need/00000000").status_code == 429
    assert resident.get(f"{door}/need/{code}").status_code == 429


def test_very_many_requests_of_a_door_are_told_where_to_ring(
    resident: Client, door: str, monkeypatch: pytest.MonkeyPatch, officer: Client
) -> None:
    officer.post("/areas/C1/office-phone", {"phone": "0438-212 3456"})
    monkeypatch.setattr(limits, "ASKED_AT_DOOR", replace(limits.ASKED_AT_DOOR, most=1))
    _ask(resident, door)
    answer = resident.post(f"{door}/ask", {"kind": "food"})
    assert answer.status_code == 429
    assert "0438-212 3456" in answer.content.decode()
    assert Need.objects.count() == 1


def test_guessing_addresses_of_doors_comes_to_an_end(
    resident: Client, door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "WRONG_DOORS", replace(limits.WRONG_DOORS, most=1))
    assert resident.get("/d/zzzzzzzz").status_code == 404
    assert resident.get("/d/zzzzzzzz").status_code == 429


def test_a_worker_enters_what_was_told_by_telephone(sign_in: SignIn, door: str) -> None:
    worker = sign_in("worker")
    assert "代人登记" in worker.get("/areas/C2-B/ask").content.decode()
    answer = worker.post("/areas/C2/ask", {"of_door": "老粮库家属楼", "kind": "food", "words": "没菜了"})
    need = Need.objects.get()
    assert answer["Location"] == f"/areas/C2/ask?entered={need.code}&at=C2-B"
    assert (need.area.code, need.is_for_other) == ("C2-B", True)
    page = worker.get(answer["Location"]).content.decode()
    assert say_code(need.code) in page
    follow = f"/d/{DoorAddress.objects.get(area__code='C2-B').code}/need/{need.code}"
    assert follow in page
    found = worker.get("/areas/C2/ask/find", {"need": say_code(need.code)})
    assert found["Location"] == f"/needs/C2-B?need={need.code}"
    assert worker.get("/areas/C2/ask/find", {"need": "00000000"}).status_code == 404
    assert "电话或书面求助" in worker.get(follow).content.decode()


def test_a_worker_enters_nothing_beyond_their_own_doors(sign_in: SignIn, door: str) -> None:
    worker = sign_in("worker")
    assert worker.get("/areas/C1/ask").status_code == 404
    answer = worker.post("/areas/C2/ask", {"of_door": door[3:], "kind": "food"})
    assert answer.status_code == 409
    assert worker.post("/areas/C2/ask", {"of_door": "哪儿", "kind": "food"}).status_code == 409
    assert sign_in("auditor").get("/areas/C2/ask").status_code == 403
    assert not Need.objects.exists()


def test_the_desk_gives_a_door_its_page(officer: Client, cast: Cast) -> None:
    answer = officer.post("/areas/C1-A-2-1/door")
    assert answer["Location"] == f"/d/{DoorAddress.objects.get().code}"
    assert officer.post("/areas/C1-A-2-1/door")["Location"] == answer["Location"]
