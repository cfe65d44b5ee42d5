"""A roster as a workbook in the layout that offices hang up: merged title, frozen heads, shaded nights, signatures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from xlsxwriter import Workbook

from muster.duty.queries import DutyCell, PersonRow, PostRow, RosterView, ShiftCell
from muster.web.roster_grid import Day, draw_days, say_face
from muster.web.words import is_chinese, say_name

HEAD_ROW = 3
A3 = 8
A4 = 9
MOST_DAYS_ON_A4 = 16
NIGHT, LATE, WEEKEND, LINE = "#44506B", "#CFE3EE", "#EFEDE6", "#8A8A8A"
_BASE = {"font_size": 10, "border": 1, "border_color": LINE, "valign": "vcenter"}
_CENTERED = {**_BASE, "align": "center"}


@dataclass(frozen=True)
class SheetWords:
    """What stands around a roster: its title, days, moment, the meaning of its short words, and if it is invented."""

    title: str
    span: str
    as_of: str
    legend: Sequence[str]
    invented: str


class _Book:
    """A workbook with the few forms that its cells take."""

    def __init__(self, file: BytesIO) -> None:
        # Text stays text: no name or post is run as a formula or made a link.
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.book = Workbook(file, options)
        self.title = self._form({"bold": True, "font_size": 18, "align": "center", "valign": "vcenter"})
        self.quiet = self._form({"font_size": 10, "align": "center", "valign": "vcenter"})
        self.head = self._form({**_CENTERED, "bold": True, "text_wrap": True})
        self.head_weekend = self._form({**_CENTERED, "bold": True, "text_wrap": True, "bg_color": WEEKEND})
        self.name = self._form({**_BASE, "bold": True})
        self.text = self._form({**_BASE, "text_wrap": True})
        self.number = self._form({**_BASE, "align": "right"})
        self.sign = self._form({"font_size": 11, "valign": "bottom"})
        wrapped = {**_CENTERED, "text_wrap": True}
        self.faces = {
            "": self._form(wrapped),
            "weekend": self._form({**wrapped, "bg_color": WEEKEND}),
            "is-late": self._form({**wrapped, "bg_color": LATE}),
            # Bold and white on dark stays legible in black and white.
            "is-night": self._form({**wrapped, "bg_color": NIGHT, "font_color": "#FFFFFF", "bold": True}),
            "is-empty": self._form({**wrapped, "bold": True, "border": 2, "border_color": "#000000"}),
        }

    def _form(self, look: dict[str, Any]) -> Any:
        return self.book.add_format({"font_name": "Microsoft YaHei" if is_chinese() else "Calibri", **look})


def write_sheet(roster: RosterView, words: SheetWords) -> bytes:
    """Write a roster: people by days on one sheet, posts by days on the other."""
    file = BytesIO()
    book = _Book(file)
    days = draw_days(roster.days, roster.days[0])
    _write_people(book, roster.people, days, words)
    _write_posts(book, roster.posts, days, words)
    book.book.close()
    return file.getvalue()


def _write_people(book: _Book, people: Sequence[PersonRow], days: Sequence[Day], words: SheetWords) -> None:
    sheet = book.book.add_worksheet(_("By people"))
    heads = (_("Name"), _("Organization"))
    _lay_out(sheet, len(people), len(days), widths=(10, 22), day_width=4.2, sums=2)
    _write_frame(book, sheet, words, heads, days, (_("Hours"), _("Nights")))
    for row, person in enumerate(people, HEAD_ROW + 1):
        sheet.write_string(row, 0, person.name, book.name)
        sheet.write_string(row, 1, person.organization, book.text)
        for column, day in enumerate(days, 2):
            _write_duties(book, sheet, row, column, person.cells.get(day.day, ()), day)
        sheet.write_number(row, len(days) + 2, round(person.minutes / 60, 1), book.number)
        sheet.write_number(row, len(days) + 3, person.nights, book.number)
    _write_signatures(book, sheet, HEAD_ROW + len(people) + 2)


def _write_posts(book: _Book, posts: Sequence[PostRow], days: Sequence[Day], words: SheetWords) -> None:
    sheet = book.book.add_worksheet(_("By posts"))
    _lay_out(sheet, len(posts), len(days), widths=(26, 8), day_width=9, sums=0)
    _write_frame(book, sheet, words, (_("Post"), _("Shift")), days, ())
    for row, post in enumerate(posts, HEAD_ROW + 1):
        sheet.write_string(row, 0, post.post_name, book.text)
        sheet.write_string(row, 1, say_name(post.pattern), book.text)
        for column, day in enumerate(days, 2):
            _write_shift(book, sheet, row, column, post.cells.get(day.day), day)
    _write_signatures(book, sheet, HEAD_ROW + len(posts) + 2)


def _lay_out(sheet: Any, rows: int, days: int, *, widths: tuple[int, int], day_width: float, sums: int) -> None:
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.set_column(2, days + 1, day_width)
    if sums:
        sheet.set_column(days + 2, days + sums + 1, 6)
    sheet.freeze_panes(HEAD_ROW + 1, 2)
    sheet.set_landscape()
    sheet.set_paper(A4 if days <= MOST_DAYS_ON_A4 else A3)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.repeat_rows(HEAD_ROW)
    sheet.print_area(0, 0, HEAD_ROW + rows + 2, days + sums + 1)
    sheet.center_horizontally()


def _write_frame(
    book: _Book, sheet: Any, words: SheetWords, heads: Sequence[str], days: Sequence[Day], sums: Sequence[str]
) -> None:
    last = len(heads) + len(days) + len(sums) - 1
    lines = (
        (words.title, book.title, 32),
        ("  ·  ".join(part for part in (words.span, words.as_of, words.invented) if part), book.quiet, 18),
        ("    ".join(words.legend), book.quiet, 18),
    )
    for row, (text, form, height) in enumerate(lines):
        sheet.set_row(row, height)
        sheet.merge_range(row, 0, row, last, text, form)
    sheet.set_row(HEAD_ROW, 32)
    for column, head in enumerate(heads):
        sheet.write_string(HEAD_ROW, column, head, book.head)
    for column, day in enumerate(days, len(heads)):
        form = book.head_weekend if day.is_weekend else book.head
        sheet.write_string(HEAD_ROW, column, day.head.replace(" ", "\n"), form)
    for column, head in enumerate(sums, len(heads) + len(days)):
        sheet.write_string(HEAD_ROW, column, head, book.head)
    sheet.set_footer(f"&L{_escape(words.title)}&C&P / &N&R{_escape(words.as_of)}")


def _escape(text: str) -> str:
    """Return a text that a footer takes literally."""
    return text.replace("&", "&&")


def _write_duties(book: _Book, sheet: Any, row: int, column: int, duties: Sequence[DutyCell], day: Day) -> None:
    if not duties:
        sheet.write_blank(row, column, None, book.faces["weekend" if day.is_weekend else ""])
        return
    words = [duty.pattern.short_zh if is_chinese() else duty.pattern.short_en for duty in duties]
    face = max((say_face(duty) for duty in duties), key=("", "is-late", "is-night").index)
    sheet.write_string(row, column, "/".join(words), book.faces[face])


def _write_shift(book: _Book, sheet: Any, row: int, column: int, shift: ShiftCell | None, day: Day) -> None:
    plain = book.faces["weekend" if day.is_weekend else ""]
    if shift is None:
        sheet.write_blank(row, column, None, plain)
        return
    names = [duty.person_name for duty in shift.duties]
    empty = [f"{pgettext('roster', 'empty')} {shift.missing}"] if shift.missing else []
    form = book.faces["is-empty"] if empty else book.faces[say_face(shift.duties[0])] if shift.duties else plain
    sheet.write_string(row, column, "\n".join([*names, *empty]), form)


def _write_signatures(book: _Book, sheet: Any, row: int) -> None:
    sheet.set_row(row, 30)
    blank = "＿" * 8 if is_chinese() else "_" * 20
    words = (_("Drawn up by"), _("Checked by"), _("Approved by"), _("Date"))
    sheet.write_string(row, 0, "      ".join(f"{word}{_(': ')}{blank}" for word in words), book.sign)
