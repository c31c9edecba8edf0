"""Gathers what a support bundle holds. Every text passes the vocabulary, or is withheld and counted."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

from config.schema import TerminalConfig
from ground.clock import Clock
from ground.log.chain import LogChain
from ground.log.reading import standing
from ground.logbook import Event, Fact
from kiosk.care.check import Check
from kiosk.care.growth import History, Sample
from kiosk.care.tree import Tree
from kiosk.retention import CLASSES
from kiosk.running import signed_text
from kiosk.tending import people
from kiosk.words import Words
from offline_cache.errors import BadKey, BadRecipient, CacheError
from tools.assemble import WORDS
from tools.bundle import archive, machine_part, settings_part
from tools.bundle.log_part import MOST_RECORDS, LogWriter, check_chain, texts
from tools.bundle.second_look import found_in
from tools.bundle.vocabulary import Vocabulary, of_program
from tools.care import care_folder, outbox_status
from tools.credentials import own_key, signing_key
from tools.doctor import Doctor
from tools.logs import believed, log_folder, rules_of, sealing_key, signed_by
from tools.technician import trials
from tools.technician.fitted import fitted
from tools.version import VERSION
from tools.version_verb import statement_of

WITHHELD: Final = settings_part.WITHHELD
LOG: Final = "log/events.jsonl"
_PROCESSES: Final = ("face", "uploader")
_MOST_SAMPLES, _MOST_TRIALS = 600, 200
_KB: Final = 1024
_AT: Final = re.compile(r"20[0-9]{2}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}([+-][0-9]{2}:[0-9]{2})?")


#: "gather" or "look", how much of it is done, of how much
Goes = Callable[[Literal["gather", "look"], int, int], None]


def _nobody(stage: str, done: int, of: int) -> None:
    """Nobody wants to know."""


class NotClean(Exception):
    """The second look found something that must not leave; nothing was written."""

    code = "T130"

    def __init__(self, found: list[tuple[str, str]]) -> None:
        super().__init__(", ".join(sorted({f"{name} ({kind})" for name, kind in found})))
        self.found = found


class TooLarge(Exception):
    """The bundle is larger than what may be sent."""

    code = "T131"


@dataclass(frozen=True, slots=True)
class Bundle:
    """What was made."""

    content: bytes
    files: int
    records: int  #: of the event log
    withheld: int  #: texts and records of which not all is told


class Gatherer:
    """Makes one bundle of one terminal."""

    def __init__(
        self,
        config: TerminalConfig,
        config_file: Path,
        clock: Clock,
        tree: Tree,
        *,
        ask: machine_part.Ask = machine_part.ask_system,
        vocabulary: Vocabulary | None = None,
        devices: bool = False,
    ) -> None:
        """`ask`: the programs of the system. `devices`: open them; only while no face holds them."""
        self._config, self._config_file, self._clock, self._tree = config, config_file, clock, tree
        self._ask, self._devices = ask, devices
        self._vocabulary = vocabulary or of_program()
        self._folder = config.storage.data_folder
        self._withheld = 0

    def bundle(self, known: tuple[str, ...] = (), goes: Goes = _nobody) -> Bundle:
        """All of it, looked at twice. Raises `NotClean`, `TooLarge`, OSError, and whatever `goes` raises.

        `known`: texts that must not be in it. `goes`: told how far it has come.
        """
        self._withheld = 0
        parts, members = self._parts(), {}
        for number, (name, make) in enumerate(parts.items()):
            goes("gather", number, len(parts) + 1)
            members[name] = _json(make())
        goes("gather", len(parts), len(parts) + 1)  # what is left is the event log
        most = MOST_RECORDS
        while True:
            bundle = self._with_log(members, most)
            if len(bundle.content) <= archive.MOST_BYTES:
                break
            if most < 100:
                raise TooLarge
            most //= 2
        goes("look", 0, 1)
        inside, manifest, _ = archive.unpacked(bundle.content)
        inside[archive.MANIFEST] = _json(manifest)
        found = found_in(inside, (*known, *self._secrets()))
        if found:
            raise NotClean(found)
        return bundle

    def _parts(self) -> Mapping[str, Callable[[], Any]]:
        ask, vocabulary = self._ask, self._vocabulary
        return {
            "care.json": self._care,
            "checks.json": self._checks,
            "configuration.json": lambda: settings_part.told(self._config),
            "data.json": self._data,
            "devices.json": self._fitted,
            "journal.json": lambda: machine_part.journal(ask, vocabulary),
            "kernel.json": lambda: machine_part.kernel(ask),
            "queue.json": self._queue,
            "units.json": lambda: machine_part.units(ask),
            "version.json": self._version,
        }

    def _with_log(self, members: Mapping[str, bytes], most: int) -> Bundle:
        writer = LogWriter(self._vocabulary, self._config.terminal.id)
        lines = writer.lines(self._log_files(), most)
        report = check_chain(lines, believed(self._config), signed_by)
        whole = {**members, LOG: b"".join(texts(lines))}
        withheld = self._withheld + writer.withheld
        told = {
            "terminal": self._config.terminal.id,
            "version": VERSION,
            "made_at": self._clock.now().isoformat(timespec="seconds"),
            "log": asdict(report),
            "withheld": withheld,
        }
        content = archive.packed(whole, told, self._key())
        return Bundle(content, len(whole), report.records, withheld)

    def _log_files(self) -> list[Any]:
        folder = log_folder(self._config)
        if not folder.is_dir():
            return []
        with suppress(OSError):  # a log that cannot be written to is bundled as it stands
            key = sealing_key(self._config)
            chain = LogChain(
                folder,
                self._clock,
                "technician",
                self._config.terminal.id,
                lambda: key,
                rules_of(self._config),
            )
            chain.seal()
        return standing(folder)[0]

    def _key(self) -> Any:
        try:
            return signing_key(self._config)
        except BadKey:
            return None

    # --- what is told ---

    def _checks(self) -> list[dict[str, Any]]:
        words = Words.load(WORDS, self._config.language.first)
        doctor = Doctor(self._config, words, self._clock, tree=self._tree, services_alone=not self._devices)
        return [self.check(one) for one in doctor.checks()]

    def check(self, one: Check) -> dict[str, Any]:
        """A line of doctor as it may be told."""
        return {
            "name": self._said(one.name), "ok": one.ok, "code": self._said(one.code),
            "hint": self._said(one.hint), "value": self._said(one.value),
        }  # fmt: skip

    def _said(self, text: str) -> str:
        kept = self._vocabulary.kept(text)
        self._withheld += kept is None
        return WITHHELD if kept is None else kept

    def _version(self) -> dict[str, Any]:
        key = self._key()
        statement = statement_of(self._config, self._config_file, self._clock, key)
        return {**asdict(statement), "statement": signed_text(statement, key) if key else ""}

    def _fitted(self) -> dict[str, Any]:
        fit = {name: getattr(settings, "driver", "") for name, settings in fitted(self._config).items()}
        tested = [
            {
                "at": trial.at.isoformat(timespec="seconds"), "name": self._said(trial.name),
                "driver": self._said(trial.driver), "result": self._said(trial.result),
                "code": self._said(trial.code), "identity": self._said(trial.identity),
            }
            for trial in trials.kept(self._folder)[-_MOST_TRIALS:]
        ]  # fmt: skip
        return {"fitted": fit, "tests": tested, "usb": machine_part.usb(self._tree)}

    def _care(self) -> dict[str, Any]:
        folder = care_folder(self._config)
        return {
            name: [_sample(one) for one in History(folder / f"{name}.jsonl").read()[-_MOST_SAMPLES:]]
            for name in _PROCESSES
        }

    def _queue(self) -> dict[str, Any]:
        try:
            status = outbox_status(self._config, self._clock)
        except CacheError as error:
            return {"code": error.code}
        if status is None:
            return {}
        counts = ("waiting", "sending", "stuck", "delivered", "delivered_today", "evaluations_waiting")
        return {
            **{name: getattr(status, name) for name in (*counts, "messages_waiting")},
            "oldest_s": None if status.oldest_s is None else round(status.oldest_s),
            "waiting_kb": status.bytes_waiting // _KB,
            "link": status.link.value,
            "link_code": self._said(status.link_code or ""),
            "last_error": self._said(status.last_error.code if status.last_error else ""),
            "clock": status.clock.state.value,
        }

    def _data(self) -> dict[str, Any]:
        """Items and sizes of each class of docs/retention.md, and of all else together; no name of a file."""
        told, known = {}, set[Path]()
        for of in CLASSES:
            lying = list(of.find(self._folder))
            known |= {each.path for each in lying}
            told[of.name] = {"items": len(lying), "kb": sum(each.bytes for each in lying) // _KB}
        others = [path for path in self._folder.rglob("*") if path.is_file() and path not in known]
        sizes = [size for path in others if (size := _size(path)) is not None]
        told["other"] = {"items": len(sizes), "kb": sum(sizes) // _KB}
        return told

    # --- what must not be told ---

    def _secrets(self) -> Iterator[str]:
        """What this terminal must not say of itself: token, keys, PINs' hashes."""
        token = self._config.platform.token
        if token is not None:
            yield token.get_secret_value()
        with suppress(BadRecipient):
            own = own_key(self._config)
            if own is not None:
                yield own.secret
        with suppress(people.BadPeople):
            known = people.load(self._folder / people.FOLDER)
            yield known.card_key
            for one in known.all.values():
                yield from filter(None, (one.pin, one.salt, one.card))


def note(config: TerminalConfig, clock: Clock, bundle: Bundle, to: str) -> None:
    """The event log says that a bundle left, and how. Raises OSError."""
    key = sealing_key(config)
    chain = LogChain(
        log_folder(config), clock, "technician", config.terminal.id, lambda: key, rules_of(config)
    )
    facts: dict[str, Fact] = {"to": to, "kb": len(bundle.content) // _KB, "withheld": bundle.withheld}
    chain.append([chain.entry(Event.BUNDLE_MADE, facts)])
    chain.seal()


def _sample(one: Sample) -> dict[str, Any]:
    at = one.at if _AT.fullmatch(one.at) else WITHHELD
    numbers = {"pss_kb": one.pss_kb, "fds": one.fds, "threads": one.threads}
    return {"at": at, "age_s": round(one.age_s), **numbers}


def _size(path: Path) -> int | None:
    try:
        return path.lstat().st_size
    except OSError:
        return None


def _json(told: Any) -> bytes:
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8") + b"\n"
