"""What an organization offers: changed by whoever answers for it, never below what it sends."""

from __future__ import annotations

import pytest

from muster.coverage.actions import change_offer, pair
from muster.coverage.models import Pairing
from muster.kernel.errors import RuleError
from muster.kernel.models import AuditEntry
from muster.organizations.models import Organization
from tests.coverage.city import NOON, OFFICER, City, build_city
from tests.coverage.test_concurrency import run_together


def seat(city: City) -> Organization:
    return Organization.objects.create(
        code="O1", name="市档案馆", kind="agency", seat_area=city.area("C1"), people_offered=9
    )


def send(city: City, organization: Organization, people: int) -> Pairing:
    return pair(
        actor=OFFICER,
        now=NOON,
        emergency=city.emergency,
        organization=organization,
        area=city.area("C2"),
        duties=["gate"],
        people=people,
    )


@pytest.mark.django_db
def test_an_offer_changes_and_its_history_keeps_both_numbers() -> None:
    organization = seat(build_city())
    assert change_offer(actor=OFFICER, now=NOON, organization=organization, people=12)
    assert not change_offer(actor=OFFICER, now=NOON, organization=organization, people=12)
    entry = AuditEntry.objects.get(verb="offer_changed")
    assert (entry.subject_id, entry.detail) == ("O1", {"before": 9, "after": 12})


@pytest.mark.django_db
def test_nobody_offers_fewer_than_they_send() -> None:
    city = build_city()
    organization = seat(city)
    send(city, organization, 4)
    with pytest.raises(RuleError, match="sends 4 people already"):
        change_offer(actor=OFFICER, now=NOON, organization=organization, people=3)
    assert change_offer(actor=OFFICER, now=NOON, organization=organization, people=4)


@pytest.mark.django_db(transaction=True)
def test_of_pairing_and_offering_less_at_once_one_is_refused() -> None:
    city = build_city()
    organization = seat(city)
    other = Organization.objects.get(pk=organization.pk)
    results = run_together(
        lambda: send(city, organization, 9),
        lambda: change_offer(actor=OFFICER, now=NOON, organization=other, people=2),
    )
    assert sum(isinstance(result, RuleError) for result in results) == 1
    sent = sum(Pairing.objects.filter(ends_at=None).values_list("people", flat=True))
    assert sent <= Organization.objects.get(pk=organization.pk).people_offered
