"""Every version that a terminal.toml ever had, with its date and who made it; and the way back to each.

Beside the file, in `history/`: `0007.toml` and `0007.json` (at, who, why, sha256). A version is there when its .json
is: that is written last, before the file itself is exchanged. Cut short anywhere, the file is the old or the new one.
"""

import difflib
import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from config.load import ConfigError, load_config
from config.mistakes import Mistake
from ground.durable import write_whole

FOLDER: Final = "history"
BY_HAND: Final = "by_hand"  #: why of a version that somebody wrote with an editor
#: chosen: a terminal's whole life at a change a week; a version is some 15 KB
MOST: Final = 200


class Unusable(ValueError):
    """This text would not be a configuration; nothing was changed."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        self.mistakes = mistakes
        super().__init__("; ".join(mistake.code for mistake in mistakes))


@dataclass(frozen=True, slots=True)
class Version:
    """One version that the file had."""

    number: int  #: from 1
    at: datetime
    who: str  #: a role or a system's user, never a person's name
    why: str  #: a word such as "setup", "rollback"
    sha256: str


class History:
    """The versions of one terminal.toml."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._folder = path.parent / FOLDER

    def versions(self) -> tuple[Version, ...]:
        """All that are kept, the oldest first; one that cannot be read is passed over."""
        found = []
        for told in sorted(self._folder.glob("[0-9]*.json")):
            try:
                held = json.loads(told.read_text(encoding="utf-8"))
                found.append(Version(**{**held, "at": datetime.fromisoformat(held["at"])}))
            except (OSError, ValueError, TypeError, KeyError):
                continue
        return tuple(sorted(found, key=lambda version: version.number))

    def text(self, number: int) -> str:
        """What version `number` said. Raises LookupError when it is not there, or is not what was kept."""
        version = next((one for one in self.versions() if one.number == number), None)
        if version is None:
            raise LookupError(number)
        try:
            text = (self._folder / f"{number:04}.toml").read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise LookupError(number) from error
        if _sha256(text) != version.sha256:
            raise LookupError(number)
        return text

    def now(self) -> str:
        """What the file says now; "" when there is none."""
        try:
            return self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return ""

    def change(self, text: str, *, who: str, why: str, at: datetime) -> Version:
        """Make this the configuration; on disk on return. What somebody changed by hand is kept as a version first.

        The same text again makes no version. Raises `Unusable` and OSError.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._locked():
            self._judge(text)
            before, kept = self.now(), self.versions()
            if before and (not kept or kept[-1].sha256 != _sha256(before)):
                kept = (*kept, self._keep(before, kept, who=BY_HAND, why=BY_HAND, at=at))
            if kept and kept[-1].sha256 == _sha256(text):
                return kept[-1]
            version = self._keep(text, kept, who=who, why=why, at=at)
            self._exchange(text)
            self._forget()
            return version

    def roll_back(self, number: int, *, who: str, at: datetime) -> Version:
        """Make version `number` the configuration again, as a new version. Raises LookupError, `Unusable`, OSError."""
        return self.change(self.text(number), who=who, why=f"rollback {number}", at=at)

    def diff(self, old: int, new: int | None = None) -> str:
        """What changed from version `old` to `new` (None: to the file as it is now). Raises LookupError."""
        after = self.now() if new is None else self.text(new)
        return differences(self.text(old), after, str(old), "now" if new is None else str(new))

    def _judge(self, text: str) -> None:
        """Whether it loads: judged as a file of its own beside the other, because profiles are looked for there."""
        trial = self._path.with_name(f"{self._path.name}.trial")
        try:
            write_whole(trial, text, self._mode())
            load_config(trial, env={})
        except ConfigError as error:
            raise Unusable(error.mistakes) from error
        finally:
            trial.unlink(missing_ok=True)

    def _keep(self, text: str, kept: tuple[Version, ...], *, who: str, why: str, at: datetime) -> Version:
        number = 1 + max(
            (int(path.stem) for path in self._folder.glob("[0-9]*.*") if path.stem.isdigit()), default=0
        )
        version = Version(number, at.replace(microsecond=0), who, why, _sha256(text))
        self._folder.mkdir(exist_ok=True, mode=0o750)
        write_whole(self._folder / f"{number:04}.toml", text, 0o640)
        told = json.dumps({**asdict(version), "at": version.at.isoformat()}, ensure_ascii=False)
        write_whole(self._folder / f"{number:04}.json", told, 0o640)
        return version

    def _exchange(self, text: str) -> None:
        write_whole(self._path, text, self._mode())

    def _forget(self) -> None:
        for version in self.versions()[:-MOST]:
            for ending in ("json", "toml"):
                (self._folder / f"{version.number:04}.{ending}").unlink(missing_ok=True)

    def _mode(self) -> int:
        return self._path.stat().st_mode & 0o777 if self._path.exists() else 0o644

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One change at a time, whichever process makes it."""
        self._folder.mkdir(exist_ok=True, mode=0o750)
        descriptor = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT, 0o640)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def differences(old: str, new: str, old_name: str, new_name: str) -> str:
    """A unified diff of two texts; "" when they are the same."""
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), old_name, new_name, n=1, lineterm="")
    return "\n".join(lines)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
