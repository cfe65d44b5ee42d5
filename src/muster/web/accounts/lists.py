"""The accounts of an area, and making one for a colleague."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from muster.access.actions import create_user, give_password_link
from muster.access.kinds import Right
from muster.access.queries import access_area
from muster.access.stewards import list_accounts_within
from muster.kernel.errors import MusterError, NotAllowedError, NotFoundError
from muster.situation.board import Frame
from muster.web.accounts.scopes import SaidRole, offer_roles, read_person, read_pick, read_role
from muster.web.frame import get_actor, open_frame, screen, show
from muster.web.picking import Picked, pick
from muster.web.refusals import Refusal, say_refusal

LIST_NAME = "accounts"
_FIELDS = ("username", "display_name")


@screen
@require_safe
def show_accounts(request: HttpRequest, code: str) -> HttpResponse:
    """Show who has an account here, and what each may do."""
    access_area(get_actor(request), code, right=Right.GRANT)
    frame = open_frame(request, code)
    accounts = list_accounts_within(frame.actor, frame.area)
    return show(request, "accounts/list.html", frame, tab="people", list_name=LIST_NAME, accounts=accounts)


@screen
@require_http_methods(["GET", "HEAD", "POST"])
def create_account(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for a colleague's name and role; make the account, and show the link by which they set a password."""
    access_area(get_actor(request), code, right=Right.GRANT)
    frame = open_frame(request, code)
    said = read_role(request, frame)
    if request.method != "POST":
        person = pick(frame.actor, "people", request.GET.get("person", ""))
        return _ask(request, frame, said, person)
    person = read_pick(request, "person", "people")
    try:
        return _create(request, frame, said, person)
    except (NotFoundError, NotAllowedError):
        raise
    except MusterError as error:
        return _ask(request, frame, said, person, refusal=say_refusal(error))


def _create(request: HttpRequest, frame: Frame, said: SaidRole, person: Picked) -> HttpResponse:
    named = {field: request.POST.get(field, "").strip() for field in _FIELDS}
    user = create_user(
        actor=frame.actor,
        now=frame.now,
        username=named["username"],
        password=None,
        display_name=named["display_name"] or named["username"],
        person=read_person(request, person),
        language=get_language() or "",
        **said.find_scope(request),
    )
    key = give_password_link(actor=frame.actor, now=frame.now, user=user)
    return show_link(request, frame, user.username, user.display_name, key)


def show_link(request: HttpRequest, frame: Frame, username: str, name: str, key: str) -> HttpResponse:
    """Show the link by which a password is set: the only time that it is shown."""
    link = request.build_absolute_uri(reverse("set_password", args=[key]))
    response = show(request, "accounts/link.html", frame, tab="people", username=username, name=name, link=link)
    response["Cache-Control"] = "no-store"
    return response


def _ask(
    request: HttpRequest, frame: Frame, said: SaidRole, person: Picked, *, refusal: Refusal | None = None
) -> HttpResponse:
    named = {field: request.POST.get(field, "") for field in _FIELDS}
    if person.chosen and not named["display_name"]:
        named["display_name"] = person.chosen.name
    return show(
        request,
        "accounts/new.html",
        frame,
        tab="people",
        list_name=LIST_NAME,
        said=said,
        person=person,
        roles=offer_roles(frame),
        refusal=refusal,
        status=409 if refusal else 200,
        **named,
    )
