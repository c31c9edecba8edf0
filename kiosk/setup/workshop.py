"""What the wizard may ask of the world. Everything here may take its time; the glass calls it from a thread."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol

from config.schema import TerminalConfig
from kiosk.setup.touch import Matrix

Result = Literal["pass", "fail", "error", "skipped"]


class SetupFailed(Exception):
    """A step could not be done; `code` has a sentence under words `setup.problem`."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code, self.facts = code, facts
        super().__init__(code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a step ended. No personal data."""

    result: Result
    at: datetime
    code: str = ""  #: of what went wrong
    told: tuple[str, ...] = ()  #: sentences for the acceptance report
    figures: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """A device that hangs on this machine, perhaps."""

    kind: str
    driver: str
    url: str
    confidence: Literal["certain", "likely", "possible"]
    label: str = ""  #: what it calls itself
    baud: int | None = None

    @property
    def settings(self) -> dict[str, Any]:
        """For its table in terminal.toml."""
        return {"driver": self.driver, "url": self.url} | ({"baud": self.baud} if self.baud else {})


@dataclass(frozen=True, slots=True)
class Reached:
    """The platform answered."""

    milliseconds: int
    ahead_s: float  #: so much this machine's clock is ahead of the platform's


class Person(Protocol):
    """Whoever stands before the terminal, or an answers file in their place."""

    def say(self, line: str) -> None:
        """Tell what happens."""
        ...

    def saw(self, about: str, question: str) -> bool:
        """Whether what the machine cannot see was as it should be; waits for the answer. `about`: a step's key."""
        ...


class Workshop(Protocol):
    """The world, as far as setting up is concerned. Raises `SetupFailed`, `DeviceError`, `UploadError`, OSError."""

    def find(self, person: Person) -> tuple[Found, ...]:
        """What hangs on this machine."""
        ...

    def network_manager(self) -> Literal["networkmanager", "networkd"]:
        """Which of the two looks after the network here."""
        ...

    def settle(self) -> bool:
        """Let root put the system's files in place; False when nobody listens here. Raises `SetupFailed` W210."""
        ...

    def reach(self, config: TerminalConfig, patience_s: float = 0.0) -> Reached:
        """Really connect to the platform; again and again for so long while there is no way to it."""
        ...

    def enrolled(self, config: TerminalConfig) -> str:
        """The id that an earlier enrolment gave; "" when there was none."""
        ...

    def enrol(self, config: TerminalConfig, code: str) -> str:
        """Trade a one-time code for this terminal's identity; its id."""
        ...

    def scan_code(self, config: TerminalConfig, person: Person) -> str:
        """What a QR code says that is held before the code scanner or laid under the camera."""
        ...

    def test(self, kind: str, config: TerminalConfig, person: Person) -> Outcome:
        """Let a device do what it is for; keeps the dated result."""
        ...

    def calibrate(self, config: TerminalConfig, person: Person) -> float:
        """Measure the camera's scale with an A4 sheet and keep it; px per mm."""
        ...

    def uncalibrate(self, config: TerminalConfig) -> None:
        """Forget the camera's scale."""
        ...

    def installed_touch(self) -> Matrix:
        """The matrix through which the glass is touched already."""
        ...

    def print_page(self, config: TerminalConfig, pdf: bytes) -> None:
        """Print, and wait until it is out."""
        ...

    def play(self, config: TerminalConfig, volume: int, text: str) -> None:
        """Say this aloud, so loud."""
        ...

    def report(self, config: TerminalConfig, outcomes: Mapping[str, Outcome], path: Path) -> None:
        """Write the acceptance report."""
        ...
