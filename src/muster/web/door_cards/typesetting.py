"""Setting pages in a process of its own, which gives back at its end the gigabytes that a long print takes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import typst

PAGES = "pages.pdf"


def set_pages(source: Path, fonts: Path) -> Path:
    """Set a source into pages beside it, and return where they are.

    Parameters
    ----------
    source
        What is set; it reads what lies beside it.
    fonts
        Where the type lies. No other is used, so that every machine sets alike.

    Raises
    ------
    subprocess.CalledProcessError
        If it cannot be set.
    """
    subprocess.run([sys.executable, "-m", __name__, str(source), str(fonts)], check=True)  # noqa: S603  # our own
    return source.with_name(PAGES)


def _set(source: str, fonts: str) -> None:
    # Without tags: they make a file six times as large, and serve whoever hears a page, not whoever hangs it up.
    typst.compile(
        source,
        str(Path(source).with_name(PAGES)),
        root=str(Path(source).parent),
        font_paths=[fonts],
        ignore_system_fonts=True,
        format="pdf",
        pdf_tags=False,
    )


if __name__ == "__main__":
    _set(*sys.argv[1:])
