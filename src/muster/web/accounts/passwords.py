"""Setting a password by the link that somebody was given."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from muster.access.actions import find_by_password_link, set_password_by_link
from muster.kernel import clock
from muster.kernel.errors import MusterError
from muster.web.first.account import BACKEND
from muster.web.refusals import say_refusal

_GONE, _REFUSED = 410, 409


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def set_password(request: HttpRequest, key: str) -> HttpResponse:
    """Ask whoever holds the link for a password, set it, and sign them in."""
    user = find_by_password_link(key)
    if user is None:
        return render(request, "accounts/password.html", status=_GONE)
    if request.method != "POST":
        return render(request, "accounts/password.html", {"user_named": user})
    try:
        changed = set_password_by_link(now=clock.now(), key=key, password=request.POST.get("password", ""))
    except MusterError as error:
        context = {"user_named": user, "refusal": say_refusal(error)}
        return render(request, "accounts/password.html", context, status=_REFUSED)
    login(request, changed, backend=BACKEND)
    return redirect("board")
