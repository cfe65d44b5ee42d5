"""Setting door cards as one PDF: thousands at once, by typst, in a type that has every Chinese name."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
from pypdf import PdfWriter

from muster.kernel.errors import MusterError
from muster.needs.queries.door_cards import CardHolder, DoorCardText
from muster.needs.rules.doors import say_code
from muster.web.door_cards import sentences
from muster.web.door_cards.sentences import CardLanguage, say_in
from muster.web.door_cards.typesetting import set_pages

FONTS = Path(__file__).parents[1] / "data" / "fonts"
SHEET = Path(__file__).with_name("cards.typ")
_PART_CARDS = 1_000
"""Cards set at once: the setting of each takes more than half a megabyte until it is done."""
MOST_CARDS = 2_000
"""Of more cards than this a screen would wait too long: the command line prints them, or their parts one by one."""
_NAME_EM, _PLACE_EM = 42 / 0.3528, 89 / 0.3528
"""Widths of a name and of the place, in points."""
_OTHERS = 2


@dataclass(frozen=True, slots=True)
class CardSize:
    """A size of card: its page in millimeters, how many are on one, and how much larger than A6 it is."""

    width_mm: float
    height_mm: float
    per_page: int
    scale: float


SIZES = {
    "a6": CardSize(105, 148, 1, 1),
    "a6x4": CardSize(210, 297, 4, 1),
    "a5": CardSize(148.5, 210, 1, 2**0.5),
    "a4": CardSize(210, 297, 1, 2),
}
"""``a6x4``: four cards of A6 on a sheet of A4, with marks where to cut."""


@dataclass(frozen=True, slots=True)
class CardJob:
    """What is to be printed.

    Parameters
    ----------
    emergency, now
        Whose wardens, and as of when.
    size, language
        How large, and in which language.
    base_url
        The address under which doors are found, without the code: ``https://city.example/d/``.
    """

    emergency: Any
    now: datetime
    size: str
    language: CardLanguage
    base_url: str


def draw_cards(
    job: CardJob,
    cards: Sequence[DoorCardText],
    codes: dict[int, str],
    *,
    progress: Callable[[int, int], None] | None = None,
) -> bytes:
    """Return the cards as one PDF.

    Parameters
    ----------
    job, cards
        How they are printed, and what they say.
    codes
        The short address of each door, by number of the area.
    progress
        Told how many cards are set, of how many.

    Raises
    ------
    MusterError
        If there is nothing to print, or the type has not been put in place.
    """
    if not cards:
        raise MusterError("No card is to be printed here.", remedy="Choose an area with doors that need wardens.")
    if not any(FONTS.glob("*.ttf")):
        raise MusterError("The type of the cards is missing.", where=str(FONTS), remedy="Run make frontend once.")
    pages = PdfWriter()
    for first in range(0, len(cards), _PART_CARDS):
        part = cards[first : first + _PART_CARDS]
        pages.append(BytesIO(_draw_part(job, part, [codes[card.area.pk] for card in part])), import_outline=False)
        if progress is not None:
            progress(first + len(part), len(cards))
    pages.add_metadata({"/Title": " ".join(say_in(job.language, sentences.say_title)), "/Producer": "Muster"})
    file = BytesIO()
    pages.write(file)
    return file.getvalue()


def _draw_part(job: CardJob, cards: Sequence[DoorCardText], codes: Sequence[str]) -> bytes:
    with tempfile.TemporaryDirectory(prefix="muster-cards-") as folder:
        root = Path(folder)
        side = _write_codes(root / "codes.bin", [job.base_url + code for code in codes])
        said = [_say_card(job, card, code) for card, code in zip(cards, codes, strict=True)]
        told = {**_say_all(job), "code_side": side, "cards": said}
        (root / "cards.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        (root / SHEET.name).write_bytes(SHEET.read_bytes())
        return set_pages(root / SHEET.name, FONTS).read_bytes()


def _write_codes(path: Path, addresses: Sequence[str]) -> int:
    """Write the modules of all codes, a byte each, and return how many are on a side: the same for all."""
    # All addresses are equally long, so that one version holds each of them; any mask is read, and looking for the
    # best of eight each time takes longer than setting the pages.
    first = segno.make(addresses[0], error="m", micro=False)
    side = 0
    with path.open("wb") as file:
        for address in addresses:
            drawn = segno.make(
                address, error="m", micro=False, version=first.version, mask=first.mask, boost_error=False
            )
            side = len(drawn.matrix)
            file.write(b"".join(bytes(row) for row in drawn.matrix).translate(_SHADES))
    return side


_SHADES = bytes([255, 0]) + bytes(254)
"""From dark and light modules, 1 and 0, to black and white."""


def _say_all(job: CardJob) -> dict[str, Any]:
    size, language = SIZES[job.size], job.language
    emergency = say_in(language, lambda: sentences.say_emergency(job.emergency))
    return {
        "page": [size.width_mm, size.height_mm],
        "card_height": 148 * size.scale if size.per_page == 1 else 148.5,
        "per_page": size.per_page,
        "scale": size.scale,
        "lang": "en" if language == CardLanguage.ENGLISH else "zh",
        "region": "gb" if language == CardLanguage.ENGLISH else "cn",
        "title": " ".join(say_in(language, sentences.say_title)),
        "emergency": emergency,
        "mark": " · ".join(say_in(language, sentences.say_mark)),
        "who": say_in(language, sentences.say_who),
        "how": say_in(language, sentences.say_how),
        "scan": say_in(language, sentences.say_scan),
        "type_in": say_in(language, sentences.say_type_in),
        "site": job.base_url.split("://", 1)[-1],
        "as_of": say_in(language, lambda: sentences.say_as_of(job.now))[0],
        "synthetic": say_in(language, sentences.say_synthetic)[0],
    }


def _say_card(job: CardJob, card: DoorCardText, code: str) -> dict[str, Any]:
    note = say_in(job.language, lambda: sentences.say_note(card))
    return {
        "address": job.base_url + code,
        "spoken": say_code(code),
        "place": list(card.place),
        "place_size": fit_lines(card.place, _PLACE_EM, largest=23, least=11, lines=2),
        "holders": [_say_holder(job, one) for one in card.holders],
        "others": [[_say_role(job, one)[0], one.name] for one in card.others[:_OTHERS]],
        "note": note if any(note) else [],
        "is_synthetic": card.is_synthetic,
        "by_hand": say_in(job.language, lambda: sentences.say_by_hand(card)),
    }


def _say_role(job: CardJob, holder: CardHolder) -> list[str]:
    return say_in(job.language, lambda: sentences.say_role(holder))


def _say_holder(job: CardJob, holder: CardHolder) -> dict[str, Any]:
    return {
        "role": _say_role(job, holder),
        "name": holder.name,
        "size": fit_lines([holder.name], _NAME_EM, largest=24, least=7.5, lines=1),
    }


def fit_lines(words: Sequence[str], width_pt: float, *, largest: float, least: float, lines: int) -> float:
    """Return the size of type in which words fit into some lines, none of them broken.

    Parameters
    ----------
    words
        What is set, with a blank between.
    width_pt
        How wide a line is.
    largest, least
        The range of sizes, in points; the least where nothing fits.
    lines
        How many lines there may be.
    """
    size = largest
    while size > least and _count_lines(words, width_pt / size) > lines:
        size -= 0.5
    return max(size, least)


def _count_lines(words: Sequence[str], width_em: float) -> int:
    count, used = 1, 0.0
    for word in words:
        length = _measure_em(word)
        if length > width_em:
            return len(words) + count
        if used and used + 0.3 + length > width_em:
            count, used = count + 1, length
        else:
            used += (0.3 if used else 0) + length
    return count


def _measure_em(word: str) -> float:
    """Return how wide a word is, in the size of its type: a Chinese sign is as wide as high."""
    return sum(1.0 if ord(sign) > 0x2E7F else 0.62 for sign in word)
