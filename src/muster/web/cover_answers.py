"""Answering an offer or a swap by the link of a message, without an account: what is asked, and one word back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from muster.duty.actions import (
    OFFER,
    SWAP,
    Bearer,
    CoverAnswer,
    SwapAnswer,
    accept_offer,
    accept_swap,
    decline_offer,
    decline_swap,
)
from muster.duty.queries.brief import read_brief
from muster.duty.queries.covering import find_offer
from muster.duty.queries.swapping import find_swap, list_places
from muster.kernel import clock
from muster.kernel.links import read_signed_number
from muster.web.words import say_broken


@require_http_methods(["GET", "HEAD", "POST"])
def answer_cover(request: HttpRequest, token: str) -> HttpResponse:
    """Show somebody the place that they are asked to cover; take their yes or no."""
    number = read_signed_number(OFFER, token)
    offer = find_offer(number) if number else None
    if offer is None:
        return render(request, "404.html", status=404)
    if request.method != "POST":
        return _show_offer(request, offer)
    answer = accept_offer if request.POST.get("answer") == "yes" else decline_offer
    found = answer(actor=Bearer(offer.person), now=clock.now(), offer=offer)
    if found.refusal is not None:
        return _show_offer(request, find_offer(offer.pk), found)
    return redirect("answer_cover", token)


def _show_offer(request: HttpRequest, offer: Any, answer: CoverAnswer | None = None) -> HttpResponse:
    now, shift = clock.now(), offer.request.shift
    return render(
        request,
        "cover_answer.html",
        {
            "offer": offer,
            "shift": shift,
            "now": now,
            "may_accept": offer.may_accept(now),
            # Who stands there, and what was left there, is for whoever goes, as long as it lasts.
            "is_theirs": offer.is_theirs(now),
            "is_open": offer.request.state == "open" and offer.request.until_at > now,
            "brief": read_brief(shift, now=now, without=offer.person_id),
            **_say_refusal(answer),
        },
        status=409 if answer else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def answer_swap(request: HttpRequest, token: str) -> HttpResponse:
    """Show somebody the swap that a colleague proposes; take their yes or no."""
    number = read_signed_number(SWAP, token)
    swap = find_swap(number) if number else None
    if swap is None:
        return render(request, "404.html", status=404)
    if request.method != "POST":
        return _show_swap(request, swap)
    answer = accept_swap if request.POST.get("answer") == "yes" else decline_swap
    found = answer(actor=Bearer(swap.person), now=clock.now(), swap=swap)
    if found.refusal is not None:
        return _show_swap(request, find_swap(swap.pk), found)
    return redirect("answer_swap", token)


def _show_swap(request: HttpRequest, swap: Any, answer: SwapAnswer | None = None) -> HttpResponse:
    places = [(person, taken.shift) for person, taken, _ in list_places(swap)]
    context = {"swap": swap, "places": places, "now": clock.now(), **_say_refusal(answer)}
    return render(request, "swap_answer.html", context, status=409 if answer else 200)


def _say_refusal(answer: CoverAnswer | SwapAnswer | None) -> dict[str, Any]:
    if answer is None or answer.refusal is None:
        return {}
    rule = answer.broken
    return {
        "refusal": answer.refusal.label,
        "rule": say_broken(rule.rule, rule.found, rule.limit) if rule else "",
    }
