"""How a release fares here: its face shows home, its uploader speaks with the platform, `doctor` is content."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ground.clock import Clock
from ground.log.head import this_boot
from tools.release.mark import Mark, read_mark
from tools.release.units import FACE, UPLOADER, Units, kiosk

#: So many starts within so long that nobody asked for are a crash loop; systemd gives up at the same number (ADR 0071).
CRASHES = 5
CRASHES_WITHIN_S = 600.0
#: Checks that a release can be guilty of; a hot cabinet or a worn disk is none of its doing.
OURS = frozenset(
    {
        "outbox",
        "platform",
        "signing",
        "recipients",
        "catalogue",
        "fonts",
        "pinyin",
        "handwriting",
        "rare_characters",
        "voice",
    }
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One look at the release that `current` points to."""

    failing: frozenset[str]  #: face, uploader, and the names of `doctor`'s checks
    waits: bool = False  #: a face of another release serves somebody still, and will leave by itself
    lost: str = ""  #: why there is no use in waiting longer; "" for nothing


class Health:
    """Looks."""

    def __init__(self, data_folder: Path, config: Path, units: Units, clock: Clock) -> None:
        """`config`: the file with which processes of the terminal are started."""
        self.config = config
        self._data, self._units, self._clock = data_folder, units, clock

    def look(self, release: Path) -> Seen:
        """Face and uploader by what they left and what systemd says, then `doctor` of that release."""
        face, uploader = self._mark("face"), self._mark("uploader")
        for name, unit, mark in (("face", FACE, face), ("uploader", UPLOADER, uploader)):
            if self._units.failed(unit) or self._crashes(mark, release) >= CRASHES:
                return Seen(frozenset({name}), lost=f"{name} ends again and again")
        if face is not None and face.alive and not _of(face, release):
            return Seen(frozenset(), waits=True)
        failing = {
            name
            for name, mark in (("face", face), ("uploader", uploader))
            if mark is None or not (_of(mark, release) and mark.alive and mark.at_work)
        }
        if not failing or failing == {"uploader"}:
            failing |= self.failing_checks(release)
        return Seen(frozenset(failing))

    def serves(self, release: Path) -> bool:
        """Whether a face of that release is there and shows something: somebody may stand before it."""
        mark = self._mark("face")
        return mark is not None and mark.alive and mark.at_work and _of(mark, release)

    def failing_checks(self, release: Path) -> set[str]:
        """Names of `doctor`'s checks that fail, without devices: the face holds them. `doctor`: it ended oddly."""
        words = ["doctor", "--services", "--json", "--config", str(self.config)]
        try:
            told = json.loads(kiosk(release, words, self._data).stdout)
            return {str(each["name"]) for each in told["checks"] if not each["ok"]} & OURS
        except (OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError):
            return {"doctor"}

    def before(self, release: Path) -> list[str]:
        """What fails already, and so is no fault of the next release."""
        uploader = self._mark("uploader")
        spoke = uploader is not None and uploader.at_work
        return sorted({*self.failing_checks(release), *(() if spoke else ("uploader",))})

    def _mark(self, who: str) -> Mark | None:
        mark = read_mark(self._data / f"{who}.mark")
        return mark if mark is not None and mark.boot == this_boot() else None

    def _crashes(self, mark: Mark | None, release: Path) -> int:
        if mark is None or not _of(mark, release):
            return 0
        since = self._clock.instant() - CRASHES_WITHIN_S
        return sum(at >= since for at in mark.unplanned)


def _of(mark: Mark, release: Path) -> bool:
    return mark.release == str(release.resolve())
