"""Pictures that come with needs: drawn anew, smaller, without place, time and device that cameras write into theirs."""

from __future__ import annotations

import io

from PIL import Image, ImageOps

MOST_BYTES = 15 * 1024 * 1024
"""What a telephone's camera makes, and more."""
MOST_PIXELS = 40_000_000
SIDE_PIXELS = 1280
_FORMATS = ("JPEG", "PNG", "WEBP")
_QUALITY = 75


def redraw_picture(data: bytes) -> bytes | None:
    """Return a picture as a JPEG of at most 1280 pixels a side that holds what can be seen and nothing else.

    Parameters
    ----------
    data
        A JPEG, PNG or WebP file.

    Returns
    -------
    bytes | None
        None where it is none of these, broken, or too large to be opened safely.
    """
    if len(data) > MOST_BYTES:
        return None
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
            # A JPEG is read at a fraction of its size at once, so that a large one costs no memory.
            opened.draft("RGB", (SIDE_PIXELS, SIDE_PIXELS))
            if opened.width * opened.height > MOST_PIXELS:
                return None
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    upright.thumbnail((SIDE_PIXELS, SIDE_PIXELS))
    # Only what is seen is taken over: a picture carries what it was opened with along.
    drawn = Image.new("RGB", upright.size)
    drawn.paste(upright)
    written = io.BytesIO()
    drawn.save(written, "JPEG", quality=_QUALITY, optimize=True)
    return written.getvalue()
