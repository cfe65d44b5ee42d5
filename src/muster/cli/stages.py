"""How far a building has come, stage by stage, on stderr: quiet where nobody looks."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from muster.cli.words import say
from muster.scenarios.building import Stage

_STAGE_WORDS = {
    Stage.TERRITORY: ("territory", "区域"),
    Stage.ORGANIZATIONS: ("organizations", "单位"),
    Stage.PEOPLE: ("people", "人员"),
    Stage.POSTS: ("posts", "岗位"),
    Stage.ACTIVATION: ("activation", "启动应急"),
    Stage.COVERAGE: ("wardens", "排楼门长"),
    Stage.PAIRING: ("pairings", "排包保"),
    Stage.ROSTER: ("roster", "排值班表"),
    Stage.ATTENDANCE: ("check-ins", "签到"),
    Stage.NEEDS: ("calls for help", "求助"),
    Stage.WATCH: ("watch duties", "看护任务"),
    Stage.ACCOUNTS: ("accounts", "账号"),
}


class StageProgress:
    """One line for each stage on stderr: its name, how many are done, and the seconds it took.

    Nothing is written when that is no terminal.
    """

    def __init__(self) -> None:
        console = Console(stderr=True)
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._lines: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._finish_lines()
        self._bars.stop()

    def tell_preparing(self) -> None:
        """Begin with the line of the empty database."""
        self._begin("preparing", say("database", "数据库"))

    def tell(self, stage: Stage, done: int, total: int) -> None:
        """Tell how far a stage has come; a new one ends the one before."""
        if stage.value not in self._lines:
            self._begin(stage.value, say(*_STAGE_WORDS[stage]))
        if total:
            self._bars.update(self._lines[stage.value], completed=done, total=total)

    def _begin(self, key: str, words: str) -> None:
        self._finish_lines()
        self._lines[key] = self._bars.add_task(words, total=None)

    def _finish_lines(self) -> None:
        for task in self._bars.tasks:
            self._bars.update(task.id, completed=task.total or 1, total=task.total or 1)
