"""Kinds of list, the columns each may have, and the states of an import."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class ListKind(models.TextChoices):
    """What a list is about."""

    DIVISIONS = "divisions", _("divisions")
    PLACES = "places", _("compounds, buildings, units")
    PEOPLE = "people", _("people")
    ORGANIZATIONS = "organizations", _("organizations")
    POSTS = "posts", _("posts")
    WARDENS = "wardens", _("wardens")


class ImportState(models.TextChoices):
    """How far an import is."""

    OPEN = "open", _("being prepared")
    TAKEN = "taken", _("taken")
    UNDONE = "undone", _("undone")
    DROPPED = "dropped", _("given up")


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a list may have.

    Parameters
    ----------
    name
        What it means, by one word.
    headings
        What offices call it; the first is how the desk calls it in Chinese.
    """

    name: str
    headings: tuple[str, ...]

    @property
    def english(self) -> str:
        """Return how the desk calls it in English."""
        return self.name.removeprefix("in_").replace("_", " ")

    @property
    def chinese(self) -> str:
        """Return how the desk calls it in Chinese."""
        return self.headings[0] if self.headings else self.name


LEVEL_COLUMNS = tuple(
    Column(f"in_{level}", headings)
    for level, headings in {
        "city": ("市", "城市", "地市", "所在市"),
        "county": ("县区", "区县", "县", "区", "县市区", "县(市、区)", "所在县区"),
        "township": ("街道乡镇", "乡镇街道", "街道", "乡镇", "镇街", "街镇", "所在街道", "街道(乡镇)", "乡镇(街道)"),
        "community": ("社区", "村", "村社区", "社区村", "社区(村)", "村(社区)", "所在社区", "社区名称", "村居"),
        "compound": ("小区", "小区名称", "院落", "所在小区", "居住小区", "网格", "小区(院落)"),
        "building": ("楼栋", "楼号", "楼栋号", "栋", "幢", "幢号", "栋号", "楼", "楼座"),
        "unit": ("单元", "单元号", "门栋", "门洞", "单元门"),
    }.items()
)
"""Columns that say where, one level each, as most lists of communities do."""

LEVELS_SAID = {column.name: column.name.removeprefix("in_") for column in LEVEL_COLUMNS}
"""The level of each such column."""

ADDRESS = Column(
    "address", ("住址", "家庭住址", "现住址", "居住地址", "现居住地", "家庭地址", "地址", "详细地址", "详细住址")
)
IDENTITY = Column(
    "identity", ("身份证号", "身份证", "身份证号码", "证件号码", "证件号", "公民身份号码", "身份证件号码", "id_number")
)
"""A number that Muster never keeps: the column is emptied before anything is stored."""
