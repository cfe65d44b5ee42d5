"""Open screens: what they are told, and the parts they ask for."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from muster.situation.live_hub import HUB_KEY, Hub
from tests.web.cast import Cast
from tests.web.conftest import SignIn

STREAM: dict[str, Any] = {"HTTP_ACCEPT": "text/event-stream"}


def test_where_no_stream_can_be_kept_an_event_source_is_told_not_to_come_again(officer: Client) -> None:
    assert officer.get("/live/2207", **STREAM).status_code == 204


def test_whoever_asks_without_a_stream_is_told_what_may_have_changed(officer: Client) -> None:
    told = json.loads(officer.get("/live/2207?since=1").content)
    assert told["here"] == ["coverage", "gaps", "needs", "posts"]
    assert told["mark"] > 1


def test_a_stream_is_opened_only_on_what_one_may_see(sign_in: SignIn) -> None:
    worker = sign_in("worker")
    surroundings = {**STREAM, HUB_KEY: Hub()}
    assert worker.get("/live/C2", **surroundings)["Content-Type"] == "text/event-stream"
    assert worker.get("/live/C1", **surroundings).status_code == 404
    assert worker.get("/live/nowhere", **surroundings).status_code == 404


def test_parts_come_alone_and_with_the_tree_opened_as_it_is(officer: Client) -> None:
    page = officer.get("/live/2207/parts?part=tree&part=top&open=220702").content.decode()
    assert 'id="live-tree"' in page
    assert "团结街道" in page
    assert 'id="live-map"' not in page
    assert "<html" not in page
    assert officer.get("/live/2207/parts?part=everything").status_code == 404


def test_what_is_opened_beside_the_own_areas_is_not_shown(sign_in: SignIn) -> None:
    page = sign_in("worker").get("/live/C2/parts?part=tree&open=2207&open=C1").content.decode()
    assert "江畔" in page
    assert "明珠小区" not in page


def test_the_board_is_played_back_by_its_address_without_script(officer: Client, cast: Cast) -> None:
    began = cast.city.emergency.starts_at
    page = officer.get("/areas/2207?at=2019-01-01T00:00").content.decode()
    assert "data-playback" in page
    assert f'name="day" value="{began.astimezone().date().isoformat()[:4]}' in page
    assert "data-follow" not in page
    assert "data-follow" in officer.get("/areas/2207?at=never").content.decode()
