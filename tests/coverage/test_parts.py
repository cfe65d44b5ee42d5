"""The changes of a plan by the parts of its area."""

from __future__ import annotations

from muster.coverage.planning import difference, plan_coverage
from tests.coverage.city import NOON, OFFICER, City, settle


def test_the_parts_of_a_plan_add_up_to_all_of_it(city: City) -> None:
    settle("P1", "王秀兰", "C1-A-1-1", max_appointments=2)
    settle("P2", "李建国", "C2-B")
    plan = plan_coverage(actor=OFFICER, now=NOON, emergency=city.emergency, area=city.area("220702001"))
    compared = difference(plan)
    parts = {part.area_code: part.counts for part in compared.parts}
    assert set(parts) == {"C1", "C2"}
    assert {kind: sum(counts[kind] for counts in parts.values()) for kind in compared.counts} == compared.counts
    assert parts["C2"]["new"] == 1
    assert parts["C1"]["gaps"] > 0
