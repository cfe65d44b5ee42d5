"""Pages of long lists: plain links, so that an address shows exactly what somebody saw."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

PAGE_ROWS = 50


@dataclass(frozen=True)
class Page:
    """One page of a list."""

    number: int
    total: int
    rows: int = PAGE_ROWS

    @property
    def offset(self) -> int:
        """Return how many rows come before it."""
        return (self.number - 1) * self.rows

    @property
    def end(self) -> int:
        """Return the place after its last row."""
        return min(self.offset + self.rows, self.total)

    @property
    def first(self) -> int:
        """Return the number of its first row, counted from 1."""
        return self.offset + 1 if self.total else 0

    @property
    def last_number(self) -> int:
        """Return the number of the last page."""
        return max(1, -(-self.total // self.rows))

    @property
    def previous(self) -> int | None:
        """Return the number of the page before, if there is one."""
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        """Return the number of the page after, if there is one."""
        return self.number + 1 if self.number < self.last_number else None


def read_page(request: HttpRequest, total: int) -> Page:
    """Return the page that an address asks for; a number out of reach becomes the nearest page."""
    asked = request.GET.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() else 1
    return Page(min(max(1, number), Page(1, total).last_number), total)
