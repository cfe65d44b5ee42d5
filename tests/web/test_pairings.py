"""Pairings on the desk: offers against needs, asked, answered, changed and recalled."""

from __future__ import annotations

import pytest
from django.test import Client

from muster.access.actions import create_user
from muster.access.kinds import Role
from muster.clocks.models import Gap
from muster.coverage.models import Pairing
from muster.coverage.queries import Grouping, read_flow
from muster.organizations.models import Organization
from tests.coverage.city import NOON
from tests.web.cast import ADMINISTRATOR, Cast
from tests.web.conftest import SignIn


@pytest.fixture
def pairing(cast: Cast) -> Pairing:
    return Pairing.objects.get()


@pytest.fixture
def liaison(cast: Cast, sign_in: SignIn) -> Client:
    create_user(
        actor=ADMINISTRATOR,
        now=NOON,
        username="liaison",
        password="not-needed-here",
        display_name="档案馆联络员",
        role=Role.ORGANIZATION_LIAISON,
        organization=Organization.objects.get(code="O1"),
    )
    return sign_in("liaison")


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_flow_shows_who_sends_whom_where_and_who_is_left(officer: Client, cast: Cast, pairing: Pairing) -> None:
    page = read(officer, "/pairings/2207")
    assert "市档案馆 → 江畔社区 · 4 人 · 待答复" in page
    assert "余 5 人" in page
    assert f"?pairing={pairing.pk}" in page


@pytest.mark.parametrize("by", list(Grouping))
def test_organizations_are_put_together_in_three_ways(cast: Cast, by: Grouping) -> None:
    flow = read_flow(cast.city.emergency, cast.city.area("2207"), by)
    assert [(node.people, node.rest) for node in flow.sources] == [(4, 5)]
    assert [(ribbon.target, ribbon.people) for ribbon in flow.ribbons] == [("C2", 4)]


def test_a_liaison_declines_with_a_reason_and_the_community_wants_another(
    liaison: Client, officer: Client, pairing: Pairing
) -> None:
    assert "单位答复" in read(liaison, f"/organizations/O1?pairing={pairing.pk}")
    refused = liaison.post(f"/pairing/{pairing.pk}/decline", {"reason": "", "back": "/organizations/O1"}, follow=True)
    assert "没有写理由" in refused.content.decode()
    liaison.post(f"/pairing/{pairing.pk}/decline", {"reason": "人手都在防汛"})
    assert Gap.objects.get(kind="area_without_pairing", closed_at=None).why == "declined"
    assert "人手都在防汛" in read(officer, f"/pairings/2207?pairing={pairing.pk}")
    assert "单位不接受" in read(officer, "/pairings/2207")


def test_a_community_in_want_is_given_the_nearest_organization_with_people(officer: Client, pairing: Pairing) -> None:
    officer.post(f"/pairing/{pairing.pk}/recall", {"reason": "换一个单位"})
    page = read(officer, "/pairings/2207?wanting=C2")
    assert "市档案馆" in page
    assert "无物业的小区和楼栋" in page
    answer = officer.post("/pairings/C2/propose", {"organization": "O1", "duty": ["gate"], "people": "9"})
    again = Pairing.objects.get(ends_at=None)
    assert answer["Location"] == f"/pairings/C2?pairing={again.pk}"
    assert (again.people, again.duties) == (9, ["gate"])


def test_what_an_organization_takes_over_is_changed_on_its_card(
    officer: Client, liaison: Client, pairing: Pairing
) -> None:
    liaison.post(f"/pairing/{pairing.pk}/accept")
    officer.post(f"/pairing/{pairing.pk}/change", {"duty": ["hotline", "gate"], "people": "5"})
    pairing.refresh_from_db()
    assert (pairing.state, pairing.duties, pairing.people) == ("proposed", ["hotline", "gate"], 5)


def test_nobody_answers_for_an_organization_that_is_not_theirs(sign_in: SignIn, pairing: Pairing) -> None:
    for username, status in (("worker", 403), ("auditor", 403)):
        assert sign_in(username).post(f"/pairing/{pairing.pk}/accept").status_code == status
    assert sign_in("worker").post(f"/pairing/{pairing.pk}/recall", {"reason": "x"}).status_code == 403
    assert sign_in("officer").post("/pairing/999/accept").status_code == 404


def test_an_address_leads_back_only_within_the_desk(officer: Client, pairing: Pairing) -> None:
    answer = officer.post(f"/pairing/{pairing.pk}/accept", {"back": "//elsewhere.example/x"})
    assert answer["Location"] == "/pairings/C2"


def test_the_map_names_who_carries_each_part(officer: Client, cast: Cast) -> None:
    page = read(officer, "/pairings/220702001?view=map")
    assert "江畔社区 · 市档案馆" in page
    assert "?view=map" in page
