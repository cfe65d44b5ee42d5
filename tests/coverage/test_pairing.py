"""Pairings by need: by hand, and planned."""

from __future__ import annotations

import pytest

from muster.clocks.kinds import GapKind
from muster.clocks.models import Gap
from muster.coverage.actions import accept_pairing, change_pairing, decline_pairing, pair, recall_pairing
from muster.coverage.kinds import GapReason, PairingDuty, PairingState
from muster.coverage.models import Pairing
from muster.coverage.planning import difference, plan_pairing, publish, resolve
from muster.coverage.queries import find_pairing, list_pairings, list_steps, read_needs
from muster.emergencies.actions import end
from muster.kernel.errors import RuleError, StaleBaseError
from muster.organizations.models import Organization
from muster.plans.models import Plan
from muster.plans.queries import open_solution
from muster.territory.models import Area
from tests.coverage.city import NOON, OFFICER, City


def seat(city: City, code: str, at: str, people: int, kind: str = "agency") -> Organization:
    return Organization.objects.create(
        code=code, name=f"单位{code}", kind=kind, seat_area=city.area(at), people_offered=people
    )


def put(city: City, organization: Organization, code: str, people: int = 2) -> Pairing:
    return pair(
        actor=OFFICER,
        now=NOON,
        emergency=city.emergency,
        organization=organization,
        area=city.area(code),
        duties=[PairingDuty.GATE],
        people=people,
    )


def solve(city: City) -> Plan:
    return plan_pairing(actor=OFFICER, now=NOON, emergency=city.emergency, area=city.area("2207"), time_limit_s=2)


@pytest.fixture
def bureau(city: City) -> Organization:
    return seat(city, "O1", "C1", 6)


def test_a_community_without_committee_and_management_is_in_need(city: City) -> None:
    needs = {need.code: need.facts for need in read_needs(city.area("2207"))}
    assert (needs["C2"].has_committee, needs["C2"].unmanaged, needs["C2"].households) == (False, 1, 48)
    assert (needs["C1"].has_committee, needs["C1"].unmanaged) == (True, 0)


def test_an_area_has_one_responsible_organization(city: City, bureau: Organization) -> None:
    put(city, bureau, "C2")
    with pytest.raises(RuleError, match="单位O1"):
        put(city, seat(city, "O2", "C1", 6), "C2")


def test_an_organization_sends_no_more_people_than_it_offers(city: City, bureau: Organization) -> None:
    put(city, bureau, "C2", people=5)
    with pytest.raises(RuleError, match="1 left, not 2"):
        put(city, bureau, "C1", people=2)


def test_a_pairing_that_takes_over_nothing_is_refused(city: City, bureau: Organization) -> None:
    with pytest.raises(RuleError, match="at least one duty"):
        pair(
            actor=OFFICER,
            now=NOON,
            emergency=city.emergency,
            organization=bureau,
            area=city.area("C2"),
            duties=[],
            people=1,
        )


def test_the_end_of_a_pairing_opens_a_gap_only_where_there_is_need(city: City, bureau: Organization) -> None:
    for code in ("C1", "C2"):
        recall_pairing(actor=OFFICER, now=NOON, pairing=put(city, bureau, code), reason="needed elsewhere")
    gaps = Gap.objects.filter(kind=GapKind.AREA_WITHOUT_PAIRING, closed_at=None)
    assert [(gap.subject, gap.why) for gap in gaps] == [("C2", GapReason.RECALLED)]
    put(city, bureau, "C2")
    assert not gaps.all().exists()


def test_a_doorway_finds_the_pairing_of_its_community(city: City, bureau: Organization) -> None:
    pairing = put(city, bureau, "C2")
    assert find_pairing(city.emergency, city.area("C2-B")) == pairing
    assert find_pairing(city.emergency, city.area("C1-A")) is None


def test_the_community_in_need_is_paired_with_the_nearest_that_has_people(city: City, bureau: Organization) -> None:
    seat(city, "O2", "C2", 0)
    near = seat(city, "O3", "C2", 8)
    plan = solve(city)
    assert [(one.area_code, one.after and one.after.code) for one in difference(plan).new] == [("C2", "O3")]
    publish(actor=OFFICER, now=NOON, plan=plan)
    pairing = list_pairings(city.emergency, city.area("2207")).get()
    assert (pairing.organization, pairing.plan) == (near, plan)
    assert set(pairing.duties) == {"gate", "disinfection", "registration", "hotline"}


def test_committees_are_not_sent_to_other_communities(city: City) -> None:
    seat(city, "O1", "C1", 9, kind="committee")
    assert [gap.reason for gap in difference(solve(city)).gaps] == [GapReason.NO_CANDIDATE]


def test_a_standing_pairing_is_kept_though_another_is_nearer(city: City, bureau: Organization) -> None:
    put(city, bureau, "C2")
    seat(city, "O3", "C2", 8)
    report = publish(actor=OFFICER, now=NOON, plan=solve(city))
    assert (report.begun, report.ended, report.kept) == (0, 0, 1)


def test_a_community_left_out_says_why_and_whom_to_ask(city: City, bureau: Organization) -> None:
    Area.objects.filter(code="C1").update(kind="virtual", households=2_000)
    bureau.people_offered = 3
    bureau.save()
    plan = solve(city)
    publish(actor=OFFICER, now=NOON, plan=plan)
    gap = Gap.objects.get(kind=GapKind.AREA_WITHOUT_PAIRING, closed_at=None)
    assert (gap.subject, gap.why) == ("C2", GapReason.ALL_FULL)
    assert gap.why_detail["remedies"] == [{"remedy": "offer_more", "organizations": ["O1"]}]


def test_a_plan_of_pairings_is_refused_when_an_offer_changed_since(city: City, bureau: Organization) -> None:
    plan = solve(city)
    bureau.people_offered = 4
    bureau.save()
    with pytest.raises(StaleBaseError, match="how many people they offer"):
        publish(actor=OFFICER, now=NOON, plan=plan)
    assert not Pairing.objects.exists()


def test_a_city_without_need_has_nothing_to_plan(city: City) -> None:
    Area.objects.filter(code="C2").update(kind="residents_committee")
    with pytest.raises(RuleError, match="needs a pairing"):
        solve(city)


def test_a_plan_of_pairings_solved_again_gives_the_same(city: City, bureau: Organization) -> None:
    seat(city, "O3", "C2", 8)
    plan = Plan.objects.get(pk=solve(city).pk)
    again = resolve(plan)
    assert again.objective == plan.objective
    assert again.plan is not None
    assert again.plan.agent.tolist() == [1]
    assert open_solution(plan)["organization_ids"].tolist() == [Organization.objects.get(code="O3").pk]


def test_a_pairing_waits_for_its_answer_and_is_accepted_once(city: City, bureau: Organization) -> None:
    pairing = put(city, bureau, "C2")
    assert pairing.state == PairingState.PROPOSED
    accept_pairing(actor=OFFICER, now=NOON, pairing=pairing)
    with pytest.raises(RuleError, match="accepted already"):
        accept_pairing(actor=OFFICER, now=NOON, pairing=Pairing.objects.get())
    with pytest.raises(RuleError, match="accepted already"):
        decline_pairing(actor=OFFICER, now=NOON, pairing=pairing, reason="people are ill")
    assert [(step.state, step.by) for step in list_steps(pairing)] == [
        (PairingState.ACCEPTED, "duty officer"),
        (PairingState.PROPOSED, "duty officer"),
    ]


def test_a_declined_pairing_ends_with_its_reason_and_opens_the_gap(city: City, bureau: Organization) -> None:
    pairing = put(city, bureau, "C2")
    with pytest.raises(RuleError, match="reason is missing"):
        decline_pairing(actor=OFFICER, now=NOON, pairing=pairing, reason=" ")
    decline_pairing(actor=OFFICER, now=NOON, pairing=pairing, reason="people are ill")
    assert Gap.objects.get(kind=GapKind.AREA_WITHOUT_PAIRING, closed_at=None).why == GapReason.DECLINED
    last = list_steps(pairing)[0]
    assert (last.state, last.reason) == (PairingState.DECLINED, "people are ill")
    put(city, bureau, "C2", people=6)


def test_what_an_organization_takes_over_is_changed_and_it_answers_anew(city: City, bureau: Organization) -> None:
    pairing = put(city, bureau, "C2", people=4)
    accept_pairing(actor=OFFICER, now=NOON, pairing=pairing)
    with pytest.raises(RuleError, match="has 6 left, not 7"):
        change_pairing(actor=OFFICER, now=NOON, pairing=pairing, duties=["hotline"], people=7)
    change_pairing(actor=OFFICER, now=NOON, pairing=pairing, duties=["hotline"], people=6)
    standing = Pairing.objects.get()
    assert (standing.state, standing.duties, standing.people) == (PairingState.PROPOSED, ["hotline"], 6)
    accept_pairing(actor=OFFICER, now=NOON, pairing=standing)
    change_pairing(actor=OFFICER, now=NOON, pairing=standing, duties=["hotline"], people=6)
    assert standing.state == PairingState.ACCEPTED


def test_pairings_end_with_the_emergency_and_with_a_plan_that_has_others(city: City, bureau: Organization) -> None:
    pairing = put(city, bureau, "C2")
    Organization.objects.filter(pk=bureau.pk).update(people_offered=0)
    seat(city, "O3", "C2", 8)
    publish(actor=OFFICER, now=NOON, plan=solve(city))
    assert list_steps(pairing)[0].reason == "plan"
    end(actor=OFFICER, now=NOON, emergency=city.emergency)
    assert set(Pairing.objects.values_list("state", flat=True)) == {PairingState.ENDED}
