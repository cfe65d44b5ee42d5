"""Why an area has this person: the plan that put them there, against the next best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from muster.access.kinds import Right
from muster.access.queries import Actor, filter_people, list_scopes, may
from muster.coverage.kinds import AppointmentRole
from muster.coverage.planning.changes import Named, full_name
from muster.coverage.planning.keeping import open_appoint_problem
from muster.coverage.planning.tree import Int64s
from muster.emergencies.models import Emergency
from muster.people.models import Person
from muster.planning.matching.explain import Choice, Explainer
from muster.planning.matching.problem import AppointPlan
from muster.plans.kinds import PlanKind, PlanState
from muster.plans.models import Plan
from muster.plans.queries import open_problem, open_solution
from muster.plans.rules import Arrays
from muster.territory.models import Area
from muster.territory.queries import beneath_any_filter, list_ancestors

_AREAS_NAMED = 5


@dataclass(frozen=True, slots=True)
class ExplainedChoice:
    """An appointment against the best plan without it.

    Parameters
    ----------
    plan_id
        The published plan that chose the person; None where the actor may not see it.
    is_replaced
        Whether anybody would have come instead.
    next_person
        Who that is; None where nobody would come, or the actor may not see who.
    extra_m
        By how many meters, walked or stood for by a rule, the whole plan would have been worse.
    fewer_covered
        How many places fewer would have been filled.
    displaced
        How many other areas would have changed, and the names of the first of them that the actor may see.
    """

    plan_id: int | None
    is_replaced: bool
    next_person: Named | None
    extra_m: int
    fewer_covered: int
    displaced: int
    displaced_names: tuple[str, ...]


def find_explained_choice(
    actor: Actor, emergency: Emergency, area: Area, role: AppointmentRole, person: Person
) -> ExplainedChoice | None:
    """Explain why an area has a person, by the plan published last; None if that plan did not choose them.

    Parameters
    ----------
    actor
        Who asks: the plan may reach farther than what they may see.
    emergency, area, role, person
        The appointment as it stands.
    """
    above = [*list_ancestors(area), area]
    plan = (
        Plan.objects.filter(emergency=emergency, area__in=above, kind=PlanKind.COVERAGE, state=PlanState.PUBLISHED)
        .order_by("-published_at", "-pk")
        .first()
    )
    if plan is None:
        return None
    problem, solution = open_problem(plan), open_solution(plan)
    row = np.flatnonzero(problem["base_area_ids"] == area.pk)
    chosen = solution["warden_ids" if role == AppointmentRole.WARDEN else "deputy_ids"]
    if not row.size or "area_price" not in solution or int(chosen[row[0]]) != person.pk:
        return None
    explainer = Explainer(open_appoint_problem(problem), _open_plan(problem, solution))
    place = int(_places(problem["base_person_ids"], chosen[row])[0])
    return _name_choice(actor, plan, explainer.explain_choice(int(row[0]), place), problem)


def _open_plan(problem: Arrays, solution: Arrays) -> AppointPlan:
    warden, deputy = (_places(problem["base_person_ids"], solution[f"{role}_ids"]) for role in AppointmentRole.values)
    return AppointPlan(
        warden.astype(np.int32), deputy.astype(np.int32), solution["area_price"], solution["person_price"]
    )


def _places(person_ids: Int64s, chosen: Int64s) -> Int64s:
    """Return the places of people by their numbers; -1 stays -1."""
    return np.where(chosen >= 0, np.searchsorted(person_ids, chosen), -1)


def _name_choice(actor: Actor, plan: Plan, choice: Choice, problem: Arrays) -> ExplainedChoice:
    others = [change.area for change in choice.displaced if change.area != choice.area]
    scopes = list_scopes(actor, Right.SEE_AREA)
    named = problem["base_area_ids"][others[:_AREAS_NAMED]].tolist() if others else []
    seen = Area.objects.select_related("parent").filter(beneath_any_filter(scopes), pk__in=named)
    names = {area.pk: full_name(area) for area in seen}
    next_id = int(problem["base_person_ids"][choice.next_person]) if choice.next_person >= 0 else -1
    newcomer = filter_people(actor, Person.objects.filter(pk=next_id)).first()
    return ExplainedChoice(
        plan_id=plan.pk if may(actor, Right.SEE_AREA, plan.area) else None,
        is_replaced=next_id >= 0,
        next_person=Named(newcomer.code, newcomer.name) if newcomer else None,
        extra_m=choice.extra_cost,
        fewer_covered=choice.fewer_covered,
        displaced=len(others),
        displaced_names=tuple(names[pk] for pk in named if pk in names),
    )
