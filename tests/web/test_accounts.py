"""Accounts at the desk: made for colleagues, opened by a link that serves once, never larger than one's own."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from muster.access.actions import set_password_by_link
from muster.access.models import Grant, User
from muster.kernel.errors import NotAllowedError
from muster.kernel.models import AuditEntry
from tests.coverage.city import NOON
from tests.web.cast import PASSWORD
from tests.web.conftest import SignIn

NEW = {"display_name": "韩梅", "username": "hanmei", "role": "community_worker", "of_area": "江畔", "area": "2207"}


def make(client: Client, *, area: str = "2207", **said: str) -> str:
    """Make an account and return the link that is shown for it."""
    answer = client.post(f"/areas/{area}/accounts/new", {**NEW, **said})
    assert answer.status_code == 200, answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    found = re.search(r'value="http://testserver(/start/[^"]+)"', answer.content.decode())
    assert found is not None
    return found[1]


def test_a_colleague_gets_an_account_sets_the_password_and_is_signed_in(officer: Client) -> None:
    link = make(officer)
    colleague = Client()
    assert "hanmei" in colleague.get(link).content.decode()
    assert colleague.post(link, {"password": "short"}).status_code == 409
    assert colleague.post(link, {"password": PASSWORD}).status_code == 302
    assert colleague.get("/areas/C2").status_code == 200
    assert User.objects.get(username="hanmei").check_password(PASSWORD)
    verbs = AuditEntry.objects.filter(subject_id="hanmei").order_by("pk").values_list("verb", "actor_name")
    assert list(verbs) == [
        ("user_created", "值班员"),
        ("granted", "值班员"),
        ("password_link_given", "值班员"),
        ("password_set", "韩梅"),
    ]


def test_a_link_serves_once_and_a_newer_one_ends_it(officer: Client) -> None:
    first = make(officer)
    answer = officer.post("/account/hanmei/link")
    assert Client().get(first).status_code == 410
    found = re.search(r'value="http://testserver/start/([^"]+)"', answer.content.decode())
    assert found is not None
    set_password_by_link(now=NOON, key=found[1], password=PASSWORD)
    with pytest.raises(NotAllowedError, match="has served already"):
        set_password_by_link(now=NOON, key=found[1], password=PASSWORD)


def test_nobody_gives_what_they_do_not_hold(officer: Client, sign_in: SignIn) -> None:
    worker = sign_in("worker")
    assert officer.post("/areas/2207/accounts/new", {**NEW, "role": "auditor"}).status_code == 403
    larger = worker.post("/areas/C2/accounts/new", {**NEW, "role": "duty_officer"})
    elsewhere = worker.post("/areas/C2/accounts/new", {**NEW, "of_area": "C1", "role": "warden"})
    assert larger.status_code == 403
    assert elsewhere.status_code == 409
    assert not User.objects.filter(username="hanmei").exists()
    assert make(worker, area="C2", role="warden")


def test_an_account_is_looked_after_only_by_whoever_could_give_all_that_it_holds(
    officer: Client, sign_in: SignIn
) -> None:
    assert sign_in("worker").get("/account/officer").status_code == 404
    assert sign_in("auditor").get("/areas/2207/accounts").status_code == 403
    for act in ("link", "close"):
        assert officer.post(f"/account/auditor/{act}").status_code == 409
        assert officer.post(f"/account/officer/{act}").status_code == 409
    assert User.objects.get(username="auditor").has_usable_password()
    assert not User.objects.filter(is_active=False).exists()


def test_a_role_is_given_and_taken_away_and_an_account_closed_and_opened(officer: Client) -> None:
    page = "/account/worker"
    assert (
        officer.post(f"{page}/give-role", {"role": "organization_liaison", "of_organization": "O1"}).status_code == 302
    )
    assert officer.post(f"{page}/give-role", {"role": "warden", "of_area": "没有这里"}).status_code == 409
    given = Grant.objects.get(user__username="worker", organization__code="O1")
    assert officer.post(f"{page}/end-role", {"grant": given.pk}).status_code == 302
    given.refresh_from_db()
    assert given.until_at is not None
    officer.post(f"{page}/close")
    assert not User.objects.get(username="worker").is_active
    assert "已停用" in officer.get("/areas/2207/accounts").content.decode()
    officer.post(f"{page}/open")
    assert User.objects.get(username="worker").is_active


def test_whoever_knows_their_password_changes_it_and_takes_a_token_for_a_device(officer: Client) -> None:
    assert officer.post("/account/officer/password", {"current": "other", "password": PASSWORD}).status_code == 409
    said = {"current": PASSWORD, "password": "mei-you-ren-luo-xia-2"}
    assert officer.post("/account/officer/password", said).status_code == 302
    answer = officer.post("/account/officer/give-token", {"label": "值班手机"})
    assert "mus_" in answer.content.decode()
    assert "mus_" not in officer.get("/account/officer").content.decode()
    officer.post("/account/officer/revoke-tokens", {"label": "值班手机"})
    assert not User.objects.get(username="officer").tokens.filter(revoked_at=None).exists()
    assert officer.post("/account/worker/give-token", {"label": "别人"}).status_code == 409
