"""How somebody wants the desk to look, kept by their own browser: ground, density, keys, open panes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

KEPT_S = 365 * 24 * 3600
CHOICES: dict[str, tuple[str, ...]] = {
    "ground": ("system", "light", "dark"),
    "density": ("normal", "compact"),
    "keys": ("on", "off"),
    "tree": ("open", "shut"),
    "inspector": ("open", "shut"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody has chosen; each value is one of ``CHOICES``, the first where nothing was chosen."""

    ground: str
    density: str
    keys: str
    tree: str
    inspector: str

    @property
    def dark_media(self) -> str:
        """Return on which media the dark colors hold: never on paper."""
        return {"dark": "screen", "system": "screen and (prefers-color-scheme: dark)"}.get(self.ground, "")


def read_look(cookies: Mapping[str, str]) -> Look:
    """Read a look from the cookies of a request; what is unknown counts as not chosen."""
    values = {field.name: cookies.get(f"look_{field.name}", "") for field in fields(Look)}
    return Look(**{name: value if value in CHOICES[name] else CHOICES[name][0] for name, value in values.items()})


@require_POST
def choose_look(request: HttpRequest) -> HttpResponse:
    """Keep what was chosen in cookies, and go back to where it was chosen."""
    wanted = request.POST.get("next", "/")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    answer = HttpResponseRedirect(wanted if is_ours else "/")
    for name, allowed in CHOICES.items():
        value = request.POST.get(name)
        if value in allowed:
            # The script shuts and opens panes by the same cookies, so that it must be able to read them.
            answer.set_cookie(f"look_{name}", value, max_age=KEPT_S, samesite="Lax", secure=request.is_secure())
    return answer
