"""What is done to one gap at the desk: acknowledged, taken in hand, given back, closed by hand."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from muster.clocks.actions import acknowledge, close_by_hand, give_back, take_over
from muster.clocks.queries import access_gap
from muster.kernel import clock
from muster.kernel.errors import RuleError
from muster.web.frame import get_actor, screen
from muster.web.refusals import say_refusal


@screen
@require_POST
def take_step(request: HttpRequest, number: int, act: str) -> HttpResponse:
    """Take a gap one step further, and return to the list as it was; a refusal is said there."""
    actor = get_actor(request)
    gap = access_gap(actor, number)
    words: dict[str, Any] = {"actor": actor, "now": clock.now(), "gap": gap}
    note = request.POST.get("note", "")[:200]
    try:
        if act == "acknowledge":
            acknowledge(**words)
        elif act == "take":
            take_over(**words)
        elif act == "give_back":
            give_back(**words, note=note)
        else:
            close_by_hand(**words, note=note)
    except RuleError as error:
        refusal = say_refusal(error)
        messages.error(request, f"{refusal.what} {refusal.remedy}")
    else:
        messages.success(request, _say_done(act) % {"area": gap.area.name})
    back = request.POST.get("back", "")
    is_own = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if is_own and back.startswith("/") else reverse("gaps", args=[gap.area.code]))


def _say_done(act: str) -> str:
    return {
        "acknowledge": _("%(area)s: seen, in your name. The clock runs on."),
        "take": _("%(area)s: in your hands. The clock stands still."),
        "give_back": _("%(area)s: given back. The clock runs on from where it stood."),
        "close": _("%(area)s: closed."),
    }[act]
