"""Rows inserted in bulk are the same rows as those made one by one."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.forms.models import model_to_dict

from muster.clocks.kinds import GapKind
from muster.clocks.models import Gap
from muster.kernel.bulk import insert_rows
from muster.kernel.statistics import take_statistics, take_statistics_after_commit
from muster.people.models import Person
from tests.coverage.city import NOON, City, build_city


@pytest.fixture
def city(db: None) -> City:
    return build_city()


def gap_values(gap: Gap) -> dict[str, Any]:
    return {**model_to_dict(gap, exclude=["id", "subject"]), "urgency": gap.urgency}


@pytest.mark.parametrize("kind", [GapKind.AREA_WITHOUT_WARDEN, GapKind.AREA_WITHOUT_DEPUTY])
def test_a_row_inserted_in_bulk_has_all_that_one_made_alone_has(city: City, kind: GapKind) -> None:
    area = city.area("C1")
    detail = {"people": 2, "remedies": ["问", "back\\slash\ttab"]}
    alone = Gap.objects.create(
        emergency=city.emergency,
        kind=kind,
        subject="alone",
        area=area,
        owner_area=area,
        since_at=NOON,
        clock_from_at=NOON,
        why_detail=detail,
    )
    fields = ("kind", "subject", "area_id", "owner_area_id", "why_detail")
    rows = [(kind, "together", area.pk, area.pk, detail)]
    same = {"emergency_id": city.emergency.pk, "since_at": NOON, "clock_from_at": NOON}
    assert insert_rows(Gap, fields, rows, same=same) == 1
    alone.refresh_from_db()
    assert gap_values(Gap.objects.get(subject="together")) == gap_values(alone)


@pytest.mark.django_db
def test_encrypted_fields_are_encrypted_and_nothing_stays_nothing() -> None:
    rows = [(f"B{n}", "王 芳", "+8615400000000" if n else None) for n in range(3)]
    insert_rows(Person, ("code", "name", "phone"), rows)
    assert [person.phone for person in Person.objects.order_by("code")] == [None, "+8615400000000", "+8615400000000"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM people_person WHERE phone IS NOT NULL")
        kept = {row[0] for row in cursor.fetchall()}
    assert len(kept) == 2
    assert not any("154" in text[:4] for text in kept)


@pytest.mark.django_db
def test_one_row_that_breaks_a_constraint_takes_all_back_across_chunks() -> None:
    rows = [(f"B{n}", "王芳") for n in range(25_000)]
    with pytest.raises(IntegrityError):
        insert_rows(Person, ("code", "name"), [*rows, ("B7", "王芳")])
    assert not Person.objects.exists()


@pytest.mark.django_db
def test_rows_may_come_from_a_query_that_is_read_meanwhile() -> None:
    insert_rows(Person, ("code", "name"), [(f"B{n}", "王芳") for n in range(3)])
    standing = Person.objects.order_by("pk").values_list("code", "name").iterator()
    assert insert_rows(Person, ("code", "name"), ((f"again-{code}", name) for code, name in standing)) == 3


@pytest.mark.django_db
def test_a_field_that_is_no_column_is_refused() -> None:
    with pytest.raises(TypeError, match="not a column"):
        insert_rows(Person, ("absences",), [])


@pytest.mark.django_db
def test_statistics_are_taken_once_however_many_lists_a_transaction_writes() -> None:
    with transaction.atomic():
        take_statistics_after_commit()
        take_statistics_after_commit()
        steps = [entry for entry in connection.run_on_commit if take_statistics in entry]
    assert len(steps) == 1
