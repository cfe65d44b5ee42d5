"""The first account, made by whoever holds the code that the server printed."""

from __future__ import annotations

from allauth.account.views import LoginView
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from muster.access.actions import create_first_user
from muster.access.queries import has_accounts
from muster.kernel import clock
from muster.kernel.errors import MusterError
from muster.web.refusals import say_refusal

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
_REFUSED = 409


class SignIn(LoginView):  # type: ignore[misc]  # allauth ships no types
    """Signing in; where nobody could, the way to the first account."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Answer, or lead to the first account."""
        if not has_accounts():
            return redirect("first_account")
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show_first_account(request: HttpRequest) -> HttpResponse:
    """Ask for the code, a name and a password; make the account and sign it in. Afterwards there is nothing here."""
    if has_accounts():
        return redirect("board")
    if request.method != "POST":
        return render(request, "first/account.html", {"code": request.GET.get("code", "")})
    typed = {name: request.POST.get(name, "").strip() for name in ("code", "username", "display_name")}
    try:
        user = create_first_user(
            now=clock.now(),
            code=typed["code"],
            username=typed["username"],
            password=request.POST.get("password", ""),
            display_name=typed["display_name"] or typed["username"],
            language=get_language() or "",
        )
    except MusterError as error:
        return render(request, "first/account.html", {**typed, "refusal": say_refusal(error)}, status=_REFUSED)
    login(request, user, backend=BACKEND)
    return redirect("first_steps")
