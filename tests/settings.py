"""Settings of the tests: those of the product, in a temporary data folder of their own."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_folder = tempfile.mkdtemp(prefix="muster-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["MUSTER_DATA"] = _folder

from muster.config.settings import *  # noqa: E402, F403
from muster.config.settings import DATABASES, STATIC_ROOT  # noqa: E402

if "sqlite3" in DATABASES["default"]["ENGINE"]:
    # A file, as in the product: threads that wait for each other's locks need one.
    # Nothing of a test need outlive a lost current.
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=NORMAL;"
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(_folder, "test.sqlite3")}

# Static files are found where they lie; the folder for collected ones stays empty, and its absence would be told.
Path(STATIC_ROOT).mkdir()

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
