"""Entry of the ``muster`` command: finds the command's module, prepares Django where it is needed, runs it."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any, NamedTuple, NoReturn

import typer
import typer.main
from typer.core import TyperGroup

from muster.cli.words import say
from muster.kernel.errors import MusterError
from muster.planning.result import ProblemError, VerificationError


class CommandPlace(NamedTuple):
    """Where a command lives: loaded only when asked for, so that solving needs no Django."""

    module: str
    needs_django: bool
    english: str
    chinese: str


COMMANDS: dict[str, CommandPlace] = {
    "demo": CommandPlace("demo", True, "Build a demonstration city and open it.", "生成演示城市并打开。"),
    "serve": CommandPlace("serve", True, "Serve the desk.", "启动值班台服务。"),
    "work": CommandPlace("work", True, "Solve what was ordered, deliver messages.", "求解编排任务，发送消息。"),
    "import": CommandPlace("imports", True, "Import lists from files.", "从文件导入名册。"),
    "plan": CommandPlace("plan", True, "Plan coverage, pairings and rosters.", "排楼门长、包保和值班表。"),
    "status": CommandPlace("status", True, "Tell every measure.", "列出各项指标。"),
    "export": CommandPlace("exports", True, "Export lists to files.", "导出名册。"),
    "cards": CommandPlace("cards", True, "Print door cards.", "打印门牌卡。"),
    "user": CommandPlace("user", True, "Create accounts.", "建立账号。"),
    "message": CommandPlace("message", True, "Messages and channels.", "消息与渠道。"),
    "migrate": CommandPlace("migrate", True, "Prepare or upgrade the database.", "建立或升级数据库。"),
    "replay": CommandPlace("replay", True, "Replay what once happened.", "重放历史求助。"),
    "solve": CommandPlace("solve", False, "Solve a problem from a file.", "求解文件中的问题。"),
    "verify": CommandPlace("verify", False, "Verify a solution from a file.", "核验文件中的方案。"),
    "explain": CommandPlace("explain", False, "Explain a place in a solved plan.", "解释已求解方案中的一处安排。"),
    "simulate": CommandPlace("simulate", False, "Simulate a city's people, and check.", "模拟一座城市的人，并核对。"),
    "bench": CommandPlace("bench", False, "Measure, beside the peers.", "与同类程序对比测速。"),
}


_STOPPED = 130
"""Exit code of a command that was interrupted from the keyboard."""


class LazyGroup(TyperGroup):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        """List the commands in the order of a city's work."""
        return list(COMMANDS)

    def get_command(self, ctx: typer.Context, cmd_name: str) -> Any:  # type: ignore[override]
        """Import and return a command, or None where there is none of the name."""
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        if place.needs_django:
            _prepare_django()
        module = importlib.import_module(f"muster.cli.{place.module}")
        command = typer.main.get_command(module.app)
        command.name = cmd_name
        return command

    def format_commands(self, ctx: typer.Context, formatter: Any) -> None:  # type: ignore[override]
        """Write the list of commands without importing them."""
        rows = [(name, say(place.english, place.chinese)) for name, place in COMMANDS.items()]
        with formatter.section(say("Commands", "命令")):
            formatter.write_dl(rows)


def _prepare_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "muster.config.settings")
    import django  # noqa: PLC0415  # the planner's commands run where Django is not installed

    django.setup()


def _take_data_folder(arguments: list[str]) -> list[str]:
    """Take ``--data DIR`` out of the arguments, wherever it stands: settings must know it before they load."""
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--data":
            folder = next(words, "")
            if not folder:
                _refuse(say("--data needs a folder.", "--data 后面要写一个文件夹。"), exit_code=2)
            os.environ["MUSTER_DATA"] = folder
        elif word.startswith("--data="):
            os.environ["MUSTER_DATA"] = word.removeprefix("--data=")
        else:
            rest.append(word)
    return rest


def _refuse(message: object, *, exit_code: int) -> NoReturn:
    print(f"muster: {message}", file=sys.stderr)  # noqa: T201
    sys.exit(exit_code)


def _tell_stopped() -> NoReturn:
    _refuse(say("stopped; nothing half-done was kept.", "已中断，没有留下半截数据。"), exit_code=_STOPPED)


def _describe_file_error(error: OSError) -> MusterError:
    return MusterError(
        f"{error.strerror or error}.",
        where=str(error.filename or ""),
        remedy=say("Check the name, the folder, and who may write there.", "请检查名称、文件夹和写入权限。"),
    )


def _database_errors() -> tuple[type[Exception], ...]:
    """Return what a database raises; nothing where none was loaded."""
    database = sys.modules.get("django.db")
    return (database.Error,) if database else ()


def _describe_database_error(error: Exception) -> MusterError:
    said = str(error).strip().splitlines() or [type(error).__name__]
    return MusterError(
        said[0].rstrip(".") + ".",
        where=say("database", "数据库"),
        remedy=say(
            "Check DATABASE_URL or the data folder, and who may write there; muster migrate prepares a database.",
            "请检查 DATABASE_URL 或数据文件夹及其写入权限；数据库用 muster migrate 建立或升级。",
        ),
    )


def main() -> None:
    """Run the command line: exit 0 when done, 1 when the work failed, 2 on wrong use."""
    group = LazyGroup(
        name="muster",
        no_args_is_help=True,
        rich_markup_mode=None,
        help=say(
            "Run a city's mobilization, from headquarters to one entrance of one building.",
            "管理一座城市的基层集结：从指挥部到每栋楼的每个单元门。",
        ),
        epilog=say(
            "--data DIR, on every command: the folder that holds all state (MUSTER_DATA; var/ by default).",
            "每个命令都可加 --data 目录：全部数据所在的文件夹（环境变量 MUSTER_DATA，默认 var/）。",
        ),
    )
    try:
        group.main(args=_take_data_folder(sys.argv[1:]), prog_name="muster")
    except (MusterError, ProblemError, VerificationError) as error:
        _refuse(error, exit_code=1)
    except OSError as error:
        _refuse(_describe_file_error(error), exit_code=1)
    except _database_errors() as error:
        _refuse(_describe_database_error(error), exit_code=1)
    except KeyboardInterrupt:
        _tell_stopped()
    except SystemExit as ended:
        # Where a command was running already, the library has made this of the interruption.
        if ended.code == _STOPPED:
            _tell_stopped()
        raise
