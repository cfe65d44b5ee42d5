"""Lists come in through the desk as offices made them, and go out again when they should."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from muster.access.actions import create_user
from muster.access.kinds import Role
from muster.intake.models import Import, KnownHead
from muster.intake.rules import unseal
from muster.people.models import Person
from muster.territory.models import Level
from tests.coverage.city import NOON, settle
from tests.intake.offices import LISTS, OfficeList, write_volunteers, write_wardens, write_with_faults
from tests.web.cast import ADMINISTRATOR, PASSWORD, Cast
from tests.web.conftest import SignIn

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Page


class _Form(HTMLParser):
    """What a form would send as it stands: chosen options, typed texts, ticked boxes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "select":
            self._select = said.get("name") or ""
        elif tag == "option" and "selected" in said:
            self.values[self._select] = [said.get("value") or ""]
        elif tag == "input" and said.get("name") and (said.get("type") != "checkbox" or "checked" in said):
            self.values.setdefault(said["name"] or "", []).append(said.get("value") or "")


def read_form(response: Page, address: str) -> dict[str, list[str]]:
    forms = re.findall(rf'<form[^>]*action="{address}".*?</form>', response.content.decode(), re.DOTALL)
    assert forms, f"no form leads to {address}"
    return _Form(forms[-1]).values


def bring(client: Client, folder: Path, office: OfficeList, area: str = "2207") -> Page:
    path = folder / office.file_name
    office.write(path)
    return bring_file(client, office.file_name, path.read_bytes(), area)


def bring_file(client: Client, name: str, raw: bytes, area: str = "2207") -> Page:
    fields = {"file": SimpleUploadedFile(name, raw), "area": area, "kind": ""}
    return client.post("/imports/bring", fields, follow=True)


def newest() -> Import:
    found = Import.objects.first()
    assert found is not None
    return found


def submit(client: Client, page: Page, step: str, **changes: str | list[str]) -> Page:
    """Send a form of the page as it stands, with some changes."""
    address = f"/imports/{newest().pk}/{step}"
    return client.post(address, {**read_form(page, address), **changes}, follow=True)


@pytest.mark.parametrize("office", LISTS, ids=lambda office: office.file_name)
def test_a_list_is_imported_as_it_came(officer: Client, tmp_path: Path, office: OfficeList) -> None:
    page = bring(officer, tmp_path, office)
    assert newest().kind == office.kind
    page = submit(officer, page, "columns")
    assert newest().rejected == office.refused
    page = submit(officer, page, "take", **({"partial": "yes"} if office.refused else {}))
    assert (newest().state, newest().created, newest().rejected) == ("taken", office.created, office.refused)
    assert "撤销整次导入" in page.content.decode()


def test_a_list_of_wardens_is_taken_once_they_agreed(officer: Client, tmp_path: Path) -> None:
    page = bring(officer, tmp_path, OfficeList("单元长.xlsx", write_wardens, "wardens", 2))
    page = submit(officer, page, "columns", consented_on="2020-02-05")
    submit(officer, page, "take", partial="yes")
    assert (newest().kind, newest().created, newest().rejected) == ("wardens", 2, 1)
    assert "郑二" in officer.get("/areas/C1-A-2-1").content.decode()


def test_a_problem_is_marked_in_its_cell_and_mended_on_the_spot(officer: Client, tmp_path: Path) -> None:
    page = bring(officer, tmp_path, OfficeList("名单.xlsx", write_with_faults, "people", 1))
    page = submit(officer, page, "columns")
    html = page.content.decode()
    assert 'aria-describedby="why-1-in_compound"' in html
    assert "松原市没有“明朱小区”" in html
    assert "不是电话号码" in html or "不是完整的电话号码" in html
    assert "与第 2 行重复" in html
    choice = re.search(r'name="pick-1-in_compound".*?<option value="(C1-A)">', html, re.DOTALL)
    assert choice is not None
    changes = {"pick-1-in_compound": "C1-A", "cell-2-phone": "13812345633", "pick-4-organization": "市档案馆"}
    page = submit(officer, page, "cells", **changes, out="3")
    assert newest().rejected == 0
    submit(officer, page, "take")
    assert newest().created == 4
    homes = dict(
        Person.objects.filter(name__startswith="孙", code__startswith="P-").values_list("name", "home_area__code")
    )
    assert homes == {"孙一": "C1-A-1-1", "孙二": "C1-A-1-2", "孙三": "C1-A-1-2", "孙五": "C1-A-2-1"}


def test_columns_are_confirmed_once_and_remembered(officer: Client, tmp_path: Path) -> None:
    office = OfficeList("志愿者.xlsx", write_volunteers, "people", 3)
    page = bring(officer, tmp_path, office)
    assert "只问一次" in page.content.decode()
    page = submit(officer, page, "columns", **{"column-5": ""})
    submit(officer, page, "take")
    page = bring(officer, tmp_path, office)
    html = page.content.decode()
    assert "栏目含义由 值班员 确认过" in html
    assert "5" not in newest().columns
    assert (newest().created, newest().unchanged) == (0, 3)


def test_all_is_taken_or_nothing_unless_somebody_says_otherwise(officer: Client, tmp_path: Path) -> None:
    before = Person.objects.count()
    page = bring(officer, tmp_path, OfficeList("名单.xlsx", write_with_faults, "people", 1))
    submit(officer, page, "columns")
    page = officer.post(f"/imports/{newest().pk}/take", follow=True)
    assert "有 4 行不能导入" in page.content.decode()
    assert (newest().state, Person.objects.count()) == ("open", before)


def test_rows_kept_aside_are_downloaded_with_why_and_brought_again(officer: Client, tmp_path: Path) -> None:
    page = bring(officer, tmp_path, OfficeList("名单.xlsx", write_with_faults, "people", 1))
    page = submit(officer, page, "columns")
    submit(officer, page, "take", partial="yes")
    file = officer.get(f"/imports/{newest().pk}/rejects.xlsx").content
    rows = list(load_workbook(BytesIO(file)).worksheets[0].values)
    assert rows[0] == ("姓名", "电话", "小区", "楼栋", "单元", "单位", "原因")
    assert [row[0] for row in rows[1:]] == ["孙二", "孙三", "孙一", "孙五"]
    page = bring_file(officer, "退回.xlsx", file)
    submit(officer, page, "columns")
    assert (newest().rejected, newest().unchanged) == (3, 1)


def test_an_import_is_undone_whole(officer: Client, tmp_path: Path) -> None:
    before = list(Person.objects.order_by("pk").values())
    page = bring(officer, tmp_path, LISTS[0])
    page = submit(officer, page, "columns", consented_on="2020-02-05")
    page = submit(officer, page, "take")
    assert Person.objects.count() == len(before) + 3
    page = submit(officer, page, "undo")
    assert "已撤销，一切恢复原样" in page.content.decode()
    assert list(Person.objects.order_by("pk").values()) == before


def test_numbers_of_identity_cards_are_not_kept(officer: Client, tmp_path: Path) -> None:
    page = bring(officer, tmp_path, LISTS[0])
    assert "220702198001011234" not in page.content.decode()
    assert "22070219800101123X" not in str(unseal(newest().content or ""))
    assert "13812345602" in str(unseal(newest().content or "")).replace("-", "")


def test_the_form_of_each_kind_can_be_filled_in_and_is_recognized(officer: Client) -> None:
    for kind in ("divisions", "places", "people", "organizations", "posts", "wardens"):
        response = officer.get(f"/imports/templates/{kind}.xlsx")
        book = load_workbook(BytesIO(response.content))
        form, notes = book.worksheets
        example = {str(row[0]): str(row[2] or "") for row in notes.iter_rows(min_row=2, values_only=True)}
        form.append([example[str(cell.value)] for cell in form[1]])
        file = BytesIO()
        book.save(file)
        page = bring_file(officer, f"{kind}.xlsx", file.getvalue())
        assert newest().kind == kind
        page = submit(officer, page, "columns")
        assert newest().rows_total == 1
        problems = re.findall(r'class="warn small">([^<]*)', page.content.decode())
        assert not problems, (kind, problems)


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("空.csv", b"", "文件是空的"),
        ("文档.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "这是 Word 文档"),
        ("锁.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "文件有密码"),
        ("宽.csv", (",".join(f"c{n}" for n in range(200)) + "\n" + ",".join("1" * 200) + "\n").encode(), "200 列"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_clear_words(officer: Client, name: str, raw: bytes, said: str) -> None:
    page = bring_file(officer, name, raw)
    assert said in page.content.decode()
    assert not Import.objects.exists()


def test_a_list_that_is_not_recognized_is_explained_by_hand(officer: Client) -> None:
    page = bring_file(officer, "x.csv", "甲方,乙方\n王五,13812345671\n".encode())
    assert "没有认出表头" in page.content.decode()
    page = submit(officer, page, "sheet", kind="people", head="1")
    page = submit(officer, page, "columns", **{"column-0": "name", "column-1": "phone"})
    assert newest().created == 1


def test_only_who_may_import_sees_imports(sign_in) -> None:
    assert sign_in("worker").get("/imports/").status_code == 403
    assert sign_in("auditor").post("/imports/bring", {}).status_code == 403


@pytest.fixture
def neighbor(cast: Cast, sign_in: SignIn) -> Client:
    """Return an officer of the second community alone."""
    create_user(
        actor=ADMINISTRATOR,
        now=NOON,
        username="neighbor",
        password=PASSWORD,
        display_name="江畔",
        role=Role.DUTY_OFFICER,
        area=cast.city.area("C2"),
    )
    return sign_in("neighbor")


def test_an_import_into_another_area_is_not_there(officer: Client, neighbor: Client, tmp_path: Path) -> None:
    bring(officer, tmp_path, LISTS[0])
    assert neighbor.get(f"/imports/{newest().pk}").status_code == 404
    page = bring_file(neighbor, "跨.csv", "姓名,电话,居住地\n钱一,13812345681,C1\n钱二,13812345682,C2\n".encode(), "C2")
    page = submit(neighbor, page, "columns")
    assert "超出您可以导入的范围" in page.content.decode() or "没有“C1”" in page.content.decode()
    submit(neighbor, page, "take", partial="yes")
    assert list(Person.objects.filter(name__startswith="钱").values_list("name", flat=True)) == ["钱二"]


def test_english_is_spoken_where_it_is_chosen(sign_in, tmp_path: Path) -> None:
    client = sign_in("officer", "en")
    page = bring(client, tmp_path, OfficeList("list.xlsx", write_with_faults, "people", 1))
    page = submit(client, page, "columns")
    html = page.content.decode()
    assert "There is no place 明朱小区 in 松原市." in html
    assert "Take what is right, keep 4 aside" in html


def test_a_code_in_full_width_letters_reaches_nobody_elsewhere(neighbor: Client) -> None:
    before = Person.objects.get(code="P1").name
    page = bring_file(neighbor, "跨.csv", "编号,姓名,居住地\nＰ１,冒名,C2-B\n".encode(), "C2")
    page = submit(neighbor, page, "columns")
    assert "超出您可以导入的范围" in page.content.decode()
    neighbor.post(f"/imports/{newest().pk}/take", {"partial": "yes"})
    assert Person.objects.get(code="P1").name == before


def test_nothing_of_other_areas_is_offered(neighbor: Client) -> None:
    page = bring_file(neighbor, "名单.csv", "姓名,电话,居住地,单位\n钱一,13812345681,C2-B,市挡案馆\n".encode(), "C2")
    areas = re.findall(
        r'<option value="([^"]*)"', page.content.decode().partition('id="area"')[2].partition("</select>")[0]
    )
    assert areas == ["C2", "C2-B"]
    page = submit(neighbor, page, "columns")
    assert "市挡案馆" in page.content.decode()
    assert "市档案馆" not in page.content.decode()


def test_columns_that_are_not_there_are_not_remembered(officer: Client) -> None:
    raw = "姓名,电话,居住地\n钱一,13812345681,C1-A\n".encode()
    page = bring_file(officer, "名单.csv", raw)
    page = submit(officer, page, "columns", **{"column-2": "", "column-x": "home", "column-99": "work"})
    assert page.status_code == 200
    assert KnownHead.objects.get().columns == {"0": "name", "1": "phone"}
    assert bring_file(officer, "名单.csv", raw).status_code == 200


def test_a_long_remark_in_the_place_of_an_organization_can_be_looked_at(officer: Client) -> None:
    page = bring_file(officer, "名单.csv", f"姓名,居住地,单位\n钱一,C1-A,{'甲乙' * 3000}\n".encode())
    assert submit(officer, page, "columns").status_code == 200


def test_two_columns_of_one_meaning_are_named_by_their_headings(officer: Client) -> None:
    page = bring_file(officer, "名单.csv", "姓名,家里电话,联系电话,居住地\n钱一,1,13812345681,C1-A\n".encode())
    page = submit(officer, page, "columns", **{"column-1": "phone"})
    assert "家里电话、联系电话" in page.content.decode()


def test_levels_of_the_whole_tree_are_made_by_nobody_who_has_a_part_of_it(neighbor: Client) -> None:
    levels = list(Level.objects.values_list("slug", "rank"))
    raw = "级别,代码,名称,上级代码\n片区,G1,东片,C2\n小区,G2,东园,C2\n"
    page = submit(neighbor, bring_file(neighbor, "片区.csv", raw.encode(), "C2"), "columns")
    assert "超出您可以导入的范围" in page.content.decode()
    submit(neighbor, page, "take", partial="yes")
    assert (newest().created, newest().rejected) == (1, 1)
    assert list(Level.objects.values_list("slug", "rank")) == levels


def test_what_reached_farther_is_not_undone_by_whoever_sees_a_part_of_it(officer: Client, neighbor: Client) -> None:
    page = bring_file(officer, "名单.csv", "编号,姓名,电话\nP1,王秀兰,13812345699\n".encode(), "C2")
    submit(officer, submit(officer, page, "columns"), "take")
    taken, known = newest(), Person.objects.values().get(code="P1")
    assert taken.updated == 1
    assert neighbor.post(f"/imports/{taken.pk}/undo").status_code == 403
    assert Person.objects.values().get(code="P1") == known
    officer.post(f"/imports/{taken.pk}/undo")
    assert newest().state == "undone"


def test_a_list_without_homes_says_more_about_people_of_ones_own(neighbor: Client) -> None:
    person = settle("P9", "钱九", "C2-B")
    raw = "编号,姓名,特长\nP9,钱九,急救\nP1,王秀兰,急救\nP10,钱十,急救\n".encode()
    page = submit(neighbor, bring_file(neighbor, "特长.csv", raw, "C2"), "columns")
    submit(neighbor, page, "take", partial="yes")
    person.refresh_from_db()
    assert (newest().updated, newest().created, newest().rejected) == (1, 0, 2)
    assert person.home_area is not None
