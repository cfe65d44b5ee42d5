"""Every part that screens are put together from, on one page, in both languages side by side."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from muster.coverage.kinds import CoverageState
from muster.web.frame import screen
from muster.web.templatetags.frame import ICONS

COLORS = (
    ("ground", "surface", "sunken", "line", "line-strong", "ink", "quiet"),
    ("covered", "covered-wash", "covered-map", "deputy", "deputy-ink", "deputy-wash", "unknown"),
    ("gap", "gap-ink", "gap-wash", "selected", "selected-wash", "evening", "night"),
)
SIZES = (12, 14, 16, 20, 28)


@dataclass(frozen=True, slots=True)
class SampleShare:
    """A share of coverage to draw."""

    required: int
    covered: int
    deputy_only: int


SHARES = (SampleShare(128, 128, 0), SampleShare(128, 104, 20), SampleShare(128, 96, 12), SampleShare(0, 0, 0))


@screen
@require_safe
def show_design(request: HttpRequest) -> HttpResponse:
    """Show every color, size and part of the desk."""
    context = {
        "colors": COLORS,
        "sizes": SIZES,
        "icons": tuple(ICONS),
        "shares": SHARES,
        "states": (*CoverageState.values, "unknown"),
        "changes": ("new", "replaced", "moved", "ended", "gap"),
        "history": "0,14 16,12 32,13 48,8 64,9 80,5 96,4",
    }
    return render(request, "design.html", context)
