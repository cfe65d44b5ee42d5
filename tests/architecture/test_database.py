"""Both databases hold the same house."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from muster.territory.models import Area, Level

pytestmark = pytest.mark.django_db


def test_every_migration_is_applied() -> None:
    executor = MigrationExecutor(connection)
    assert not executor.migration_plan(executor.loader.graph.leaf_nodes())


def test_paths_sort_by_their_bytes_and_not_by_a_language() -> None:
    level = Level.objects.create(slug="hamlet", rank=999, name_zh="屯", name_en="hamlet")
    for path in ("zb", "Za", "0c", "za", "ZB"):
        Area.objects.create(code=path, name=path, level=level, path=path)
    in_order = Area.objects.filter(level=level).order_by("path").values_list("path", flat=True)
    assert list(in_order) == ["0c", "ZB", "Za", "za", "zb"]
