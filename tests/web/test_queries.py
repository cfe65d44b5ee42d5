"""What a screen asks of the database: a bounded number of questions, all of them before it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.signals import template_rendered
from pytest_django import DjangoAssertNumQueries

from muster.territory.actions import create_areas
from muster.territory.kinds import AreaSpec
from tests.coverage.city import NOON
from tests.web.cast import ADMINISTRATOR, Cast
from tests.web.test_screens import SCREENS

BOARD_QUERIES = 45


@contextmanager
def _asked_while_drawing() -> Iterator[list[str]]:
    """Collect the questions asked from the moment the first template begins to be drawn."""
    asked: list[str] = []

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        asked.append(sql)
        return execute(sql, params, many, context)

    with ExitStack() as stack:
        is_watching = False

        def begin(**_kwargs: Any) -> None:
            nonlocal is_watching
            if not is_watching:
                is_watching = True
                stack.enter_context(connection.execute_wrapper(watch))

        template_rendered.connect(begin)
        stack.callback(template_rendered.disconnect, begin)
        yield asked


@pytest.mark.parametrize("address", SCREENS)
def test_no_template_asks_the_database(officer: Client, address: str) -> None:
    with _asked_while_drawing() as asked:
        assert officer.get(address).status_code == 200
    assert not asked


def test_the_board_asks_no_more_of_a_larger_city(
    officer: Client, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(BOARD_QUERIES) as small:
        officer.get("/")
    communities = [AreaSpec("community", f"C9{number}", f"新社区{number}", "220702001") for number in range(60)]
    compounds = [AreaSpec("compound", f"{each.code}-A", "新小区", each.code, households=90) for each in communities]
    create_areas([*communities, *compounds], actor=ADMINISTRATOR, now=NOON)
    with django_assert_max_num_queries(len(small.captured_queries)):
        officer.get("/")
