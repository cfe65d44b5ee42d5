"""Lists of offices are recognized, checked and taken as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from muster.intake.actions import bring, check, confirm_columns, take
from muster.intake.models import Import
from tests.coverage.city import NOON, OFFICER, City
from tests.intake.offices import LISTS, OfficeList


def bring_list(folder: Path, city: City, office: OfficeList, area: str = "2207") -> Import:
    path = folder / office.file_name
    office.write(path)
    return bring(actor=OFFICER, now=NOON, area=city.area(area), path=path, file_name=office.file_name)


@pytest.mark.parametrize("office", LISTS, ids=lambda office: office.file_name)
def test_a_list_is_recognized_and_checked_as_it_came(tmp_path: Path, city: City, office: OfficeList) -> None:
    brought = bring_list(tmp_path, city, office)
    assert brought.kind == office.kind
    confirm_columns(actor=OFFICER, now=NOON, brought=brought, columns=brought.columns)
    found = check(actor=OFFICER, now=NOON, brought=brought)
    assert (found.created, found.refused) == (office.created, office.refused), found
    taken = take(actor=OFFICER, now=NOON, brought=brought, is_partial=True)
    assert taken.created == office.created
