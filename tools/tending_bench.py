"""What the technician's screens show and do, put together from what verbs already know: doctor, tests, log, version."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from config.schema import TerminalConfig
from ground.clock import Clock
from ground.log.reading import records, standing
from ground.logbook import Event, Logbook
from kiosk.care.check import Check
from kiosk.care.supplies import UseBook
from kiosk.health import Health
from kiosk.intake.mounts import MOUNT_TABLE
from kiosk.journey.show import CHINA
from kiosk.running import signed_text
from kiosk.setup.again_on_glass import AgainDirector
from kiosk.setup.job import Start
from kiosk.speech import SpeechFailed
from kiosk.speech.building import build_speaker
from kiosk.tending.bench import Goes, Outcome, Talk
from kiosk.tending.events import Bundled, Line
from kiosk.tending.fault_tree import mending
from kiosk.tending.refills import REFILLS, offered
from kiosk.tending.roles import Role
from kiosk.tending.stage import BundleTo, Page
from kiosk.tending.tending import TOUCH
from kiosk.words import Words
from offline_cache.durable import write_secret
from offline_cache.errors import BadKey
from tools.assemble import wanted_voice
from tools.credentials import signing_key
from tools.doctor import Doctor
from tools.log_show import moment_of, sentence
from tools.log_verb import check_log
from tools.logs import believed, log_folder
from tools.stoppable import StoppableClock
from tools.technician import trials
from tools.technician.fitted import fitted
from tools.technician.trial import Trial, tried
from tools.tending_adjust import AdjustBench
from tools.tending_bundle import BundleBench
from tools.version import VERSION
from tools.version_verb import statement_of

SOUND: Final = "sound"
REFILLED: Final = "refilled.json"  #: in the folder of tending: supply → when
_LOG_LINES: Final = 60
_ERRORS: Final = 8
#: what an error of a device or of the line is called in the log
_FAILURES: Final = (Event.DEVICE_FAILED, Event.FAILSAFE, Event.RECEIPT_FAILED, Event.CASE_REFUSED)
_GROUPS: Final = {
    "outbox": "queue",
    "queue": "queue",
    "authorities": "link",
    "catalogue": "versions",
    "releases": "versions",
    "config": "versions",
    "platform": "link",
    "link": "link",
    "signing": "link",
    "recipients": "link",
    "certificate": "link",
    "slip_paper": "supplies",
    "page_paper": "supplies",
    "page_toner": "supplies",
}


class TendingBench:
    """Implements `kiosk.tending.bench.Bench`. Lives on one thread; the citizens' side has let go of the devices."""

    def __init__(
        self,
        config: TerminalConfig,
        config_file: Path,
        words: Words,
        clock: Clock,
        health: Health,
        logbook: Logbook,
        book: UseBook,
        mount_table: Path = MOUNT_TABLE,
    ) -> None:
        """`health`: the board of the face, which knows what the devices said of themselves last."""
        self._config, self._config_file, self._words = config, config_file, words
        self._clock, self._health, self._logbook = clock, health, logbook
        self._folder, self._book = config.storage.data_folder, book
        self._bundles = BundleBench(config, config_file, words, clock, health, logbook, mount_table)
        self._adjusts = AdjustBench(config_file, words, clock)

    # --- pages ---

    def lines(self, page: Page, role: Role) -> tuple[Line, ...]:
        """See `Bench`."""
        match page:
            case "health":
                return tuple(self._health_lines())
            case "tests":
                return tuple(self._test_lines())
            case "refill":
                return tuple(self._refill_lines())
            case "log":
                return tuple(self._log_lines())
            case "bundle":
                return tuple(self._bundles.lines())
            case "adjust":
                return tuple(self._adjusts.lines())

    def _health_lines(self) -> Iterator[Line]:
        found = [self._line(check) for check in Doctor(self._config, self._words, self._clock).checks()]
        named = {line.key for line in found}
        found += [line for line in self._other_devices() if line.key not in named]
        found += [
            *self._supplies(),
            Line(
                "version",
                self._words("tending.health.version"),
                self._words("version_proof.version", version=VERSION),
                "plain",
                "versions",
            ),
        ]
        found += self._errors()
        order = ("devices", "supplies", "queue", "link", "machine", "versions", "errors")
        for group in order:
            yield from (line for line in found if line.group == group)

    def _line(self, check: Check) -> Line:
        mood = "wrong" if not check.ok else "notice" if check.hint else "good"
        group = "devices" if check.name in fitted(self._config) else _GROUPS.get(check.name, "machine")
        note = " · ".join(part for part in (check.code, check.value) if part)
        return Line(
            check.name,
            self._named(check.name),
            note,
            mood,
            group,
            mending(self._words, check.code, check.hint),
        )

    def _other_devices(self) -> Iterator[Line]:
        """Those that the round does not ask, as they were seen last."""
        for name in fitted(self._config):
            part = self._health.of(name)
            if part is not None:
                mood = "good" if part.ok else "wrong"
                steps = mending(self._words, part.code, self._hint(part.code))
                yield Line(name, self._named(name), part.code or part.value, mood, "devices", steps)

    def _supplies(self) -> Iterator[Line]:
        for part in self._health.all():
            for supply, level in part.supplies.items():
                key = f"tending.supply.{supply}"
                what = self._words(key) if key in self._words else supply
                mood = {"full": "good", "low": "notice", "out": "wrong", "jammed": "wrong"}.get(
                    level.value, "plain"
                )
                yield Line(
                    f"{part.name}.{supply}",
                    f"{self._named(part.name)} · {what}",
                    self._words(f"tending.supply.{level.value}"),
                    mood,
                    "supplies",
                )

    def _errors(self) -> list[Line]:
        folder = log_folder(self._config)
        files = standing(folder)[0] if folder.is_dir() else []
        last = [record for _, _, record in records(files[-2:]) if record.event in _FAILURES][-_ERRORS:]
        found = []
        for record in reversed(last):
            at = moment_of(record)
            when = f"{at.astimezone(CHINA):%m-%d %H:%M}" if at else "?"
            code = str(record.facts.get("code", ""))
            steps = mending(self._words, code, self._hint(code))
            said = sentence(record, self._words).partition(" → ")[0]
            found.append(Line(f"error.{record.seq}", when, said, "notice", "errors", steps))
        return found or [Line("error.none", self._words("tending.health.none"), "", "good", "errors")]

    def _test_lines(self) -> Iterator[Line]:
        last = trials.latest(self._folder)
        sound = (SOUND,) if self._config.voice.engine != "none" else ()
        for name in (*fitted(self._config), *sound, TOUCH):
            trial = last.get(name)
            if trial is None:
                yield Line(name, self._named(name), self._words("tending.health.never"))
                continue
            note = self._words(
                "tending.health.tested",
                at=f"{trial.at.astimezone(CHINA):%Y-%m-%d %H:%M}",
                result=self._words(f"report.result_{trial.result}"),
                person=trial.person or self._words("tending.log.nobody"),
            )
            yield Line(name, self._named(name), note, "good" if trial.result == "pass" else "wrong")

    def _refill_lines(self) -> Iterator[Line]:
        when = self._refilled()
        for name in offered(tuple(fitted(self._config))):
            at = when.get(name)
            note = (
                self._words("tending.health.last_refill", at=f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}")
                if at
                else self._words("tending.health.no_refill")
            )
            yield Line(name, self._words(f"refill.{name}.title"), note)

    def _log_lines(self) -> Iterator[Line]:
        report = check_log(self._config, believed(self._config), [])
        if report.ok:
            said, mood = self._words("tending.log.intact"), "good"
        else:
            codes = ", ".join(sorted({flaw.code.value for flaw in report.flaws}))
            said, mood = self._words("tending.log.broken", codes=codes), "wrong"
        yield Line(
            "verdict",
            said,
            self._words("tending.log.sealed", records=report.records, last=report.sealed),
            mood,
        )
        folder = log_folder(self._config)
        files = standing(folder)[0] if folder.is_dir() else []
        shown = [record for _, _, record in records(files[-2:]) if record.event != Event.LOG_SEALED]
        for record in reversed(shown[-_LOG_LINES:]):
            at = moment_of(record)
            when = f"{at.astimezone(CHINA):%m-%d %H:%M:%S}" if at else "?"
            yield Line(str(record.seq), sentence(record, self._words), f"{record.seq} · {when}")

    # --- tests ---

    def test(self, name: str, person: str, talk: Talk) -> Outcome:
        """See `Bench`."""
        clock = StoppableClock(self._clock, talk.stopped)
        if name == SOUND:
            trial = self._sound(talk)
        else:
            trial = tried(
                name, fitted(self._config)[name], self._words, clock, talk.say, talk.ask, show=talk.show
            )
        return self._kept(replace(trial, person=person))

    def _sound(self, talk: Talk) -> Trial:
        sentence_said = self._words("voice_tool.test")
        speaker = build_speaker(wanted_voice(self._config), self._clock)
        code = ""
        try:
            engine = speaker.check()
            talk.say(f"{engine}: {sentence_said}")
            speaker.say(sentence_said, self._words.language, self._config.voice.volume, 0)
            result = "pass" if talk.ask(self._words("trial.ask.sound")) else "fail"
        except SpeechFailed as error:
            engine, result, code = "", "error", error.code
        finally:
            speaker.close()
        at = self._clock.now().replace(microsecond=0)
        return Trial(at=at, name=SOUND, driver=engine, url="", identity=engine, result=result, code=code)  # type: ignore[arg-type]

    def keep(self, name: str, result: str, person: str) -> None:
        """See `Bench`."""
        at = self._clock.now().replace(microsecond=0)
        self._kept(Trial(at=at, name=name, driver="", url="", identity="", result=result, person=person))  # type: ignore[arg-type]

    def _kept(self, trial: Trial) -> Outcome:
        trials.keep(self._folder, trial)
        self._logbook.write(
            Event.DEVICE_TESTED, device=trial.name, result=trial.result, code=trial.code, person=trial.person
        )
        return Outcome(trial.result, trial.code, self._hint(trial.code))

    # --- supplies ---

    def refill(self, supply: str, person: str, talk: Talk) -> Outcome:
        """See `Bench`."""
        refill = REFILLS[supply]
        done = self.test(refill.device, person, talk) if refill.device else Outcome("pass")
        if done.result == "pass":
            folder = self._folder / "tending"
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            now = self._clock.now()
            told = {name: at.isoformat() for name, at in self._refilled().items()}
            told[supply] = now.isoformat(timespec="seconds")
            write_secret(folder / REFILLED, json.dumps(told).encode("ascii"))
            self._count_anew(supply, person, now)
        return done

    def _count_anew(self, supply: str, person: str, now: datetime) -> None:
        """A new roll and a full tray are counted from here; toner has a gauge of its own."""
        care = self._config.care
        counted = {"paper_roll": ("slips", care.slips_per_roll), "a4": ("sheets", care.sheets_per_fill)}
        name, holds = counted.get(supply, (supply, 0))
        if holds:
            self._book.refilled(name, holds, now)
        self._logbook.write(Event.SUPPLY_REFILLED, supply=name, holds=holds, by="technician", person=person)

    def _refilled(self) -> dict[str, datetime]:
        try:
            told = json.loads((self._folder / "tending" / REFILLED).read_text(encoding="ascii"))
            return {str(name): datetime.fromisoformat(at) for name, at in told.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}

    # --- what leaves ---

    def bundle(self, to: BundleTo, person: str, role: Role, goes: Goes) -> Bundled:
        """See `Bench`."""
        return self._bundles.make(to, person, role, goes)

    # --- what is set up again ---

    def adjusting(
        self, act: str, person: str, role: Role, start: Start, stopped: Callable[[], bool]
    ) -> AgainDirector | str:
        """See `Bench`."""
        return self._adjusts.begin(act, person, role, start, stopped)

    # --- the statement ---

    def statement(self) -> str:
        """See `Bench`."""
        try:
            key = signing_key(self._config)
        except BadKey:
            key = None
        if key is None:
            return ""
        return signed_text(statement_of(self._config, self._config_file, self._clock, key), key)

    # --- words ---

    def _named(self, name: str) -> str:
        for key in (f"trial.kind.{name}", f"tending.check.{name}"):
            if key in self._words:
                return self._words(key)
        return name

    def _hint(self, code: str) -> str:
        key = f"errors.{code}.hint"
        return self._words(key) if code and key in self._words else ""
