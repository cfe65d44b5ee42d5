"""Ten lists as offices make them, each with what is wrong with it; none is edited by hand before it is imported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet


@dataclass(frozen=True)
class OfficeList:
    """A list, and what is to come of it.

    Parameters
    ----------
    file_name
        What the file is called.
    write
        Writes it.
    kind
        What it should be recognized as.
    created
        How many rows of that kind come of it.
    refused
        How many of its rows cannot be taken before they are mended.
    """

    file_name: str
    write: Callable[[Path], None]
    kind: str
    created: int
    refused: int = 0


def _sheet(title: str = "Sheet1") -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    return book, sheet


def write_volunteers(path: Path) -> None:
    """A community's volunteers: title merged across, numbers of identity cards, spread-out names, notes beneath."""
    book, sheet = _sheet("志愿者")
    sheet.append(["松林社区疫情防控志愿者名册"])
    sheet.merge_cells("A1:G1")
    sheet.append(["填报单位：松林社区", None, None, None, "2020年2月"])
    sheet.append(["序号", "姓 名", "身份证号", "联系电话", "家庭住址", "特长", "报名日期"])
    sheet.append([1, "张 三", "220702198001011234", 13812345601.0, "明珠小区1号楼1单元501", "驾驶", date(2020, 2, 5)])
    sheet.append(
        [2, "李　四", "22070219800101123X", "138-1234-5602", "明珠小区 2 栋一单元", "急救、电工", "2020年2月5日"]
    )
    sheet.append([None] * 7)
    sheet.append([3, "欧阳小丽", None, "１３８１２３４５６０３", "松林社区明珠小区1-2", "", "2/5/2020"])
    sheet.append(["合计", "3人"])
    sheet.append(["填表人：王会计   审核人：李主任"])
    book.save(path)


def write_two_line_head(path: Path) -> None:
    """A street's cadres: a head of two lines, cells merged downwards, a second sheet with choices, one hidden."""
    book, sheet = _sheet("说明")
    sheet.append(["填表说明"])
    sheet.append(["1. 请如实填写"])
    hidden = book.create_sheet("下拉选项")
    hidden.append(["姓名", "类别"])
    hidden.append(["（示例）", "机关"])
    hidden.sheet_state = "hidden"
    sheet = book.create_sheet("下沉干部")
    sheet.append(["下沉干部信息表"])
    sheet.append(["序号", "基本情况", None, "居住情况", None, None, "所在单位"])
    sheet.append([None, "姓名", "手机", "小区", "楼栋", "单元", None])
    for place, row in enumerate([("王一", 13812345611, "明珠小区", 1, 1), ("王二", 13812345612, None, 1, 2)], 1):
        sheet.append([place, *row, "市档案馆"])
    sheet.append([3, "王三", "13812345613", None, "2号楼", "1单元", "市档案馆"])
    for cells in ("A1:G1", "A2:A3", "B2:C2", "D2:F2", "G2:G3", "D4:D6"):
        sheet.merge_cells(cells)
    book.save(path)


def write_gb18030(path: Path) -> None:
    """An export of an old system: GB18030, tabs, and the name of a workbook."""
    head = "人员编号\t姓名\t联系电话\t居住地\t工作单位\t是否可参加\r\n"
    rows = ["A001\t赵一\t0438-2123456\t松林社区\t市档案馆\t是\r\n", "A002\t赵二\t13812345622\t江畔社区\t\t否\r\n"]
    path.write_bytes((head + "".join(rows)).encode("gb18030"))


def write_with_faults(path: Path) -> None:
    """A list with everything that goes wrong: places misspelled, a number cut short, somebody twice."""
    book, sheet = _sheet()
    sheet.append(["姓名", "电话", "小区", "楼栋", "单元", "单位"])
    sheet.append(["孙一", 13812345631, "明珠小区", "1号楼", "1单元", "市档案馆"])
    sheet.append(["孙二", 13812345632, "明朱小区", "1号楼", "2单元", "市档案馆"])
    sheet.append(["孙三", "1381234", "明珠小区", "1号楼", "2单元", ""])
    sheet.append(["孙一", 13812345631, "明珠小区", "1号楼", "1单元", "市档案馆"])
    sheet.append(["孙五", 13812345635, "明珠小区", "2号楼", "1单元", "市挡案馆"])
    book.save(path)


def write_utf16(path: Path) -> None:
    """A list as Excel saves it as Unicode text."""
    text = "单位名称\t单位性质\t驻地\t可派人数\r\n松原市中心医院\t\t松林社区\t40\r\n第一小学\t学校\t江畔社区\t１２\r\n"
    path.write_bytes(text.encode("utf-16"))


def write_organizations(path: Path) -> None:
    """An alliance's members: formulas without a value kept, a title in the middle, a head that comes again."""
    book, sheet = _sheet("成员单位")
    sheet.append(["松林社区党建联盟成员单位"])
    sheet.merge_cells("A1:E1")
    sheet.append(["序号", "单位全称", "上级单位", "可派出人数", "所在联盟"])
    sheet.append([1, "市供电公司", None, 12, "松林社区"])
    sheet.append([2, "供电公司第一支部", "市供电公司", 3, "松林社区党建联盟"])
    sheet.append(["驻区企业"] * 5)
    sheet.append(["序号", "单位全称", "上级单位", "可派出人数", "所在联盟"])
    sheet.append([3, "江滨超市", "", 2, "松林社区"])
    sheet.append([None, "合 计", None, "=SUM(D3:D7)", None])
    sheet.append(["注：人数为可同时派出的人数。"])
    book.save(path)


def write_buildings(path: Path) -> None:
    """A community's doors: one row a unit, compounds and buildings merged downwards, numbers without their words."""
    book, sheet = _sheet("楼栋底数")
    sheet.append(["社区", "小区", "楼栋号", "单元号", "户数", "有无物业"])
    sheet.append(["松林社区", "松江花园", 1, 1, 24, "有"])
    sheet.append([None, None, None, 2, 24, "有"])
    sheet.append([None, None, 2, 1, 30, "有"])
    sheet.append([None, "明珠小区", 3, 1, 28, "有"])
    for cells in ("A2:A5", "B2:B4", "C2:C3"):
        sheet.merge_cells(cells)
    book.save(path)


def write_compounds(path: Path) -> None:
    """A street's compounds with how many buildings each has."""
    path.write_bytes(
        "\ufeff小区名称,所在社区,总户数,楼栋数,物业管理\n滨江新城,江畔社区,320,4,是\n老干部楼,江畔社区,48,1,无\n".encode()
    )


def write_divisions(path: Path) -> None:
    """Divisions as the statistics bureau publishes them: long codes, made into floats by a program."""
    rows = ["220702002000.0,新区街道", "220702002001.0,文苑社区", "220702002002.0,书香社区"]
    path.write_bytes(("统计用区划代码,名称\r\n" + "\r\n".join(rows) + "\r\n").encode("gb18030"))


def write_posts(path: Path) -> None:
    """Checkpoints with a column for each shift."""
    book, sheet = _sheet("卡口")
    sheet.append(["卡口值守点位表", None, None, None, None, None])
    sheet.append(["点位名称", "岗位类型", "所属社区", "早班", "夜班", "备注"])
    sheet.append(["西门卡口", "小区卡口", "松林社区", 2, 1, ""])
    sheet.append(["江边卡口", "小区卡口", "江畔社区", "２", None, "靠江"])
    book.save(path)


def write_wardens(path: Path) -> None:
    """A community's wardens, an entrance a row: the compound merged downwards, an empty door, numbers in every form."""
    book, sheet = _sheet("单元长")
    sheet.append(["松林社区单元长一览表"])
    sheet.merge_cells("A1:F1")
    sheet.append(["序号", "小区名称", "楼号", "单元", "单元长", "联系电话"])
    sheet.append([1, "明珠小区", "1#", "二单元", "郑 一", 13812345691])
    sheet.append([2, None, "2", "1", "郑二", "138 1234 5692"])
    sheet.append([3, None, "2", "9", "郑三", "13812345693"])
    sheet.merge_cells("B3:B5")
    sheet.append(["合计", None, None, "3", None, None])
    book.save(path)


LISTS = (
    OfficeList("志愿者名册.xlsx", write_volunteers, "people", 3),
    OfficeList("下沉干部.xlsx", write_two_line_head, "people", 3),
    OfficeList("人员导出.xls", write_gb18030, "people", 2),
    OfficeList("有错的名单.xlsx", write_with_faults, "people", 1, refused=4),
    OfficeList("单位.txt", write_utf16, "organizations", 2),
    OfficeList("联盟成员.xlsx", write_organizations, "organizations", 3),
    OfficeList("楼栋底数.xlsx", write_buildings, "places", 8),
    OfficeList("小区.csv", write_compounds, "places", 7),
    OfficeList("区划.csv", write_divisions, "divisions", 3),
    OfficeList("卡口.xlsx", write_posts, "posts", 2),
)
