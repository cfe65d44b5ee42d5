"""Why this person: a link beside the warden opens the next best."""

from __future__ import annotations

import pytest
from django.test import Client

from muster.coverage.planning import plan_coverage
from muster.coverage.planning.publishing import publish_coverage
from tests.coverage.city import NOON, OFFICER
from tests.web.cast import Cast
from tests.web.conftest import SignIn

REASON = "/areas/C1-A-2-1/why/warden"


@pytest.fixture
def published(cast: Cast) -> None:
    city = cast.city
    plan = plan_coverage(actor=OFFICER, now=NOON, emergency=city.emergency, area=city.area("2207"))
    publish_coverage(actor=OFFICER, now=NOON, plan=plan)


@pytest.mark.usefixtures("published")
def test_a_warden_is_explained_by_who_would_have_come_and_what_would_have_changed(officer: Client) -> None:
    assert REASON in officer.get("/areas/C1-A-2-1").content.decode()
    page = officer.get(REASON).content.decode()
    assert "次优人选" in page
    assert "将随之变动的其他区域" in page


@pytest.mark.usefixtures("published")
def test_names_are_shown_only_to_who_may_see_people(sign_in: SignIn, cast: Cast) -> None:
    page = sign_in("auditor", "en").get(REASON).content.decode()
    assert "Who would have come" in page
    assert not [person.name for person in cast.people.values() if person.name in page]


def test_somebody_appointed_by_hand_is_said_to_be_so(sign_in: SignIn) -> None:
    page = sign_in("officer", "en").get("/areas/C1-A-1-1/why/warden").content.decode()
    assert "appointed them by hand" in page


def test_a_role_that_does_not_exist_is_not_found(officer: Client) -> None:
    assert officer.get("/areas/C1-A-1-1/why/mayor").status_code == 404
