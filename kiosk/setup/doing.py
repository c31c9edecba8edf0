"""What the steps do, once their answers are right: figures come out, and perhaps more for terminal.toml."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from config.locate import Place
from config.schema import TerminalConfig
from ground.durable import write_whole
from kiosk.setup import system, touch
from kiosk.setup.asked import Answers, code_in
from kiosk.setup.draft import Draft
from kiosk.setup.ruled_page import RULER_MM as RULER_MM
from kiosk.setup.ruled_page import ruled_page
from kiosk.setup.workshop import Found, Outcome, Person, SetupFailed, Workshop
from kiosk.words import Words

#: a person said that it was not as it should be
NOT_SEEN: Final = "W122"

Figures = dict[str, str]
Wanted = Mapping[Place, Any]

#: seconds; a request's signature is believed within 300 s (ADR 0032), and slips bear the minute
MOST_AHEAD_S: Final = 60.0
#: seconds; an address from DHCP, or a radio that registers, after the network was set anew
_COMES_UP_S: Final = 40.0
#: mm; two readings of a ruler of 1 mm each
SCALED_MM: Final = 3.0


@dataclass(slots=True)
class Bench:
    """What a step works with."""

    folder: Path  #: of the wizard: its state, the system's files, the report
    shop: Workshop
    person: Person
    words: Words
    config: Callable[[], TerminalConfig]  #: as it would be with what was answered so far
    draft: Draft
    who: str  #: whose change it is; a role or a system's user
    now: Callable[[], datetime]
    townships: tuple[str, ...] = ()
    fitted: Mapping[str, dict[str, Any]] = field(
        default_factory=dict
    )  #: devices configured before the wizard began
    enrolled: str = ""  #: the id of an earlier enrolment
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    found: tuple[Found, ...] = ()  #: filled by `find`
    code: str = ""  #: the one-time code; never on the disk

    @property
    def system_folder(self) -> Path:
        """Where the files for the system lie, each under its path from the root."""
        return self.folder / "system"

    @property
    def report(self) -> Path:
        """Where the acceptance report lies."""
        return self.folder / "acceptance.pdf"

    def say(self, key: str, **facts: object) -> None:
        """A line of words `setup.told`."""
        self.person.say(self.words(f"setup.told.{key}", **facts))


def network(bench: Bench, answers: Answers) -> tuple[Figures, Wanted]:
    """The network's files, and a real connection to the platform."""
    if answers.get("network.way") == "mobile" and bench.shop.network_manager() != "networkmanager":
        raise SetupFailed("W120")
    files = system.network_files(answers, bench.shop.network_manager())
    settled = _put(bench, (system.NM_FILE, system.NETWORKD_FILE, system.PROXY_FILE), files)
    reached = bench.shop.reach(bench.config(), _COMES_UP_S if settled else 0.0)
    bench.say("reached", milliseconds=reached.milliseconds)
    return {"ms": str(reached.milliseconds)}, {}


def undo_network(bench: Bench) -> None:
    """The network as it was before."""
    _put(bench, (system.NM_FILE, system.NETWORKD_FILE, system.PROXY_FILE), {})


def time(bench: Bench, answers: Answers) -> tuple[Figures, Wanted]:
    """The time servers, and this clock beside the platform's. Raises `SetupFailed` W202."""
    _put(bench, (system.TIME_FILE, system.ZONE_FILE), system.time_files(answers))
    ahead_s = bench.shop.reach(bench.config()).ahead_s
    if abs(ahead_s) > MOST_AHEAD_S:
        raise SetupFailed("W202", seconds=round(abs(ahead_s)))
    bench.say("clock", seconds=f"{abs(ahead_s):.1f}")
    return {"ahead_s": f"{ahead_s:.1f}"}, {}


def undo_time(bench: Bench) -> None:
    """Time servers and zone as they were before."""
    _put(bench, (system.TIME_FILE, system.ZONE_FILE), {})


def enrol(bench: Bench, answers: Answers) -> tuple[Figures, Wanted]:
    """A code is spent here, and only once. Without one, who was enrolled before stays who it was."""
    code, address = code_in(bench.code)
    if not code:
        if not bench.enrolled:
            raise SetupFailed("W101")
        bench.say("enrolled_before", terminal=bench.enrolled)
        return {"terminal": bench.enrolled}, {("terminal", "id"): bench.enrolled}
    if address and address != bench.config().platform.url:
        raise SetupFailed("W121", address=address)
    terminal = bench.shop.enrol(bench.config(), code)
    bench.code = ""
    bench.enrolled = terminal
    bench.say("enrolled", terminal=terminal)
    return {"terminal": terminal}, {("terminal", "id"): terminal}


def find(bench: Bench, answers: Answers) -> tuple[Figures, Wanted]:
    """What hangs on this machine."""
    bench.found = bench.shop.find(bench.person)
    bench.say("found", count=len(bench.found))
    return {"count": str(len(bench.found))}, {}


def devices(bench: Bench, answers: Answers) -> tuple[Figures, Wanted]:
    """Whether the tables that were chosen are right."""
    bench.config()
    return {}, {}


def device_test(kind: str) -> Callable[[Bench, Answers], tuple[Figures, Wanted]]:
    """The test of one device; it keeps its own dated result."""

    def test(bench: Bench, answers: Answers) -> tuple[Figures, Wanted]:
        outcome = bench.shop.test(kind, bench.config(), bench.person)
        if outcome.result != "pass":
            raise SetupFailed(outcome.code or NOT_SEEN)
        return dict(outcome.figures), {}

    return test


def camera(bench: Bench, answers: Answers) -> tuple[Figures, Wanted]:
    """The scale of the document camera, by an A4 sheet."""
    scale = bench.shop.calibrate(bench.config(), bench.person)
    bench.say("calibrated", scale=f"{scale:.2f}", dpi=round(scale * 25.4))
    return {"px_per_mm": f"{scale:.4f}"}, {}


def undo_camera(bench: Bench) -> None:
    """Pages are then as large as the slot says."""
    bench.shop.uncalibrate(bench.config())


def touched(bench: Bench, answers: Answers) -> tuple[Figures, Wanted]:
    """The matrix of the touches; without any the glass stays as it is."""
    points = answers.get("touch.points", "")
    if not points:
        bench.say("touch_left")
        return {}, {}
    try:
        fitted = touch.fit(touch.read(points), installed=bench.shop.installed_touch())
    except touch.NotCalibrated as error:
        raise SetupFailed("W118") from error
    _put(bench, (system.TOUCH_FILE,), system.touch_files(fitted.matrix))
    bench.say("touch", before=f"{fitted.before:.1%}", after=f"{fitted.farthest:.1%}")
    return {"before": f"{fitted.before:.4f}", "after": f"{fitted.farthest:.4f}"}, {}


def undo_touch(bench: Bench) -> None:
    """The glass as it was before."""
    _put(bench, (system.TOUCH_FILE,), {})


def page(bench: Bench, answers: Answers) -> tuple[Figures, Wanted]:
    """A page with rulers, to be read off."""
    bench.shop.print_page(bench.config(), ruled_page(bench.words, bench.config().face.fonts_folder))
    if not bench.person.saw("page", bench.words("setup.saw.page")):
        raise SetupFailed(NOT_SEEN)
    return {}, {}


def shift_of(answers: Answers) -> tuple[float, float]:
    """Right and down, mm, by which everything is moved so that it comes out where it should."""
    left, right = float(answers["margins.left"]), float(answers["margins.right"])
    top, bottom = float(answers["margins.top"]), float(answers["margins.bottom"])
    return round((right - left) / 2, 1), round((bottom - top) / 2, 1)


def sound(bench: Bench, answers: Answers) -> tuple[Figures, Wanted]:
    """A sentence, so loud; a person says whether it was heard."""
    volume = int(answers["sound.volume"])
    if volume:
        bench.shop.play(bench.config(), volume, bench.words("setup.sound_test"))
        if not bench.person.saw("sound", bench.words("setup.saw.sound")):
            raise SetupFailed(NOT_SEEN)
    return {"volume": str(volume)}, {}


def finish(bench: Bench, answers: Answers) -> tuple[Figures, Wanted]:
    """terminal.toml, and the acceptance report."""
    lines = len(changed_lines(bench.draft.settle(bench.who, bench.now())[1]))
    bench.say("written", lines=lines)
    bench.shop.report(bench.config(), bench.outcomes, bench.report)
    bench.say("report", path=str(bench.report))
    return {"lines": str(lines)}, {}


def changed_lines(difference: str) -> list[str]:
    """What goes and what comes, without comments: `- volume = 6`, `+ volume = 8`."""
    return [
        f"{line[0]} {line[1:].partition('  #')[0].strip()}"
        for line in difference.splitlines()
        if line[:1] in ("+", "-") and line[:3] not in ("+++", "---")
    ]


def settle(bench: Bench, answers: Answers) -> tuple[Figures, Wanted]:
    """terminal.toml of a terminal that serves: shown what changes, and only then written, as a new version."""
    lines = changed_lines(bench.draft.difference())
    if not lines:
        bench.say("unchanged")
        return {}, {}
    _agreed(bench, "settle", lines)
    version, _ = bench.draft.settle(bench.who, bench.now())
    bench.say("settled", number=version.number)
    return {"version": str(version.number)}, {}


def roll_back(bench: Bench, answers: Answers) -> tuple[Figures, Wanted]:
    """The version before the one in force, as a new version. Raises `SetupFailed` W126 when there is none."""
    earlier, difference = bench.draft.earlier()
    _agreed(bench, "rollback", changed_lines(difference))
    version = bench.draft.roll_back(earlier.number, bench.who, bench.now())
    bench.say("rolled_back", number=earlier.number, new=version.number)
    return {"version": str(version.number)}, {}


def _agreed(bench: Bench, about: str, lines: list[str]) -> None:
    """Somebody has seen what changes. Raises `SetupFailed` W125."""
    for line in lines:
        bench.person.say(line)
    if not bench.person.saw(about, bench.words(f"setup.saw.{about}")):
        raise SetupFailed("W125")


def _put(bench: Bench, names: tuple[str, ...], files: Mapping[str, str]) -> bool:
    """These files and no others of `names`; whether root has put them in force. Else it is told what root must run."""
    before = any((bench.system_folder / name).exists() for name in names)
    for name in names:
        if name in files:
            mode = 0o600 if name == system.NM_FILE else 0o644  # NetworkManager reads no others
            path = bench.system_folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, files[name], mode)
        else:
            (bench.system_folder / name).unlink(missing_ok=True)
    if not files and not before:
        return False
    settled = bench.shop.settle()
    bench.say("in_force" if settled else "settle", folder=str(bench.system_folder))
    return settled
