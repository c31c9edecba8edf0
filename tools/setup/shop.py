"""The wizard's workshop on a real machine: what the technician's own verbs use, put together."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, cast

from config.schema import TerminalConfig
from devices.code_scanner import CodeScanner
from devices.document_camera import DocumentCamera, Frame
from devices.page_printer import PagePrinter
from ground.clock import Clock
from kiosk.capture import calibration
from kiosk.capture.codes import glanced
from kiosk.capture.find import find_sheets
from kiosk.setup.figures import said
from kiosk.setup.system import TOUCH_FILE, touch_matrix
from kiosk.setup.touch import AS_IT_IS, Matrix
from kiosk.setup.workshop import Found, Outcome, Person, Reached, SetupFailed
from kiosk.speech import SpeechFailed
from kiosk.speech.building import build_speaker
from kiosk.words import Words
from offline_cache.errors import UploadError
from offline_cache.keys import TerminalKey
from offline_cache.platform import Platform
from tools.assemble import device_start, open_platform, wanted_voice
from tools.credentials import signing_key
from tools.enrol import enrol_at
from tools.fonts import placed
from tools.settings import Credentials, with_credentials
from tools.setup.settled import settled
from tools.technician import trials
from tools.technician.discovery import ipp_printers, scanners
from tools.technician.fitted import fitted
from tools.technician.machine import Machine
from tools.technician.report import Measured, rows, write_report
from tools.technician.suggest import suggestions
from tools.technician.trial import tried

_PATIENCE_S = 30.0  #: for somebody who lays a sheet or holds a code
_PRINT_S = 180.0  #: a laser printer that slept needs a minute to warm up
_POLL_S = 0.3
_AGAIN_S = 2.0


class RealShop:
    """Implements `kiosk.setup.workshop.Workshop`."""

    def __init__(self, words: Words, clock: Clock, *, network: bool = True, root: Path = Path("/")) -> None:
        """`network`: printers and scanners are looked for there, too, which takes some seconds."""
        self._words, self._clock, self._network, self._root = words, clock, network, root

    def find(self, person: Person) -> tuple[Found, ...]:
        """See `Workshop`. Serial ports are asked, too: whoever sets up has stopped the kiosk, or is it."""
        found = suggestions(
            Machine(self._root),
            self._clock,
            ask=True,
            ipp_printers=(lambda: ipp_printers(self._clock)) if self._network else tuple,
            scanners=scanners if self._network else tuple,
        )
        return tuple(
            Found(one.kind, one.driver, one.url, one.confidence, one.label, one.baud) for one in found
        )

    def network_manager(self) -> Literal["networkmanager", "networkd"]:
        """See `Workshop`."""
        there = (self._root / "usr/sbin/NetworkManager").exists() or shutil.which("NetworkManager")
        return "networkmanager" if there else "networkd"

    def settle(self) -> bool:
        """See `Workshop`. `tiantianshun-settle.path` waits for the wish, its service runs deploy/settle-system.sh."""
        return settled(self._root, self._clock)

    def reach(self, config: TerminalConfig, patience_s: float = 0.0) -> Reached:
        """See `Workshop`."""
        give_up = self._clock.after(patience_s)
        while True:
            try:
                return self._reached(config)
            except UploadError:
                if self._clock.due(give_up):
                    raise
            self._clock.wait(_AGAIN_S)

    def _reached(self, config: TerminalConfig) -> Reached:
        """Half of the way there and back is taken for the answer's way."""
        platform = open_platform(config, self._clock)
        try:
            begun, sent = self._clock.instant(), self._clock.now()
            health = platform.health()
            took_s = self._clock.instant() - begun
        finally:
            platform.close()
        ahead_s = (sent - health.time).total_seconds() + took_s / 2
        return Reached(round(took_s * 1000), round(ahead_s, 3))

    def enrolled(self, config: TerminalConfig) -> str:
        """See `Workshop`. Credentials without the key that signs are none."""
        try:
            held = Credentials.of(config.storage.data_folder)
        except (OSError, ValueError, KeyError, TypeError):
            return ""
        key: TerminalKey | None = signing_key(with_credentials(config))
        return held.terminal_id if key is not None else ""

    def enrol(self, config: TerminalConfig, code: str) -> str:
        """See `Workshop`."""
        platform: Platform = open_platform(config, self._clock)
        try:
            return enrol_at(platform, config.storage.data_folder, code, config.terminal.name)
        finally:
            platform.close()

    def scan_code(self, config: TerminalConfig, person: Person) -> str:
        """See `Workshop`. Raises `SetupFailed` W208 when no code comes."""
        person.say(self._words("setup.told.hold_code"))
        scanner, camera = config.devices.code_scanner, config.devices.document_camera
        if scanner is not None:
            return self._scanned(cast(CodeScanner, device_start(scanner, self._clock)()))
        if camera is not None:
            return self._seen(cast(DocumentCamera, device_start(camera, self._clock)()))
        raise SetupFailed("W208")

    def _scanned(self, scanner: CodeScanner) -> str:
        deadline = self._clock.after(_PATIENCE_S)
        try:
            scanner.arm()
            while (code := scanner.scan()) is None:
                self._wait(deadline, "W208")
            return code.text
        finally:
            scanner.close()

    def _seen(self, camera: DocumentCamera) -> str:
        deadline = self._clock.after(_PATIENCE_S)
        try:
            while not (codes := glanced(camera.preview().pixels)):
                self._wait(deadline, "W208")
            return codes[0].text
        finally:
            camera.close()

    def _wait(self, deadline: float, code: str) -> None:
        if self._clock.due(deadline):
            raise SetupFailed(code)
        self._clock.wait(_POLL_S)

    def test(self, kind: str, config: TerminalConfig, person: Person) -> Outcome:
        """See `Workshop`."""
        about = f"device.{kind}"
        trial = tried(
            kind,
            getattr(config.devices, kind),
            self._words,
            self._clock,
            person.say,
            lambda question: person.saw(about, question),
        )
        trials.keep(config.storage.data_folder, trial)
        return Outcome(
            result=trial.result,
            at=trial.at,
            code=trial.code,
            told=trial.told,
            figures={"identity": trial.identity},
        )

    def calibrate(self, config: TerminalConfig, person: Person) -> float:
        """See `Workshop`. Raises `SetupFailed` W203 when no picture shows one A4 sheet."""
        settings = config.devices.document_camera
        person.say(self._words("setup.told.lay_a4"))
        camera = cast(DocumentCamera, device_start(settings, self._clock)())
        deadline = self._clock.after(_PATIENCE_S)
        try:
            while (measured := _scale_in(camera.still(), camera.identity())) is None:
                self._wait(deadline, "W203")
        finally:
            camera.close()
        calibration.keep(config.storage.data_folder, measured)
        return measured.px_per_mm

    def uncalibrate(self, config: TerminalConfig) -> None:
        """See `Workshop`."""
        settings = config.devices.document_camera
        if settings is not None:
            camera = cast(DocumentCamera, device_start(settings, self._clock)())
            try:
                source = camera.identity()
            finally:
                camera.close()
            calibration.forget(config.storage.data_folder, source)

    def installed_touch(self) -> Matrix:
        """See `Workshop`. The file counts from the screen's next start on, which `settle-system.sh` asks for."""
        try:
            return touch_matrix((self._root / TOUCH_FILE).read_text(encoding="utf-8", errors="replace"))
        except OSError:
            return AS_IT_IS

    def print_page(self, config: TerminalConfig, pdf: bytes) -> None:
        """See `Workshop`. Raises `SetupFailed` W209 when it does not come out."""
        printer = cast(PagePrinter, device_start(config.devices.page_printer, self._clock)())
        deadline = self._clock.after(_PRINT_S)
        try:
            job = printer.submit(pdf, "margins")
            report = printer.follow(job)
            while not report.state.over:
                self._wait(deadline, "W209")
                report = printer.follow(job)
        finally:
            printer.close()
        if report.came_out is False:
            raise SetupFailed("W209")

    def play(self, config: TerminalConfig, volume: int, text: str) -> None:
        """See `Workshop`. Raises `SetupFailed` W205."""
        speaker = build_speaker(wanted_voice(config), self._clock)
        try:
            speaker.check()
            speaker.say(text, self._words.language, volume, 0)
        except SpeechFailed as error:
            hint = self._words(f"errors.{error.code}.hint")
            raise SetupFailed("W205", why=f"{error.code} {hint}") from error
        finally:
            speaker.close()

    def report(self, config: TerminalConfig, outcomes: Mapping[str, Outcome], path: Path) -> None:
        """See `Workshop`."""
        config = with_credentials(config)
        devices = rows(fitted(config), trials.latest(config.storage.data_folder))
        steps = [
            Measured(self._words(f"setup.step.{key}"), one.result, one.at, said(key, one, self._words))
            for key, one in outcomes.items()
            if not key.startswith("device.")
        ]
        fonts = placed(config.face.fonts_folder)
        fresh = path.with_suffix(".new")
        write_report(fresh, config, devices, self._words, self._clock.now(), fonts, steps)
        fresh.replace(path)


def _scale_in(still: Frame, source: str) -> calibration.Calibration | None:
    """The scale that a picture of one A4 sheet shows."""
    sheets = find_sheets(still.pixels)
    if len(sheets) != 1:
        return None
    try:
        return calibration.calibrated(sheets[0].corners, still.size, source)
    except ValueError:  # another sheet, or it lies askew
        return None
