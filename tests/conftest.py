"""What all tests share. Django is not imported here: the planners' tests run where it is not installed."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.db.models import Model
    from pytest_django import DjangoDbBlocker

TRANSACTIONAL_FIXTURES = frozenset({"transactional_db", "django_db_reset_sequences", "live_server"})
DATABASE_FIXTURES = TRANSACTIONAL_FIXTURES | {"db"}

SEEDS: pytest.StashKey[list[list[Model]]] = pytest.StashKey()
BLOCKER: pytest.StashKey[DjangoDbBlocker] = pytest.StashKey()


def _uses(item: pytest.Item, fixtures: frozenset[str]) -> bool:
    return not fixtures.isdisjoint(getattr(item, "fixturenames", ()))


def _touches_database(item: pytest.Item) -> bool:
    return item.get_closest_marker("django_db") is not None or _uses(item, DATABASE_FIXTURES)


def _empties_database(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("django_db")
    return _uses(item, TRANSACTIONAL_FIXTURES) or (mark is not None and bool(mark.kwargs.get("transaction")))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what touches the database and what drives a browser, before ``-m`` chooses by the marks."""
    for item in items:
        if _touches_database(item):
            item.add_marker(pytest.mark.database)
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(autouse=True)
def _english(request: pytest.FixtureRequest) -> Iterator[None]:
    """Speak English beneath the screens, whether or not the translations are compiled."""
    if not _touches_database(request.node) or {"web", "browser"} & set(request.node.path.parts):
        yield
        return
    from django.utils import translation  # noqa: PLC0415 - see above

    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker, request: pytest.FixtureRequest) -> None:
    """Remember the rows that migrations write: levels, kinds of post, shift patterns."""
    from django.apps import apps  # noqa: PLC0415 - see above

    rooms = [app for app in apps.get_app_configs() if app.name.startswith("muster.")]
    with django_db_blocker.unblock():
        rows = [list(model._base_manager.all()) for app in rooms for model in app.get_models()]
    request.config.stash[SEEDS] = [each for each in rows if each]
    request.config.stash[BLOCKER] = django_db_blocker


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, None, None]:
    """Write those rows again after a test that committed, since its end empties every table."""
    yield
    if nextitem is not None and _empties_database(item) and SEEDS in item.config.stash:
        with item.config.stash[BLOCKER].unblock():
            for rows in item.config.stash[SEEDS]:
                type(rows[0])._base_manager.bulk_create(rows)
