"""The views of an area, in the order of the tabs; every list of them in the desk is made from this one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_CODE = re.compile(r"[^/?#]{1,64}")


@dataclass(frozen=True, slots=True)
class Tab:
    """One view of an area.

    Parameters
    ----------
    slug
        Its name in templates, and of its drawing among the icons.
    address
        Name of its address, which takes the area's code.
    words
        What it is called.
    key
        The letter that opens it after ``g``.
    names
        What else one may type to find it: the other language, pinyin and initials.
    """

    slug: str
    address: str
    words: str | Promise
    key: str
    names: tuple[str, ...]

    def link(self, code: str) -> str:
        """Return its address for an area."""
        return reverse(self.address, args=[code])


TABS = (
    Tab("map", "area", _("Map"), "m", ("map", "地图", "ditu", "dt")),
    Tab("coverage", "coverage", _("Wardens"), "w", ("wardens", "coverage", "楼门长", "loumenzhang", "lmz")),
    Tab("pairings", "pairings", _("Pairings"), "p", ("pairings", "包保", "baobao", "bb")),
    Tab("roster", "roster", _("Roster"), "r", ("roster", "shifts", "值班表", "zhibanbiao", "zbb")),
    Tab(
        "people",
        "people",
        _("People"),
        "e",
        ("people", "organizations", "人员", "单位", "renyuan", "ry", "danwei", "dw"),
    ),
    Tab("gaps", "gaps", _("Gaps"), "x", ("gaps", "缺口", "quekou", "qk")),
    Tab("needs", "needs", _("Needs"), "n", ("needs", "help", "求助", "qiuzhu", "qz", "需求")),
    Tab("watch", "watch", _("Watch"), "v", ("watch", "rounds", "看护", "kanhu", "kh", "巡查")),
    Tab("figures", "figures", _("Figures"), "f", ("figures", "measures", "数据", "shuju", "sj")),
)
_BY_SLUG = {tab.slug: tab for tab in TABS}


def get_tab(slug: str) -> Tab:
    """Return the tab of a name; the map where no tab has it."""
    return _BY_SLUG.get(slug, TABS[0])


def find_tabs(text: str) -> list[Tab]:
    """Find the tabs that go by what somebody has begun to type."""
    typed = text.strip().lower()
    return [tab for tab in TABS if typed and any(name.startswith(typed) for name in tab.names)]


def is_code(text: str) -> bool:
    """Tell whether a text can stand as a code within an address."""
    return _CODE.fullmatch(text) is not None
