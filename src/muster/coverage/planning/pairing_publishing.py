"""The difference that a plan of pairings makes, and publishing it in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db import transaction

from muster.clocks.actions import GapSpec, close_gaps, open_gaps
from muster.clocks.kinds import GapKind
from muster.clocks.queries import read_owners
from muster.coverage.actions.pairing import end_pairings, write_steps
from muster.coverage.kinds import GapReason, Remedy
from muster.coverage.models import Pairing
from muster.coverage.planning.changes import (
    Change,
    ChangeKind,
    Named,
    PlanDifference,
    PlannedGap,
    PublishReport,
    compare,
    full_name,
    in_batches,
)
from muster.coverage.planning.pairing import PAIRING_REASONS
from muster.coverage.planning.pairing_base import PairingBase, read_pairing_base
from muster.coverage.planning.parts import count_parts
from muster.coverage.planning.tree import Int64s
from muster.coverage.rules import NeedFacts, choose_duties, score_need
from muster.emergencies.actions import lock_active
from muster.kernel.audit import Actor
from muster.kernel.errors import StaleBaseError
from muster.organizations.models import Organization
from muster.plans.actions import check_undecided, mark_published
from muster.plans.models import Plan
from muster.plans.queries import open_problem, open_solution
from muster.territory.models import Area

ROLE = "pairing"


@dataclass(frozen=True, eq=False)
class KeptPairing:
    """A kept plan of pairings: one entry a community, in the order of the tree."""

    area_ids: Int64s
    facts: list[NeedFacts]
    organization_ids: Int64s
    people: Int64s
    reason: Int64s
    nearest: Int64s

    def detail(self, at: int, codes: dict[int, str]) -> dict[str, Any]:
        """Return the figures behind a gap, and whom to ask for more people."""
        facts = self.facts[at]
        near = [codes[int(pk)] for pk in self.nearest[at] if int(pk) in codes]
        return {
            "need": score_need(facts),
            "households": facts.households,
            "unmanaged": facts.unmanaged,
            "has_committee": facts.has_committee,
            "remedies": [{"remedy": Remedy.OFFER_MORE.value, "organizations": near}],
        }


def open_pairing(plan: Plan) -> KeptPairing:
    """Open a kept plan of pairings."""
    problem, solution = open_problem(plan), open_solution(plan)
    facts = [NeedFacts(int(one[0]), int(one[1]), bool(one[2])) for one in problem["base_needs"].T]
    names = ("organization_ids", "people", "reason", "nearest")
    return KeptPairing(problem["base_area_ids"], facts, **{name: solution[name] for name in names})


def _read_standing(plan: Plan, area_ids: Int64s) -> dict[int, Pairing]:
    found: dict[int, Pairing] = {}
    for batch in in_batches(area_ids.tolist()):
        active = Pairing.objects.filter(emergency=plan.emergency, area__in=batch, ends_at=None)
        found |= {one.area_id: one for one in active}
    return found


def pairing_difference(plan: Plan, *, limit: int | None = 500) -> PlanDifference:
    """Compare a plan of pairings with what stands now; see ``PlanDifference``."""
    kept = open_pairing(plan)
    pairings = _read_standing(plan, kept.area_ids)
    standing = np.array(
        [pairings[pk].organization_id if pk in pairings else -1 for pk in kept.area_ids.tolist()], np.int64
    )
    kinds = compare(standing, kept.organization_ids)
    areas = _read_areas(kept)
    names = _read_organizations(kept, standing)
    lists: dict[str, tuple[Change, ...]] = {}
    for kind in ChangeKind:
        rows = np.flatnonzero(kinds == kind.value)[:limit]
        lists[kind.value] = tuple(_change(kind, kept, int(at), areas, names, int(standing[at])) for at in rows)
    gap_rows = np.flatnonzero(kept.reason >= 0)
    reasons = [PAIRING_REASONS[reason] for reason in kept.reason[gap_rows]]
    return PlanDifference(
        counts={**{kind.value: int((kinds == kind.value).sum()) for kind in ChangeKind}, "gaps": len(gap_rows)},
        **lists,
        gaps=tuple(_gap(kept, int(at), areas, names) for at in gap_rows[:limit]),
        gap_reasons={reason.value: reasons.count(reason) for reason in dict.fromkeys(reasons)},
        parts=count_parts(plan.area, kept.area_ids, kinds, gap_rows),
    )


def _read_areas(kept: KeptPairing) -> dict[int, Area]:
    areas: dict[int, Area] = {}
    for batch in in_batches(kept.area_ids.tolist()):
        areas |= {one.pk: one for one in Area.objects.filter(pk__in=batch).select_related("level", "parent")}
    return areas


def _read_organizations(kept: KeptPairing, standing: Int64s) -> dict[int, Named]:
    numbers = np.unique(np.concatenate([kept.organization_ids, standing, kept.nearest.ravel()]))
    names: dict[int, Named] = {}
    for batch in in_batches(numbers.tolist()):
        rows = Organization.objects.filter(pk__in=batch).values_list("pk", "code", "name")
        names |= {pk: Named(code, name) for pk, code, name in rows}
    return names


def _change(
    kind: ChangeKind, kept: KeptPairing, at: int, areas: dict[int, Area], names: dict[int, Named], before: int
) -> Change:
    area = areas[int(kept.area_ids[at])]
    after = names.get(int(kept.organization_ids[at]))
    return Change(
        kind=kind,
        area_code=area.code,
        area_name=full_name(area),
        level=area.level.slug,
        role=ROLE,
        before=names.get(before),
        after=after,
        duties=tuple(duty.value for duty in choose_duties(kept.facts[at])) if after else (),
        people=int(kept.people[at]),
    )


def _gap(kept: KeptPairing, at: int, areas: dict[int, Area], names: dict[int, Named]) -> PlannedGap:
    area = areas[int(kept.area_ids[at])]
    return PlannedGap(
        area_code=area.code,
        area_name=full_name(area),
        level=area.level.slug,
        role=ROLE,
        reason=PAIRING_REASONS[kept.reason[at]],
        detail=kept.detail(at, {pk: one.code for pk, one in names.items()}),
    )


def publish_pairing(*, actor: Actor, now: datetime, plan: Plan) -> PublishReport:
    """Publish a plan of pairings, with gaps for the communities that it leaves out.

    Raises
    ------
    StaleBaseError
        If what it was planned from has changed; the message names what.
    RuleError
        If it was published or put aside before, or the emergency has ended.
    """
    with transaction.atomic():
        locked = lock_active(plan.emergency)
        check_undecided(plan)
        _refuse_stale(plan, read_pairing_base(locked, plan.area))
        kept = open_pairing(plan)
        standing = _read_standing(plan, kept.area_ids)
        planned = dict(zip(kept.area_ids.tolist(), kept.organization_ids.tolist(), strict=True))
        changed = [one for one in standing.values() if planned[one.area_id] != one.organization_id]
        end_pairings(actor.audit_name, now, changed, "plan")
        staying = {one.area_id for one in standing.values()} - {one.area_id for one in changed}
        begun = _begin(actor, now, plan, kept, staying)
        gaps = _update_gaps(now, plan, kept)
        mark_published(actor=actor, now=now, plan=plan, detail={"begun": begun, "ended": len(changed)})
    return PublishReport(plan.pk, begun, len(changed), len(staying), gaps)


def _refuse_stale(plan: Plan, base: PairingBase) -> None:
    if base.fingerprint() == plan.fingerprint:
        return
    kept, now = open_problem(plan), base.parts()
    words = {
        "area_ids": "the communities in need",
        "needs": "what they lack",
        "organization_ids": "the organizations that offer people",
        "capacity": "how many people they offer",
        "standing": "the pairings that stand",
    }
    changed = [word for name, word in words.items() if not np.array_equal(kept[f"base_{name}"], now[name])]
    told = " and ".join(changed) or "the points of the territory"
    raise StaleBaseError(
        f"Since plan {plan.pk} was solved, {told} changed.",
        where=plan.area.code,
        remedy="Plan again: it takes what changed into account.",
    )


def _begin(actor: Actor, now: datetime, plan: Plan, kept: KeptPairing, staying: set[int]) -> int:
    fresh = [
        Pairing(
            emergency_id=plan.emergency_id,
            organization_id=int(organization),
            area_id=int(area_id),
            duties=[duty.value for duty in choose_duties(facts)],
            people=int(people),
            starts_at=now,
            plan=plan,
        )
        for area_id, facts, organization, people in zip(
            kept.area_ids, kept.facts, kept.organization_ids, kept.people, strict=True
        )
        if organization >= 0 and int(area_id) not in staying
    ]
    Pairing.objects.bulk_create(fresh, batch_size=1000)
    write_steps(actor.audit_name, now, fresh)
    return len(fresh)


def _update_gaps(now: datetime, plan: Plan, kept: KeptPairing) -> int:
    areas = _read_areas(kept)
    names = _read_organizations(kept, np.zeros(0, np.int64))
    codes = {pk: one.code for pk, one in names.items()}
    owners = read_owners(plan.area)
    paired = [areas[int(pk)].code for pk in kept.area_ids[kept.reason < 0]]
    close_gaps(emergency=plan.emergency, now=now, kind=GapKind.AREA_WITHOUT_PAIRING, subjects=paired)
    specs = []
    for at in np.flatnonzero(kept.reason >= 0).tolist():
        area = areas[int(kept.area_ids[at])]
        why: GapReason = PAIRING_REASONS[kept.reason[at]]
        owner_id = owners.find(area.path)
        specs.append(GapSpec(GapKind.AREA_WITHOUT_PAIRING, area.code, area.pk, owner_id, why, kept.detail(at, codes)))
    return open_gaps(emergency=plan.emergency, now=now, gaps=specs)
