"""The list of first steps: what is done, what is next, and where each is taken."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from muster.access.kinds import Right
from muster.access.queries import may_found, refuse
from muster.intake.founding import may_leave_city
from muster.intake.kinds import ListKind
from muster.situation.board import Frame
from muster.situation.first_steps import MAY_WAIT, STEPS, FirstSteps, find_first_steps, read_first_steps
from muster.web.frame import get_actor, screen
from muster.web.templatetags.desk import count
from muster.web.words import say_name

NAMES = {
    "city": gettext_lazy("Choose the city or county"),
    "places": gettext_lazy("Bring compounds, buildings and units"),
    "organizations": gettext_lazy("Bring organizations"),
    "people": gettext_lazy("Bring people"),
    "posts": gettext_lazy("Bring posts"),
    "emergency": gettext_lazy("Open the emergency"),
    "plan": gettext_lazy("Plan who answers for every doorway"),
}
_WORDS = {
    "city": gettext_lazy("Its townships and communities come from the national tree, or from a list of yours."),
    "places": gettext_lazy(
        "As the communities or the housing office list them. A row for each compound, with how many buildings "
        "and units it has, is enough to begin with."
    ),
    "organizations": gettext_lazy("Agencies, enterprises and hospitals that can send people to communities."),
    "people": gettext_lazy(
        "Officials and volunteers who can answer for a doorway or stand at a post, with where they live. They are "
        "asked before they are listed."
    ),
    "posts": gettext_lazy("Checkpoints and other places to be staffed by shifts. Rosters need them, wardens do not."),
    "emergency": gettext_lazy("From then on every doorway that nobody answers for is a gap, with an age."),
    "plan": gettext_lazy("Have it planned, look at what would change, publish. Nothing changes before."),
}
_LISTS = {
    "places": ListKind.PLACES,
    "organizations": ListKind.ORGANIZATIONS,
    "people": ListKind.PEOPLE,
    "posts": ListKind.POSTS,
}


@dataclass(frozen=True, slots=True)
class Link:
    """Something to do about a step: its words and its address; ``is_file`` where it gives a file to take away."""

    words: str
    address: str
    is_first: bool = False
    is_file: bool = False


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step as it is shown."""

    name: str
    words: str
    found: str
    links: tuple[Link, ...]
    is_done: bool
    is_next: bool
    may_wait: bool


@screen
@require_safe
def show_steps(request: HttpRequest) -> HttpResponse:
    """Show the first steps to whoever may bring lists, or found the city."""
    actor = get_actor(request)
    steps = read_first_steps(actor)
    if steps.home is None and not may_found(actor):
        raise refuse(Right.IMPORT)
    lines = [_line(slug, steps) for slug in STEPS]
    context = {
        "home": steps.home,
        "lines": lines,
        "done": len(steps.done) + 1,
        "total": len(STEPS) + 1,
        "next_name": NAMES[steps.next] if steps.next else "",
        "may_leave": steps.home is not None and may_leave_city(actor),
        "actor_name": actor.audit_name,
    }
    return render(request, "first/steps.html", context)


def find_next_step(frame: Frame) -> str:
    """Find the name of the step that comes next; empty where the first plan stands, or is not for who looks."""
    steps = find_first_steps(frame.home, frame.emergency) if frame.may_import else None
    return str(NAMES[steps.next]) if steps and steps.next else ""


def _line(slug: str, steps: FirstSteps) -> StepLine:
    is_next = steps.next == slug
    is_done = slug in steps.done
    return StepLine(
        name=str(NAMES[slug]),
        words=str(_WORDS[slug]),
        found=_say_found(slug, steps) if is_done else _say_unwilling(slug, steps),
        links=_list_links(slug, steps, is_next=is_next, is_done=is_done),
        is_done=is_done,
        is_next=is_next,
        may_wait=slug in MAY_WAIT and not is_done,
    )


def _say_found(slug: str, steps: FirstSteps) -> str:
    """Say what there is of a step."""
    if slug == "city" and steps.home is not None:
        return " · ".join([steps.home.name, *(f"{say_name(level)} {count(many)}" for level, many in steps.areas)])
    if slug == "emergency" and steps.emergency is not None:
        return say_name(steps.emergency)
    many = {
        "places": steps.places,
        "organizations": steps.organizations,
        "people": steps.willing,
        "posts": steps.posts,
        "plan": steps.wardens,
    }[slug]
    words = {
        "places": ngettext("%(count)s compound, building or unit", "%(count)s compounds, buildings and units", many),
        "organizations": ngettext("%(count)s organization", "%(count)s organizations", many),
        "people": ngettext(
            "%(count)s person who agreed to be called", "%(count)s people who agreed to be called", many
        ),
        "posts": ngettext("%(count)s post", "%(count)s posts", many),
        "plan": ngettext("%(count)s area has its warden", "%(count)s areas have their wardens", many),
    }[slug]
    return words % {"count": count(many)}


def _say_unwilling(slug: str, steps: FirstSteps) -> str:
    """Say that people are there, none of whom may be planned with."""
    if slug != "people" or not steps.people:
        return ""
    words = ngettext(
        "%(count)s person, who has not agreed to be called: a plan would leave them out.",
        "%(count)s people, none of whom has agreed to be called: a plan would leave them out.",
        steps.people,
    )
    return words % {"count": count(steps.people)}


def _list_links(slug: str, steps: FirstSteps, *, is_next: bool, is_done: bool) -> tuple[Link, ...]:
    home = steps.home
    if home is None:
        return (Link(_("Choose it"), reverse("first_city"), is_first=True),) if slug == "city" else ()
    if slug in _LISTS:
        kind = _LISTS[slug].value
        bring = _("Bring another list") if is_done else _("Bring a list")
        return (
            Link(bring, f"{reverse('imports')}?area={home.code}&kind={kind}", is_first=is_next),
            Link(_("Form to fill in"), reverse("import_template", args=[kind]), is_file=True),
        )
    if slug == "emergency":
        address = f"{reverse('open_emergency')}?area={home.code}"
        return () if is_done else (Link(_("Open it"), address, is_first=is_next),)
    return _list_plan_links(steps, is_next=is_next) if slug == "plan" and steps.emergency is not None else ()


def _list_plan_links(steps: FirstSteps, *, is_next: bool) -> tuple[Link, ...]:
    coverage = reverse("coverage", args=[steps.home.code]) if steps.home else ""
    if steps.order:
        return (Link(_("Watch it being planned"), reverse("plan_order", args=[steps.order]), is_first=is_next),)
    if steps.plan:
        look = Link(_("Look at the plan and publish it"), reverse("plan", args=[steps.plan]), is_first=is_next)
        return (look, Link(_("Plan again"), coverage))
    words = _("Look at the wardens") if steps.wardens else _("Plan it")
    return (Link(words, coverage, is_first=is_next),)
