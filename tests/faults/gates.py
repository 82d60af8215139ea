"""Places where a process stops dead until it is killed: the worst moments, reached every time.

A gate is closed while `FOLDER/closed-<name>` exists; who stops at it leaves `FOLDER/reached-<name>`.
"""

import os
import time
from pathlib import Path

FOLDER = Path(os.environ.get("FAULTS_DIR", "/nonexistent"))


def stop_at(name: str) -> None:
    while _closed(name).exists():
        (FOLDER / f"reached-{name}").touch()
        time.sleep(0.05)


def _closed(name: str) -> Path:
    return FOLDER / f"closed-{name}"
