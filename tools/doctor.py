"""`doctor`: one line per device and service: ok, or code and hint. Exit 1 when anything is not ok."""

import argparse
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from config.schema import TerminalConfig
from devices.catalog import Kind
from devices.errors import DeviceError
from ground.clock import Clock, RealClock
from kiosk.care import delivery
from kiosk.care.check import Check, Found, Probe, Round
from kiosk.care.tree import MACHINE, Tree
from kiosk.catalogue.errors import CatalogueError
from kiosk.speech import SpeechFailed
from kiosk.speech.building import build_speaker, packs_of
from kiosk.words import Words
from offline_cache.errors import CacheError, RecipientsExpired, UploadError
from screens.input.means import SYSTEM, Means
from tools.assemble import WORDS, check_device, device_start, open_platform, wanted_voice
from tools.care import Looks, outbox_status
from tools.credentials import signing_key
from tools.downloads import catalogue_in_force, downloads_of, known_recipients
from tools.failsafe import ledger_of
from tools.fonts import FILES, placed
from tools.out import say, say_json
from tools.settings import settings

_KINDS: tuple[Kind, ...] = ("id_card", "document_camera", "receipt_printer", "evaluator")


class Doctor:
    """Looks at everything once."""

    def __init__(
        self,
        config: TerminalConfig,
        words: Words,
        clock: Clock,
        means: Means = SYSTEM,
        tree: Tree = MACHINE,
        *,
        file: Path | None = None,
        profile: str | None = None,
        services_alone: bool = False,
    ) -> None:
        """`means`: the packages that the keyboards are looked for in. `tree`: the machine.

        `file`, `profile`: what `config` was read from; None: that is not looked at. `services_alone`: no
        device is opened.
        """
        self._looks = Looks(config, clock, tree, file=file, profile=profile)
        self._certificate: tuple[datetime | None] | None = None  #: of the platform, once it was asked
        self._services_alone = services_alone
        self._config = config
        self._words = words
        self._clock = clock
        self._means = means

    def checks(self) -> Iterator[Check]:
        """Each device that is fitted, then each service, then the machine."""
        for check in self.round().checks():
            yield self._warning_soon(check) if check.name == "recipients" else check

    def round(self) -> Round:
        """All that is looked at."""
        voice = Probe("voice", self._voice, live=False)
        probes = (*self._devices(), *self._services(), *self._writing(), voice, *self._looks.probes())
        return Round(probes, self._words, ERRORS)

    def keyboards(self) -> Iterator[Check]:
        """Each way of writing; the face works without them, and worse."""
        yield from Round(self._writing(), self._words, ERRORS).checks()

    def _devices(self) -> Iterator[Probe]:
        for kind in () if self._services_alone else _KINDS:
            if getattr(self._config.devices, kind) is not None:
                yield Probe(kind, partial(self._device, kind), live=False)

    def _services(self) -> Iterator[Probe]:
        yield Probe("outbox", self._outbox)
        yield Probe("platform", self._platform, live=False)
        yield Probe("certificate", self._shown, live=False)
        yield Probe("signing", self._signing)
        yield Probe("recipients", self._recipients)
        yield Probe("catalogue", self._catalogue, live=False)
        yield Probe("fonts", self._fonts)
        yield Probe("failsafe", self._failsafe)

    def _writing(self) -> Iterator[Probe]:
        yield Probe("pinyin", self._pinyin, live=False)
        yield Probe("handwriting", self._handwriting, live=False)
        yield Probe("rare_characters", self._rare_characters, live=False)

    def _device(self, kind: Kind) -> str:
        device = device_start(getattr(self._config.devices, kind), self._clock)()
        try:
            found = check_device(device)
            return ", ".join([found.value, *(f"{name} {level}" for name, level in found.supplies.items())])
        finally:
            device.close()

    def _outbox(self) -> Found | str:
        status = outbox_status(self._config, self._clock)
        if status is None:
            return Found("queue.none")
        return f"waiting {status.waiting}, stuck {status.stuck}, link {status.link.value}"

    def _platform(self) -> str:
        token = self._config.platform.token
        if token is None or not self._config.platform.recipients:
            raise _NotEnrolled()
        platform = open_platform(self._config, self._clock)
        try:
            health = platform.health()
            self._certificate = (platform.certificate_until,)
            platform.terminal()
            return f"{self._config.platform.url}, version {health.version}"
        finally:
            platform.close()

    def _shown(self) -> Found:
        shown, days = self._certificate, self._config.care.certificate_days
        until = None if shown is None else shown[0]
        return delivery.certificate(until, self._clock.now(), days, asked=shown is not None)

    def _catalogue(self) -> str:
        catalogue, origin = catalogue_in_force(self._config, self._clock)
        complete = sum(matter.complete for matter in catalogue.matters)
        return f"{len(catalogue.matters)} matters, {complete} complete, {origin}"

    def _signing(self) -> str:
        key = signing_key(self._config)
        if key is None:
            raise _NoKey()
        return f"key {key.key_id}"

    def _recipients(self) -> str:
        known = known_recipients(self._config, self._clock)
        sealed_to = known()
        if sealed_to is None:  # `platform` says what to do
            return "none before enrolment"
        outlook = known.outlook()
        if outlook.expired:
            raise RecipientsExpired(until=str(outlook.until))
        held = downloads_of(self._config).held("recipients")
        origin = "as enrolled" if held is None else f"list {held.version} of the platform"
        return f"{len(sealed_to.keys)} keys, {outlook.said}, {origin}"

    def _warning_soon(self, check: Check) -> Check:
        """The same, with a hint while the keys to seal to have few days left."""
        if not check.ok:
            return check
        outlook = known_recipients(self._config, self._clock).outlook()
        hint = self._words("doctor.recipients_soon", days=outlook.days_left) if outlook.soon else ""
        return replace(check, hint=hint)

    def _failsafe(self) -> str:
        ledger = ledger_of(self._config, self._clock)
        if ledger.mode() == "safe":
            raise _SafeMode()
        return f"{len(ledger.standing().crashes)} crashes lately"

    def _fonts(self) -> str:
        folder = placed(self._config.face.fonts_folder)
        missing = [file for file in FILES if not (folder / file).is_file()]
        if missing:
            raise _NoFonts(", ".join(missing))
        return f"{len(FILES)} typefaces"

    def _pinyin(self) -> str:
        if not self._means.pinyin():
            raise _NoPinyin()
        return "librime"

    def _handwriting(self) -> str:
        if not self._means.handwriting():
            raise _NoHandwriting()
        return "zinnia"

    def _rare_characters(self) -> str:
        if not self._means.strokes():
            raise _NoStrokes()
        return "by strokes, parts and number"

    def _voice(self) -> str:
        if self._config.voice.engine == "none":
            return "off"
        wanted = wanted_voice(self._config)
        packs, failed = packs_of(wanted)
        if failed:
            raise failed[0]
        speaker = build_speaker(wanted, self._clock)
        try:
            return ", ".join([speaker.check(), *(pack.index.name for pack in packs)])
        finally:
            speaker.close()


class _Lacking(Exception):
    """Something that the set-up installs is not there."""

    code = "T100"


class _SafeMode(_Lacking):
    """The face failed too often and runs in safe mode."""

    code = "T120"


class _NotEnrolled(_Lacking):
    """This terminal is not enrolled at the platform."""

    code = "T101"


class _NoKey(_Lacking):
    """This terminal has no key to sign with; its token alone speaks for it."""

    code = "T104"


class _NoFonts(_Lacking):
    """Typefaces are missing."""

    code = "T102"


class _NoPinyin(_Lacking):
    """The pinyin engine is not installed; the keyboard falls back to single characters."""

    code = "T103"


class _NoHandwriting(_Lacking):
    """Handwriting is not installed; no keyboard offers it."""

    code = "T105"


class _NoStrokes(_Lacking):
    """The table of strokes is not installed; rare characters are found by their number alone."""

    code = "T106"


#: what a look may raise, each with a code
ERRORS = (DeviceError, CacheError, UploadError, CatalogueError, SpeechFailed, _Lacking)


def run(asked: argparse.Namespace) -> int:
    """Print the checks."""
    config = settings(asked)
    if config is None:
        return 2
    words, tree = Words.load(WORDS, config.language.first), Tree(asked.machine)
    doctor = Doctor(
        config,
        words,
        RealClock(),
        tree=tree,
        file=asked.config,
        profile=asked.profile,
        services_alone=asked.services,
    )
    checks = []
    for check in doctor.checks():
        checks.append(check)
        if not asked.json:
            said = f"{'ok' if check.ok else check.code} {check.hint}".strip()
            say(f"{check.name:18}{said:40} {check.value}")
    ok = all(check.ok for check in checks)
    if asked.json:
        say_json({"ok": ok, "checks": [asdict(check) for check in checks]})
    return 0 if ok else 1
