"""The documents name everything that there is, in both languages where that is promised."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from muster.access.kinds import Right, Role
from muster.cli.main import COMMANDS
from muster.duty import importing as posts
from muster.duty.defaults import POST_KINDS, SHIFT_PATTERNS
from muster.organizations import rows as organizations
from muster.organizations.kinds import OrganizationKind
from muster.people import rows as people
from muster.people.kinds import Ability, Restriction
from muster.situation.exporting import EXPORTS
from muster.situation.measures import MEASURES
from muster.territory import cells as territory
from muster.territory.kinds import LEVELS

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
TERMS = {
    "area": "区域",
    "warden": "小区长",
    "deputy": "副",
    "appointment": "任命",
    "organization": "单位",
    "alliance": "联盟",
    "pairing": "包保",
    "post": "岗位",
    "shift": "班次",
    "duty": "值班",
    "roster": "值班表",
    "check-in": "签到",
    "gap": "缺口",
    "need": "需求",
    "watch duty": "看护任务",
    "escalation": "升级上报",
    "emergency": "应急",
    "activation": "启动",
    "team": "突击队",
    "deployment": "驰援",
    "temporary branch": "临时支部",
    "application": "申请",
    "measure": "指标",
    "situation report": "战报",
}


def _document(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def _command(name: str) -> object:
    module = importlib.import_module(f"muster.cli.{COMMANDS[name].module}")
    return typer.main.get_command(module.app)


def _section(command: str) -> str:
    """Return what the page of commands says beneath the heading of one command."""
    parts = re.split(r"^## `muster (\w+)`.*$", _document("operating/commands.md"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True)).get(command, "")


def _leaves(command: object, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], TyperCommand]]:
    if isinstance(command, TyperGroup):
        for name, below in command.commands.items():
            yield from _leaves(below, (*words, name))
    else:
        assert isinstance(command, TyperCommand)
        yield words, command


def _promises(command: TyperCommand) -> Iterator[str]:
    """Give every option and every fixed choice of a command, as it is typed."""
    for parameter in command.params:
        if parameter.name in {"help", "install_completion", "show_completion"}:
            continue
        if isinstance(parameter, TyperOption):
            yield max(parameter.opts, key=len)
        if isinstance(parameter, TyperOption | TyperArgument):
            yield from map(str, parameter.type_descriptor.choices or ())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_its_options_and_its_choices_are_documented(name: str) -> None:
    section = _section(name)
    missing = [
        " ".join(("muster", name, *words, promise))
        for words, leaf in _leaves(_command(name))
        for promise in (*words, *_promises(leaf))
        if promise not in section
    ]
    assert section, f"docs/operating/commands.md has no heading for muster {name}"
    assert not missing


def test_no_command_is_documented_that_there_is_not() -> None:
    documented = set(re.findall(r"^## `muster (\w+)`", _document("operating/commands.md"), flags=re.MULTILINE))
    assert documented == set(COMMANDS)


def test_every_setting_is_documented_and_every_documented_setting_is_read() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    read = set(re.findall(r'"(MUSTER_[A-Z_]+|DATABASE_URL)"', sources))
    read |= {f"MUSTER_{name.upper()}" for name in re.findall(r'read_secret\("(\w+)"\)', sources)}
    documented = set(re.findall(r"`(MUSTER_[A-Z_]+|DATABASE_URL)`", _document("operating/settings.md")))
    assert read == documented


@pytest.mark.parametrize("word", [*Role, *Right], ids=str)
def test_every_role_and_right_is_documented(word: Role | Right) -> None:
    assert f"`{word.value}`" in _document("operating/access.md")


@pytest.mark.parametrize("columns", [territory.COLUMNS, people.COLUMNS, organizations.COLUMNS, posts.COLUMNS])
def test_every_column_that_an_import_reads_is_documented(columns: dict[str, tuple[str, ...]]) -> None:
    page = _document("operating/files.md")
    assert not [name for name in columns if f"`{name}`" not in page]


def test_every_word_that_an_import_knows_is_documented() -> None:
    page = _document("operating/files.md")
    words = [*Ability.values, *Restriction.values, *OrganizationKind.values]
    words += [level.slug for level in LEVELS] + [kind.slug for kind in POST_KINDS]
    words += [pattern.slug for pattern in SHIFT_PATTERNS]
    assert not [word for word in words if f"`{word}`" not in page]


@pytest.mark.parametrize("name", EXPORTS)
def test_every_list_that_is_exported_is_documented_with_its_columns(name: str) -> None:
    assert f"| `{name}` | `{','.join(EXPORTS[name].columns)}`" in _document("operating/files.md")


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_is_documented_as_it_is_counted(name: str) -> None:
    measure = MEASURES[name]
    how = f"{measure.form.value} of `{measure.counted}`" if measure.counted else measure.form.value
    rows = [line for line in _document("operating/measures.md").splitlines() if line.startswith(f"| `{name}` |")]
    assert [measure.zh in row and f"| {how} |" in row for row in rows] == [True]


@pytest.mark.parametrize(("term", "chinese"), TERMS.items())
def test_the_glossary_has_every_term_with_its_chinese(term: str, chinese: str) -> None:
    rows = [line.split("|") for line in _document("glossary.md").splitlines() if line.startswith("|")]
    named = {cell[1].strip(): cell[2] for cell in rows}
    assert chinese in named.get(term, "")


def test_every_link_between_documents_leads_somewhere() -> None:
    pages = [*DOCS.rglob("*.md"), *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md"))]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert not broken


def test_every_document_is_reached_from_the_readme() -> None:
    reached = {ROOT / "README.md"}
    fresh = set(reached)
    while fresh:
        links = {
            (page.parent / target).resolve()
            for page in fresh
            for target in re.findall(r"\]\(([^)#:]+\.md)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        }
        fresh = {page for page in links if page.exists()} - reached
        reached |= fresh
    unreached = {page.relative_to(ROOT) for page in DOCS.rglob("*.md")} - {
        page.relative_to(ROOT) for page in reached if page.is_relative_to(ROOT)
    }
    assert not unreached, "give them a place in the map of the README or in an index that it names"
