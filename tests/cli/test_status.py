"""``muster status`` tells every measure, to a person or to a program."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from muster.cli.status import app
from muster.kernel.errors import MusterError
from muster.situation.measures import MEASURES
from tests.duty.cast import add_post, build_town, lay_out

pytestmark = pytest.mark.django_db


def run(*words: str) -> str:
    result = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_json_has_every_measure_by_name_as_of_a_moment() -> None:
    town = build_town()
    add_post(town)
    lay_out(town, days=3)
    document = json.loads(run("--json"))
    assert set(document) == {"as_of", "area", "measures"}
    assert document["area"] == town.city.code
    assert document["as_of"].endswith("+08:00")
    assert list(document["measures"]) == list(MEASURES)
    assert document["measures"]["places_unfilled"] == 6


def test_an_area_can_be_named() -> None:
    town = build_town()
    add_post(town, area=town.wenyuan)
    lay_out(town, days=3)
    document = json.loads(run("--area", town.jinghu.code, "--json"))
    assert (document["area"], document["measures"]["shifts_unfilled"]) == (town.jinghu.code, 0)


@pytest.mark.parametrize(("language", "word"), [("en_US.UTF-8", "people on duty"), ("zh_CN.UTF-8", "日均在岗人数")])
def test_people_read_a_table_in_their_language(monkeypatch: pytest.MonkeyPatch, language: str, word: str) -> None:
    build_town()
    monkeypatch.setenv("LC_ALL", language)
    assert word in run()


def test_without_an_emergency_only_what_is_recorded_has_a_value() -> None:
    town = build_town()
    town.emergency.ends_at = town.emergency.starts_at
    town.emergency.save()
    measures = json.loads(run("--json"))["measures"]
    assert measures["areas"] == 4
    assert measures["warden_coverage"] is None


def test_an_unknown_area_is_refused() -> None:
    with pytest.raises(MusterError, match="no area with the code nowhere"):
        run("--area", "nowhere")
