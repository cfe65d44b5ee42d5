"""Two offices that import at the same moment both get their rows, each area a path of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from django.db import connection

from muster.territory.actions import create_areas
from muster.territory.kinds import AreaSpec
from muster.territory.models import Area

NOW = datetime(2020, 2, 20, tzinfo=UTC)


class Clerk:
    """Whoever imports."""

    audit_id = None
    audit_name = "clerk"


@pytest.mark.django_db(transaction=True)
def test_two_importers_at_once_never_share_a_path() -> None:
    create_areas([AreaSpec("city", "2207", "松原市")], actor=Clerk(), now=NOW)
    start = Barrier(2)
    failures: list[BaseException] = []

    def load(prefix: str) -> None:
        try:
            start.wait()
            specs = [AreaSpec("county", f"{prefix}{number}", f"{prefix}{number}", "2207") for number in range(40)]
            create_areas(specs, actor=Clerk(), now=NOW)
        except BaseException as error:  # a thread must hand on whatever went wrong
            failures.append(error)
        finally:
            connection.close()

    offices = [Thread(target=load, args=(prefix,)) for prefix in "ab"]
    for office in offices:
        office.start()
    for office in offices:
        office.join()
    assert failures == []
    counties = Area.objects.filter(level__slug="county").values_list("path", flat=True)
    assert (len(counties), len(set(counties))) == (80, 80)
