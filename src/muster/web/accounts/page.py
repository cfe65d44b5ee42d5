"""The page of one account: its roles, its devices, its password, and whether it is open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from muster.access.actions import change_password, close_user, end_role, give_password_link, give_role, open_user
from muster.access.stewards import access_account, get_grant, read_account
from muster.access.tokens import give_token, revoke_tokens
from muster.kernel.errors import MusterError, NotAllowedError, NotFoundError, RuleError
from muster.situation.board import Frame
from muster.web.accounts.lists import LIST_NAME, show_link
from muster.web.accounts.scopes import offer_roles, read_role
from muster.web.frame import get_actor, open_frame, screen, show
from muster.web.refusals import say_refusal

_MOST_LABEL_CHARS = 80
Act = Callable[[HttpRequest, Frame, Any], HttpResponse | str]


@screen
@require_safe
def show_account(request: HttpRequest, name: str) -> HttpResponse:
    """Show an account to whoever owns it, or looks after it."""
    user = access_account(get_actor(request), name)
    return _show(request, open_frame(request), user)


@sensitive_post_parameters()
@screen
@require_POST
def do_act(request: HttpRequest, name: str, act: str) -> HttpResponse:
    """Do one act on an account, and show it again."""
    user = access_account(get_actor(request), name)
    frame = open_frame(request)
    if act not in ACTS:
        raise NotFoundError("There is no such act.")
    try:
        done = ACTS[act](request, frame, user)
    except NotFoundError:
        raise
    except (NotAllowedError, RuleError, MusterError) as error:
        return _show(request, frame, user, refusal=say_refusal(error), status=409)
    if isinstance(done, HttpResponse):
        return done
    messages.success(request, done)
    return redirect("account", user.username)


def _show(request: HttpRequest, frame: Frame, user: Any, *, status: int = 200, **told: Any) -> HttpResponse:
    page = read_account(frame.actor, user)
    roles = [] if page.is_own else offer_roles(frame)
    context = {"page": None, "account": page, "said": read_role(request, frame), "roles": roles, **told}
    response = show(request, "accounts/page.html", frame, tab="people", list_name=LIST_NAME, status=status, **context)
    response["Cache-Control"] = "no-store"
    return response


def _give_role(request: HttpRequest, frame: Frame, user: Any) -> str:
    give_role(actor=frame.actor, now=frame.now, user=user, **read_role(request, frame).find_scope(request))
    return _("The role is given.")


def _end_role(request: HttpRequest, frame: Frame, user: Any) -> str:
    number = request.POST.get("grant", "")
    end_role(actor=frame.actor, now=frame.now, grant=get_grant(user, int(number) if number.isdecimal() else 0))
    return _("The role has ended.")


def _close(_request: HttpRequest, frame: Frame, user: Any) -> str:
    close_user(actor=frame.actor, now=frame.now, user=user)
    return _("The account is closed. Nobody signs in with it any more.")


def _open(_request: HttpRequest, frame: Frame, user: Any) -> str:
    open_user(actor=frame.actor, now=frame.now, user=user)
    return _("The account is open again.")


def _give_link(request: HttpRequest, frame: Frame, user: Any) -> HttpResponse:
    key = give_password_link(actor=frame.actor, now=frame.now, user=user)
    return show_link(request, frame, user.username, user.audit_name, key)


def _change_password(request: HttpRequest, frame: Frame, user: Any) -> str:
    if frame.actor.audit_id != user.pk:
        raise NotFoundError("Only one's own password is changed so.")
    said = request.POST
    changed = change_password(
        now=frame.now, user=user, current=said.get("current", ""), password=said.get("password", "")
    )
    update_session_auth_hash(request, changed)
    return _("The password is changed. Other browsers are signed out.")


def _give_token(request: HttpRequest, frame: Frame, user: Any) -> HttpResponse:
    label = request.POST.get("label", "").strip()[:_MOST_LABEL_CHARS]
    token = give_token(actor=frame.actor, now=frame.now, user=user, label=label)
    return _show(request, frame, user, token=token, token_label=label)


def _revoke_tokens(request: HttpRequest, frame: Frame, user: Any) -> str:
    revoke_tokens(actor=frame.actor, now=frame.now, user=user, label=request.POST.get("label", ""))
    return _("The token is revoked.")


ACTS: dict[str, Act] = {
    "give-role": _give_role,
    "end-role": _end_role,
    "close": _close,
    "open": _open,
    "link": _give_link,
    "password": _change_password,
    "give-token": _give_token,
    "revoke-tokens": _revoke_tokens,
}
