"""One pairing, looked at closely: what it takes over, how it came to stand so, and what may be done."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from muster.access.kinds import Right
from muster.access.queries import Actor, access_area, access_organization, may, may_over
from muster.coverage.actions import accept_pairing, change_pairing, decline_pairing, pair, recall_pairing
from muster.coverage.kinds import STANDING, PairingDuty, PairingState
from muster.coverage.queries import access_pairing, list_steps, read_own_need
from muster.coverage.rules import NeedFacts, choose_duties, people_wanted, score_need
from muster.emergencies.queries import get_active
from muster.kernel import clock
from muster.kernel.errors import RuleError
from muster.web.frame import get_actor, screen
from muster.web.places import read_number
from muster.web.refusals import say_refusal


@dataclass(frozen=True)
class DutyChoice:
    """A duty of the list: whether it is wanted there, and whether the organization takes it over."""

    slug: str
    is_wanted: bool
    is_taken: bool


@dataclass(frozen=True)
class Card:
    """A pairing with its history, and what the one who looks may do."""

    pairing: Any
    steps: Sequence[Any]
    facts: NeedFacts | None
    duties: Sequence[DutyChoice]
    sees_area: bool
    may_answer: bool
    may_change: bool
    may_recall: bool

    @property
    def people_wanted(self) -> int:
        """Return how many people the community should get."""
        return people_wanted(score_need(self.facts)) if self.facts else 0


def read_card(actor: Actor, number: int) -> Card:
    """Read a pairing for whoever may see it.

    Raises
    ------
    NotFoundError
        If there is none, or it is not for this actor to see.
    """
    pairing = access_pairing(actor, number)
    stands = pairing.state in STANDING
    facts = read_own_need(pairing.area)
    return Card(
        pairing=pairing,
        steps=list(list_steps(pairing)),
        facts=facts,
        duties=list_duties(facts, pairing.duties),
        sees_area=may(actor, Right.SEE_AREA, pairing.area),
        may_answer=pairing.state == PairingState.PROPOSED and may_over(actor, Right.ANSWER, pairing.organization),
        may_change=stands and may(actor, Right.PLAN, pairing.area),
        may_recall=stands and may(actor, Right.PUBLISH, pairing.area),
    )


def list_duties(facts: NeedFacts | None, taken: Collection[str]) -> list[DutyChoice]:
    """List what an organization may take over; of a new pairing, what is wanted is taken."""
    wanted = set(choose_duties(facts)) if facts else set()
    return [DutyChoice(duty, duty in wanted, duty in (taken or wanted)) for duty in PairingDuty]


@screen
@require_POST
def propose(request: HttpRequest, code: str) -> HttpResponse:
    """Make an organization responsible for a community; it is asked for its answer."""
    actor = get_actor(request)
    area = access_area(actor, code, right=Right.PUBLISH)
    organization = access_organization(actor, request.POST.get("organization", ""))
    try:
        pairing = pair(
            actor=actor,
            now=clock.now(),
            emergency=get_active(area),
            organization=organization,
            area=area,
            duties=request.POST.getlist("duty"),
            people=read_number(request.POST.get("people", "")),
        )
    except RuleError as error:
        return _refuse(request, area.code, error)
    messages.success(request, _("%(organization)s is asked to answer.") % {"organization": organization.name})
    return redirect(f"{reverse('pairings', args=[area.code])}?pairing={pairing.pk}")


@screen
@require_POST
def take_step(request: HttpRequest, number: int, act: str) -> HttpResponse:
    """Accept, decline, recall or change a pairing; a refusal is said where it was tried."""
    actor = get_actor(request)
    rights = {"accept": Right.ANSWER, "decline": Right.ANSWER, "recall": Right.PUBLISH, "change": Right.PLAN}
    pairing = access_pairing(actor, number, right=rights[act])
    reason = request.POST.get("reason", "")[:120]
    words: dict[str, Any] = {"actor": actor, "now": clock.now(), "pairing": pairing}
    try:
        if act == "accept":
            accept_pairing(**words)
        elif act == "decline":
            decline_pairing(**words, reason=reason)
        elif act == "recall":
            recall_pairing(**words, reason=reason)
        else:
            people = read_number(request.POST.get("people", ""))
            change_pairing(**words, duties=request.POST.getlist("duty"), people=people)
    except RuleError as error:
        return _refuse(request, pairing.area.code, error)
    messages.success(request, _say_done(act, pairing))
    return _go_back(request, pairing.area.code)


def _say_done(act: str, pairing: Any) -> str:
    sentences = {
        "accept": _("%(organization)s has accepted %(area)s."),
        "decline": _("%(organization)s has declined %(area)s."),
        "recall": _("%(organization)s is recalled from %(area)s."),
        "change": _("What %(organization)s takes over in %(area)s is changed."),
    }
    return sentences[act] % {"organization": pairing.organization.name, "area": pairing.area.name}


def _refuse(request: HttpRequest, code: str, error: RuleError) -> HttpResponse:
    refusal = say_refusal(error)
    messages.error(request, f"{refusal.what} {refusal.remedy}".strip())
    return _go_back(request, code)


def _go_back(request: HttpRequest, code: str) -> HttpResponse:
    """Return to the screen that the form was on."""
    back = request.POST.get("back", "")
    is_own = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if is_own and back.startswith("/") else reverse("pairings", args=[code]))
