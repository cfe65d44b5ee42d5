"""The commands of lists and accounts, as somebody types them."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook

from muster.access.models import User
from muster.cli.main import main
from muster.kernel.models import AuditEntry
from muster.people.models import Person
from muster.situation.exporting import EXPORTS
from muster.territory.models import Area
from tests.access.town import PASSWORD, build_town, write_csv

DIVISIONS = ("级别,代码,名称,上级代码", "city,2207,松原市,", "county,220702,宁江区,2207", "county,220703,坏,9999")


class Outcome:
    """How a command ended: exit code, and what it wrote."""

    def __init__(self, code: int, out: bytes, err: str) -> None:
        self.code = code
        self.raw = out
        self.out = out.decode("utf-8-sig")
        self.err = err


class Shell:
    """Runs ``muster`` in this process, in a folder of its own."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
        self._monkeypatch = monkeypatch
        self._capture = capfdbinary

    def run(self, *words: str, stdin: str = "") -> Outcome:
        self._monkeypatch.setattr(sys, "argv", ["muster", *words])
        self._monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        self._capture.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        sys.stdout.flush()
        captured = self._capture.readouterr()
        return Outcome(int(ended.value.code or 0), captured.out, captured.err.decode())


@pytest.fixture
def shell(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Shell:
    monkeypatch.chdir(tmp_path)
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    return Shell(monkeypatch, capfdbinary)


def test_sound_rows_are_taken_and_the_others_kept_to_be_mended(shell: Shell, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "tree.csv", *DIVISIONS)
    outcome = shell.run("import", "divisions", str(path))
    assert outcome.code == 1
    assert outcome.out.startswith("tree.csv: 2 created, 0 updated, 0 unchanged, 1 rejected\n")
    assert "tree.csv, row 4, column 上级代码" in outcome.out
    rejects = tmp_path / "tree.csv.rejects.csv"
    assert str(rejects) in outcome.err
    rejects.write_text(rejects.read_text("utf-8").replace("9999", "2207"), "utf-8")
    mended = shell.run("import", "divisions", str(rejects))
    assert (mended.code, mended.err) == (0, "")
    assert Area.objects.count() == 3


def test_rejects_go_where_they_are_asked_to(shell: Shell, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "tree.csv", *DIVISIONS)
    shell.run("import", "divisions", str(path), "--rejects", str(tmp_path / "bad.xlsx"))
    sheet = load_workbook(tmp_path / "bad.xlsx")["muster"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == ["level", "code", "name", "parent_code", "why"]
    assert [row[1] for row in rows[1:]] == ["220703"]


def test_rejects_never_overwrite_the_file_that_is_imported(shell: Shell, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "tree.csv", *DIVISIONS)
    assert shell.run("import", "divisions", str(path), "--rejects", str(path)).code == 2
    assert not Area.objects.exists()


def test_a_dry_run_writes_neither_rows_nor_rejects(shell: Shell, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "tree.csv", *DIVISIONS)
    outcome = shell.run("import", "divisions", str(path), "--dry-run")
    assert (outcome.code, Area.objects.exists()) == (1, False)
    assert "nothing was written" in outcome.out
    assert [file.name for file in tmp_path.iterdir()] == ["tree.csv"]


@pytest.mark.parametrize("content", [None, "a,b\n1,2\n", ""])
def test_a_file_that_is_no_list_fails_in_one_paragraph(shell: Shell, tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "tree.csv"
    if content is not None:
        path.write_text(content)
    outcome = shell.run("import", "divisions", str(path))
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.startswith("muster: ")
    assert outcome.err.count("\n") == 1


def test_the_report_is_in_chinese_where_the_surroundings_are(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    outcome = shell.run("import", "divisions", str(write_csv(tmp_path / "tree.csv", *DIVISIONS)))
    assert outcome.out.startswith("tree.csv: 新增 2，更新 0，未变 0，退回 1\n")


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        ("places", ("code,parent_code,level,name,households", "C1-B,C1,compound,江滨花园,60")),
        ("people", ("code,name,organization", "P1,王五,MILL")),
        ("organizations", ("code,name,kind,seat", "A1,档案馆,agency,C1")),
        ("posts", ("code,name,kind,area,demand", "GATE,北门,gate,C1,morning:2")),
    ],
)
def test_every_list_is_taken_once(shell: Shell, tmp_path: Path, kind: str, lines: tuple[str, ...]) -> None:
    build_town()
    path = write_csv(tmp_path / "list.csv", *lines)
    first = shell.run("import", kind, str(path))
    assert (first.code, first.out) == (0, "list.csv: 1 created, 0 updated, 0 unchanged, 0 rejected\n")
    assert shell.run("import", kind, str(path)).out == "list.csv: 0 created, 0 updated, 1 unchanged, 0 rejected\n"


def test_a_list_goes_to_another_program_with_its_byte_order_mark(shell: Shell) -> None:
    build_town()
    outcome = shell.run("export", "areas", "--area", "C1")
    assert outcome.raw.startswith(b"\xef\xbb\xbfcode,level,name,parent_code,kind")
    assert [line.split(",")[0] for line in outcome.out.splitlines()] == ["code", "C1", "C1-A"]
    assert outcome.err == ""


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_a_list_goes_to_a_file_and_comes_back(shell: Shell, tmp_path: Path, file_format: str) -> None:
    build_town()
    path = tmp_path / f"people.{file_format}"
    outcome = shell.run("export", "people", "--format", file_format, "--out", str(path))
    assert (outcome.code, outcome.out) == (0, "")
    assert f"4 rows written to {path}" in outcome.err
    assert "4 unchanged" in shell.run("import", "people", str(path)).out


@pytest.mark.parametrize("name", EXPORTS)
def test_every_list_can_be_named(shell: Shell, name: str) -> None:
    build_town()
    outcome = shell.run("export", name)
    assert outcome.code == (1 if EXPORTS[name].is_of_emergency else 0)


def test_a_list_or_a_form_that_is_not_there_is_wrong_use(shell: Shell) -> None:
    assert shell.run("export", "secrets").code == 2
    assert shell.run("export", "areas", "--format", "pdf").code == 2


def test_an_area_that_is_not_there_fails(shell: Shell) -> None:
    outcome = shell.run("export", "areas", "--area", "nowhere")
    assert outcome.code == 1
    assert outcome.err.startswith("muster: There is no area nowhere.")


def test_phones_are_given_to_a_named_officer_who_knows_the_password(shell: Shell) -> None:
    build_town()
    words = ("export", "people", "--with-phones")
    shell.run("user", "create", "han", "--role", "duty_officer", "--area", "2207", "--password-stdin", stdin=PASSWORD)
    assert shell.run(*words).code == 1
    assert shell.run(*words, "--officer", "han", "--password-stdin", stdin="wrong").code == 1
    assert not AuditEntry.objects.filter(verb="exported").exists()
    outcome = shell.run(*words, "--officer", "han", "--password-stdin", stdin=f"{PASSWORD}\n")
    assert (outcome.code, "+8613812345678" in outcome.out) == (0, True)
    assert AuditEntry.objects.get(verb="exported").actor_name == "han"


def test_an_account_is_made_and_listed(shell: Shell) -> None:
    build_town()
    made = shell.run(
        *("user", "create", "han", "--role", "duty_officer", "--area", "2207"),
        *("--display-name", "韩主任", "--password-stdin"),
        stdin=f"{PASSWORD}\n",
    )
    assert (made.code, made.out) == (0, "han: duty_officer, 松原市 (2207)\n")
    assert User.objects.get(username="han").check_password(PASSWORD)
    assert shell.run("user", "list").out == "han\t韩主任\tduty_officer\t松原市 (2207)\n"


def test_a_liaison_is_given_an_organization(shell: Shell) -> None:
    build_town()
    words = ("user", "create", "liu", "--role", "organization_liaison", "--password-stdin")
    assert shell.run(*words, "--organization", "MILL", stdin=PASSWORD).code == 0
    assert shell.run(*words, "--area", "C1", stdin=PASSWORD).code == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--role", "warden"), 2),
        (("--role", "warden", "--area", "C1", "--organization", "MILL"), 2),
        (("--area", "C1"), 2),
        (("--role", "king", "--area", "C1", "--password-stdin"), 2),
        (("--role", "warden", "--area", "C9", "--password-stdin"), 1),
        (("--role", "warden", "--area", "C1"), 1),
    ],
)
def test_an_account_without_scope_role_or_password_is_refused(shell: Shell, words: tuple[str, ...], code: int) -> None:
    build_town()
    outcome = shell.run("user", "create", "han", *words, stdin=PASSWORD)
    assert outcome.code == code
    assert not User.objects.exists()


def test_nothing_is_imported_twice_from_one_file_with_a_repeated_row(shell: Shell, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "p.csv", "code,name", "P1,王五", "P1,王五")
    assert shell.run("import", "people", str(path)).code == 1
    assert Person.objects.count() == 1
