"""What is said about somebody's belonging."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

MEMBER = "member"
"""The role of whoever has no other."""


class Belonging(NamedTuple):
    """A person's belonging to an organization, as a file or a scenario says it.

    An empty ``role`` and a ``since_on`` of None say nothing: what is known stays, and a new membership is
    that of a member, from today.
    """

    person_code: str
    organization_code: str
    role: str = ""
    since_on: date | None = None
