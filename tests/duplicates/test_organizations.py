"""Two records of one organization become one, and are parted again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from muster.coverage.actions import pair
from muster.duplicates.actions import merge_organizations, undo_merge
from muster.duplicates.kinds import Likeness
from muster.duplicates.queries import list_organization_pairs
from muster.kernel.errors import RuleError
from muster.membership.actions import join, write_memberships
from muster.membership.kinds import Belonging
from muster.membership.models import Membership
from muster.organizations.actions import join_alliance, write_organizations
from muster.organizations.models import AllianceSeat, Organization
from muster.organizations.queries import get_organization
from tests.coverage.city import NOON, OFFICER
from tests.duplicates.conftest import Twice
from tests.duplicates.test_merging import _read_everything


@pytest.fixture
def again(twice: Twice) -> Organization:
    """The archive, entered a second time by its old name, with a pairing and a reading room beneath it."""
    city = twice.city
    again = Organization.objects.create(
        code="O9", name="市档案馆", pinyin="x", kind="agency", seat_area=city.area("C1"), people_offered=7
    )
    Organization.objects.create(code="O9-1", name="阅览室", kind="agency", seat_area=city.area("C1"), parent=again)
    Organization.objects.filter(code="O1").update(pinyin="x")
    pair(
        actor=OFFICER,
        now=NOON,
        emergency=city.emergency,
        organization=again,
        area=city.area("C2"),
        duties=["gate"],
        people=4,
    )
    join(actor=OFFICER, now=NOON - timedelta(days=20), person=twice.wang, organization=again)
    for organization in (again, twice.archive):
        join_alliance(actor=OFFICER, now=NOON, organization=organization, area=city.area("C1"))
    return again


def test_members_pairings_seats_and_branches_come_over_and_go_back(twice: Twice, again: Organization) -> None:
    before = _read_everything()
    merge = merge_organizations(actor=OFFICER, now=NOON, kept=twice.archive, other=again, choices={"offer": "other"})
    archive = get_organization("O9")
    assert (archive.code, archive.people_offered, archive.pairings.count()) == ("O1", 7, 1)
    assert get_organization("O9-1").parent == archive
    assert AllianceSeat.objects.get().organization == archive
    assert Membership.objects.get(person=twice.wang).since_on.isoformat() == "2020-01-21"
    undo_merge(actor=OFFICER, now=NOON, merge=merge)
    assert _read_everything() == before


def test_a_list_that_names_the_code_of_before_speaks_of_the_organization_that_stayed(
    twice: Twice, again: Organization
) -> None:
    merge_organizations(actor=OFFICER, now=NOON, kept=twice.archive, other=again)
    written = write_organizations([{"code": "O9", "name": "别的名字"}], actor=OFFICER, now=NOON)
    assert (written.ids["O9"], written.created, written.updated) == (twice.archive.pk, set(), set())
    write_memberships([Belonging("P9", "O9", "clerk")], actor=OFFICER, now=NOON)
    assert Membership.objects.get(person=twice.again).role == "clerk"


def test_an_organization_does_not_become_one_with_what_stands_far_above_it(twice: Twice, again: Organization) -> None:
    Organization.objects.filter(pk=twice.archive.pk).update(parent=Organization.objects.get(code="O9-1"))
    with pytest.raises(RuleError, match="stands above"):
        merge_organizations(actor=OFFICER, now=NOON, kept=twice.archive, other=again)


def test_an_organization_directly_beneath_the_other_takes_its_place(twice: Twice, again: Organization) -> None:
    Organization.objects.filter(pk=twice.archive.pk).update(parent=again)
    merge_organizations(actor=OFFICER, now=NOON, kept=twice.archive, other=again)
    assert get_organization("O1").parent is None


def test_organizations_of_one_name_in_one_seat_are_a_pair(twice: Twice, again: Organization) -> None:
    pair_found = list_organization_pairs(OFFICER, twice.city.area("2207"))[0]
    assert (pair_found.first, pair_found.second) == (twice.archive, again)
    assert pair_found.likenesses == (Likeness.NAME_AND_SEAT,)
