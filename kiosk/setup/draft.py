"""The terminal.toml that comes of the answers: what was there before, with the steps' changes in it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from config.compose import NotComposed, composed
from config.history import History, Unusable, Version, differences
from config.load import load_config
from config.locate import Place
from config.schema import TerminalConfig
from ground.durable import write_whole
from kiosk.setup.workshop import SetupFailed
from kiosk.words import Words

DRAFT: Final = "terminal.toml"  #: in the wizard's folder: what the configuration would be now


@dataclass(frozen=True, slots=True)
class Premises:
    """Where the wizard works."""

    config: Path  #: the terminal.toml that it shall become
    template: Path  #: the shipped one, with every comment
    folder: Path  #: the wizard's own, in the data folder
    env: Mapping[str, str]  #: what lies over the file (`KIOSK__…`)
    townships: tuple[str, ...] = ()
    glass: tuple[int, int] | None = None  #: its width and height, pixels, where they are known


class Draft:
    """What the file would be."""

    def __init__(
        self, premises: Premises, words: Words, changes: Callable[[], Iterable[tuple[Place, Any]]]
    ) -> None:
        """`changes`: what the steps want now. Raises `ConfigError` when what is there cannot be read, and OSError."""
        self._premises, self._words, self._changes = premises, words, changes
        self._history = History(premises.config)
        template = premises.template.read_text(encoding="utf-8")
        self._before = self._history.now() or template
        self.fresh = self._before == template  #: nothing of what it says was said by anybody
        premises.folder.mkdir(parents=True, exist_ok=True)
        write_whole(premises.folder / "before.toml", self._before, 0o644)
        self._base = load_config(premises.folder / "before.toml", env=premises.env)

    @property
    def before(self) -> TerminalConfig:
        """What was in force, or the shipped sample."""
        return self._base

    def fitted(self) -> dict[str, dict[str, Any]]:
        """The devices that were configured before."""
        devices = self._base.devices
        if self.fresh:
            return {}
        told = devices.model_dump(exclude_none=True, exclude_defaults=True, mode="json")
        return {kind: {"driver": getattr(devices, kind).driver} | table for kind, table in told.items()}

    def said_before(self, name: str) -> str:
        """What the file says where an answer is named like its place; nothing of the shipped sample."""
        if self.fresh:
            return ""
        found: Any = self._base.model_dump(mode="json")
        for part in name.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        return str(found) if isinstance(found, str | int | float) else ""

    def text(self) -> str:
        """The file. Raises `SetupFailed` W207 where it is written in a way that cannot be changed line by line."""
        try:
            return composed(self._before, dict(self._changes()), self._comment)
        except NotComposed as error:
            raise SetupFailed("W207", why=str(error)) from error

    def config(self) -> TerminalConfig:
        """What it would mean. Raises `ConfigError`, and `SetupFailed` as `text` does."""
        path = self._premises.folder / DRAFT
        write_whole(path, self.text(), 0o644)
        return load_config(path, env=self._premises.env)

    def difference(self) -> str:
        """What would change, as a diff."""
        return differences(self._before, self.text(), "before", "then")

    def settle(self, who: str, at: datetime) -> tuple[Version, str]:
        """Make it the configuration; what changed, as a diff. Raises `SetupFailed` W207 and OSError."""
        try:
            changed = self.difference()
            return self._history.change(self.text(), who=who, why="setup", at=at), changed
        except Unusable as error:
            raise SetupFailed("W207", why="; ".join(one.said() for one in error.mistakes)) from error

    def earlier(self) -> tuple[Version, str]:
        """The version before the one in force, and what going back to it changes. Raises `SetupFailed` W126."""
        versions = self._history.versions()
        if len(versions) < 2:
            raise SetupFailed("W126")
        before, now = versions[-2], self._history.now()
        try:
            return before, differences(now, self._history.text(before.number), "now", str(before.number))
        except LookupError as error:
            raise SetupFailed("W126") from error

    def roll_back(self, number: int, who: str, at: datetime) -> Version:
        """Make that version the configuration again. Raises `SetupFailed` W126, W207, and OSError."""
        try:
            return self._history.roll_back(number, who=who, at=at)
        except LookupError as error:
            raise SetupFailed("W126") from error
        except Unusable as error:
            raise SetupFailed("W207", why="; ".join(one.said() for one in error.mistakes)) from error

    def _comment(self, place: Place) -> str:
        """Of what the shipped file does not show."""
        if place[0] != "devices":
            return ""
        if len(place) == 2:
            return f"  # {self._words(f'trial.kind.{place[1]}')}"
        key = f"setup.comment.{place[2]}"
        return f"  # {self._words(key if key in self._words else 'setup.comment.other')}"
