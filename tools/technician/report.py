"""`devices report OUT.pdf`: the acceptance report. What is fitted, what its last test said, and who signs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from fpdf import FPDF

from config.schema import TerminalConfig
from devices.catalog import driver
from kiosk.journey.show import CHINA
from kiosk.words import Words
from tools.technician.trial import Trial
from tools.version import VERSION

_FACE: Final = "sc"
_MARGIN_MM: Final = 18
_TITLE, _HEAD, _BODY, _SMALL = 20, 13, 11, 9  # points
_LINE_MM: Final = 6.5


@dataclass(frozen=True, slots=True)
class Row:
    """One fitted device."""

    name: str
    driver: str
    url: str
    proven_on: str
    trial: Trial | None  #: its last test; None when it was never tested


def rows(fitted: Mapping[str, Any], trials: Mapping[str, Trial]) -> list[Row]:
    """Each fitted device with its last test, unless another driver or port has been configured since."""
    found = []
    for name, settings in fitted.items():
        trial = trials.get(name)
        if trial is not None and (trial.driver, trial.url) != (settings.driver, settings.url):
            trial = None
        entry = driver(settings.driver)
        found.append(Row(name, settings.driver, settings.url, entry.proven_on, trial))
    return found


@dataclass(frozen=True, slots=True)
class Measured:
    """A step of the set-up that is no device's test."""

    title: str
    result: str  #: pass, fail, error, skipped
    at: datetime
    told: tuple[str, ...]  #: figures and what went wrong, as sentences


def write_report(
    path: Path,
    config: TerminalConfig,
    devices: Iterable[Row],
    words: Words,
    now: datetime,
    fonts: Path,
    steps: Iterable[Measured] = (),
) -> None:
    """One A4 page or more, the set-up's `steps` before the devices. Raises OSError (`path`, or the fonts)."""
    page = _Page(words, fonts)
    listed, measured = list(devices), list(steps)
    page.head(words("report.title"))
    page.facts(
        (
            ("report.site", config.site.name),
            ("report.terminal", f"{config.terminal.id}  {config.terminal.name}"),
            ("report.program", VERSION),
            ("report.made", f"{now.astimezone(CHINA):%Y-%m-%d %H:%M}"),
            ("report.verdict", words(f"report.verdict_{_verdict(listed, measured)}")),
        )
    )
    page.note(words("report.own_form"))
    for step in measured:
        page.step(step)
    for row in listed:
        page.device(row)
    page.signatures()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(page.output()))


def _verdict(listed: list[Row], measured: list[Measured]) -> str:
    results = [row.trial.result if row.trial else "skipped" for row in listed]
    results += [step.result for step in measured]
    if any(result in ("fail", "error") for result in results):
        return "fail"
    return "open" if "skipped" in results else "pass"


class _Page(FPDF):
    """A4, with the terminal's own Chinese face embedded."""

    def __init__(self, words: Words, fonts: Path) -> None:
        super().__init__(format="A4")
        self._words = words
        self.set_margin(_MARGIN_MM)
        self.set_auto_page_break(True, _MARGIN_MM)
        self.add_font(_FACE, "", fonts / "NotoSansSC-Regular.otf")
        self.add_font(_FACE, "B", fonts / "NotoSansSC-Bold.otf")
        self.set_title(words("report.title"))
        self.set_lang("zh-Hans")
        self.add_page()

    def head(self, text: str) -> None:
        """Over the whole width."""
        self.set_font(_FACE, "B", _TITLE)
        self.cell(0, 14, text, align="C", new_x="LMARGIN", new_y="NEXT")
        self.ln(4)

    def facts(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Label and value, one pair a line; long values wrap."""
        for key, value in pairs:
            self.set_font(_FACE, "B", _BODY)
            self.cell(38, _LINE_MM, self._words(key))
            self.set_font(_FACE, "", _BODY)
            self.multi_cell(0, _LINE_MM, value or "–", new_x="LMARGIN", new_y="NEXT")

    def note(self, text: str) -> None:
        """Small, over the whole width."""
        self.set_font(_FACE, "", _SMALL)
        self.multi_cell(0, 5, text, new_x="LMARGIN", new_y="NEXT")

    def step(self, step: Measured) -> None:
        """One step: result, when, and its figures."""
        words = self._words
        if self.will_page_break(4 * _LINE_MM):
            self.add_page()
        self.ln(2)
        self.set_font(_FACE, "B", _BODY)
        result = words(f"report.result_{step.result}")
        when = f"{step.at.astimezone(CHINA):%Y-%m-%d %H:%M}"
        self.cell(0, 7, f"{step.title}　{result}　{when}", border="B", new_x="LMARGIN", new_y="NEXT")
        for line in step.told:
            self.note(f"· {line}")

    def device(self, row: Row) -> None:
        """One device: what it is, and what its last test said."""
        words, trial = self._words, row.trial
        if self.will_page_break(12 * _LINE_MM):
            self.add_page()
        self.ln(3)
        self.set_font(_FACE, "B", _HEAD)
        result = words(f"report.result_{trial.result if trial else 'none'}")
        self.cell(
            0, 9, f"{words(f'trial.kind.{row.name}')}　{result}", border="B", new_x="LMARGIN", new_y="NEXT"
        )
        self.facts(
            (
                ("report.driver", row.driver),
                ("report.url", row.url),
                ("report.proven_on", row.proven_on),
            )
        )
        if trial is None:
            return
        self.facts(
            (
                ("report.identity", trial.identity),
                ("report.tested", f"{trial.at.astimezone(CHINA):%Y-%m-%d %H:%M}"),
            )
        )
        if trial.code:
            self.facts((("report.error", f"{trial.code} {words(f'errors.{trial.code}.hint')}"),))
        self.set_font(_FACE, "", _SMALL)
        for line in trial.told:
            self.multi_cell(0, 5, f"· {line}", new_x="LMARGIN", new_y="NEXT")

    def signatures(self) -> None:
        """Two lines to sign on."""
        if self.will_page_break(30):
            self.add_page()
        self.ln(16)
        self.set_font(_FACE, "", _BODY)
        half = self.epw / 2
        for key in ("report.technician", "report.site_staff"):
            self.cell(half, 8, f"{self._words(key)} ______________________")
        self.ln(12)
        self.cell(half, 8, f"{self._words('report.date')} ______________________")
