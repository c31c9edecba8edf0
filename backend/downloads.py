"""What terminals download: the catalogue, configuration, the keys to seal to. Signed lists that only ever count up.

`downloads/<name>/list.json` is the signed list in force, `downloads/<name>/files/<sha256>` what it names. A list is
switched whole, after all that it names is durable.
"""

import base64
import hashlib
import json
import re
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from backend.clock import Clock
from backend.durable import private_folder, write_anew
from backend.publisher import Publisher

#: What there is to download. `recipients` is published by the platform itself.
CATALOGUE, CONFIG, RECIPIENTS = NAMES = ("catalogue", "config", "recipients")
LIST = "list.json"
_PATH = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*(/[A-Za-z0-9][A-Za-z0-9_.-]*){0,3}")
_MOST_FILES = 500  # as the terminal takes
_MOST_BYTES = 4 * 1024 * 1024  # of one file, as the terminal takes


class Unpublishable(Exception):
    """A folder holds what terminals would not take; nothing was published."""


class Downloads:
    """The lists of one data folder. Thread-safe."""

    def __init__(self, folder: Path, publisher: Publisher, clock: Clock) -> None:
        self._folder = private_folder(folder)
        self._publisher = publisher
        self._clock = clock
        self._lock = threading.Lock()

    def publish(self, name: str, files: Mapping[str, bytes]) -> int:
        """Make `files` (path → content) what `name` is from now on; its version. The same again changes nothing.

        Raises `Unpublishable`.
        """
        _check(name, files)
        listed = [
            {"path": path, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
            for path, content in sorted(files.items())
        ]
        with self._lock:
            old = self._list(name)
            if old is not None and old["files"] == listed:
                return int(old["version"])
            target = private_folder(private_folder(self._folder / name) / "files")
            for path, content in files.items():
                file = target / hashlib.sha256(content).hexdigest()
                if not file.exists() or file.read_bytes() != files[path]:
                    write_anew(file, content)
            version = 1 if old is None else int(old["version"]) + 1
            told = {"schema": 1, "name": name, "version": version, "files": listed}
            told["made_at"] = self._clock.now().isoformat()
            payload = json.dumps(told, sort_keys=True).encode("ascii")
            write_anew(self._folder / name / LIST, self._publisher.signed(payload))
        return version

    def signed_list(self, name: str) -> bytes | None:
        """The list in force, in its signed envelope; None when nothing was ever published."""
        try:
            return (self._folder / name / LIST).read_bytes() if name in NAMES else None
        except FileNotFoundError:
            return None

    def file(self, name: str, sha256: str) -> bytes | None:
        """A file that a list names, by its hash (64 hex digits); None when there is none."""
        if name not in NAMES or not re.fullmatch(r"[0-9a-f]{64}", sha256):
            return None
        try:
            return (self._folder / name / "files" / sha256).read_bytes()
        except FileNotFoundError:
            return None

    def _list(self, name: str) -> dict[str, Any] | None:
        signed = self.signed_list(name)
        if signed is None:
            return None
        told: dict[str, Any] = json.loads(base64.b64decode(json.loads(signed)["payload"]))
        return told


def folder_content(folder: Path) -> dict[str, bytes]:
    """Every file below `folder`, by its path there. Hidden ones are left out. Raises OSError."""
    if not folder.is_dir():
        raise NotADirectoryError(20, "not a folder", str(folder))
    inside = (path for path in folder.rglob("*") if path.is_file())
    paths = [(path.relative_to(folder), path) for path in inside]
    return {
        place.as_posix(): path.read_bytes()
        for place, path in paths
        if not any(step.startswith((".", "__")) for step in place.parts)
    }


def recipients_content(recipients: Sequence[Mapping[str, str | None]]) -> dict[str, bytes]:
    """The one file of the list `recipients`: each {"key": "age1…", "until": moment or null}."""
    told = {"schema": 1, "recipients": list(recipients)}
    return {"recipients.json": json.dumps(told, sort_keys=True).encode("ascii")}


def _check(name: str, files: Mapping[str, bytes]) -> None:
    if name not in NAMES:
        raise Unpublishable(f"{name}: there is only {', '.join(NAMES)}")
    if not 1 <= len(files) <= _MOST_FILES:
        raise Unpublishable(f"{name}: 1 to {_MOST_FILES} files, not {len(files)}")
    for path, content in files.items():
        if not _PATH.fullmatch(path) or len(path) > 200:
            raise Unpublishable(f"{path}: letters, digits and _ . - only, at most three folders deep")
        if path == LIST:
            raise Unpublishable(f"{path}: this name is the list's own")
        if len(content) > _MOST_BYTES:
            raise Unpublishable(f"{path}: longer than {_MOST_BYTES} bytes")
