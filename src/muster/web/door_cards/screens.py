"""Printing door cards from the desk: which doors, how large, in which language; the file comes at once."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from muster.access.kinds import Right
from muster.access.queries import access_area
from muster.kernel.errors import MusterError
from muster.kernel.links import link_to
from muster.needs.queries.door_cards import find_last_printed, list_card_areas, list_card_levels
from muster.situation.board import Frame
from muster.situation.board_area import read_area
from muster.web.door_cards.drawing import MOST_CARDS, SIZES
from muster.web.door_cards.printing import CardOrder, print_cards
from muster.web.door_cards.sentences import CardLanguage
from muster.web.frame import get_actor, open_frame, screen, show
from muster.web.refusals import say_refusal

PDF = "application/pdf"
_MOST_ADDRESS_CHARS = 120
_HERE = "//127.0.0.1"


@screen
@require_http_methods(["GET", "HEAD", "POST"])
def show_cards(request: HttpRequest, code: str) -> HttpResponse:
    """Ask how the cards of an area are to be printed, and send them."""
    access_area(get_actor(request), code, right=Right.EXPORT)
    frame = open_frame(request, code)
    if request.method != "POST" or frame.emergency is None:
        return _ask(request, frame)
    try:
        order = _read_order(request, frame)
        printed = print_cards(order, actor=frame.actor, now=frame.now, most=MOST_CARDS)
    except MusterError as error:
        return _ask(request, frame, refusal=error)
    answer = HttpResponse(printed.pdf, content_type=PDF)
    name = f"{frame.area.name} {_('Door cards')} {order.size}.pdf"
    answer["Content-Disposition"] = str(content_disposition_header(True, name))
    return answer


def _read_order(request: HttpRequest, frame: Frame) -> CardOrder:
    size, language = request.POST.get("size", ""), request.POST.get("language", "")
    return CardOrder(
        emergency=frame.emergency,
        area=frame.area,
        level=request.POST.get("level", ""),
        size=size if size in SIZES else "a6",
        language=CardLanguage(language) if language in list(CardLanguage) else CardLanguage.CHINESE,
        base_url=_read_base(request),
        only_changed=request.POST.get("which") == "changed",
    )


def _read_base(request: HttpRequest) -> str:
    """Return the address that is printed: what was sent, that of the settings, or that under which one is here."""
    sent = request.POST.get("base_url", "").strip()
    if sent.startswith(("https://", "http://")) and len(sent) <= _MOST_ADDRESS_CHARS:
        return sent
    address = link_to("board")
    return request.build_absolute_uri("/") if _HERE in address else address


def _ask(request: HttpRequest, frame: Frame, *, refusal: MusterError | None = None) -> HttpResponse:
    emergency = frame.emergency
    levels = list_card_levels(emergency) if emergency is not None else []
    counted = [(level, list_card_areas(emergency, frame.area, level).count()) for level in levels if emergency]
    return show(
        request,
        "door_cards.html",
        frame,
        tab="",
        view=read_area(emergency, frame.area),
        levels=[(level, count) for level, count in counted if count],
        sizes=_list_sizes(),
        languages=_list_languages(),
        last=find_last_printed(emergency, frame.area) if emergency is not None else None,
        most=MOST_CARDS,
        base_url=_read_base(request),
        refusal=say_refusal(refusal) if refusal else None,
        status=409 if refusal else 200,
    )


def _list_sizes() -> list[tuple[str, str, str]]:
    return [
        ("a6x4", _("A6, four to a sheet of A4"), _("to print in an office and cut along the marks")),
        ("a6", _("A6, one to a page"), _("postcard, for printers that take it")),
        ("a5", _("A5"), _("half a sheet, for an entrance")),
        ("a4", _("A4"), _("a whole sheet, read from across the yard")),
    ]


def _list_languages() -> list[tuple[str, str]]:
    return [
        (CardLanguage.CHINESE.value, _("Chinese")),
        (CardLanguage.ENGLISH.value, _("English")),
        (CardLanguage.BOTH.value, _("both")),
    ]
