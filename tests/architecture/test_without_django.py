"""The planners and their commands work where Django was never installed."""

from __future__ import annotations

import pkgutil
import subprocess
import sys

import pytest

import muster.planning

WITHOUT = "import sys; sys.modules.update(dict.fromkeys(('django', 'ninja', 'psycopg')));"


def _run_without_django(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", WITHOUT + code], capture_output=True, text=True, check=False)


def test_every_planner_is_imported_without_django() -> None:
    names = [module.name for module in pkgutil.walk_packages(muster.planning.__path__, "muster.planning.")]
    done = _run_without_django(f"import importlib; [importlib.import_module(name) for name in {names!r}]")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", ["solve", "verify", "explain", "bench"])
def test_the_command_line_of_the_planners_runs_without_django(command: str) -> None:
    done = _run_without_django(
        f"from muster.cli.main import main; sys.argv = ['muster', {command!r}, '--help']; main()"
    )
    assert done.returncode == 0, done.stderr


def test_a_command_that_needs_django_would_have_been_noticed() -> None:
    assert "django" in _run_without_django("import muster.config.settings").stderr
