"""`training`: practise with an invented citizen. Nothing of it reaches the real platform, and nothing of it stays.

The face has ended and become this process; this one starts another face with settings of its own: a data folder that is
made for it, a reference platform on this machine (with keys that nobody keeps), an emulated card reader on which the
invented citizen's card lies. When that face ends, everything it started is ended, the folder is deleted, each file seen
to be gone, and this process becomes the real face again. What a power cut left is deleted by the next real face.
"""

import argparse
import os
import signal
import socket
import sys
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from typing import Any, Final, NoReturn

import requests

from config.compose import toml_value
from config.schema import TerminalConfig
from devices.id_card.sdt import SdtSettings
from ground.clock import Clock, RealClock
from ground.logbook import Event
from offline_cache.platform import Platform
from tools.cli import ROOT
from tools.demo.processes import Processes
from tools.enrol import enrol_at
from tools.logs import open_logbook
from tools.out import complain
from tools.settings import BAD_INPUT, settings
from tools.tended import MARK, PRACTICE, sweep
from tools.watchdog import Watchdog

_LOOK_S: Final = 0.5
NOTICE: Final = (
    "KIOSK_TRAINING_NOTICE"  #: in the environment: the process whose page lies on the glass meanwhile
)
#: of the environment: what belongs to the real terminal alone
_SECRET: Final = ("KIOSK__", "CREDENTIALS_DIRECTORY", "NOTIFY_SOCKET", "WATCHDOG_", "KIOSK_TRAINING_NOTICE")


class Training:
    """One training of one terminal."""

    def __init__(self, config: TerminalConfig, clock: Clock) -> None:
        self.config, self.clock = config, clock
        self.folder = config.storage.data_folder / PRACTICE
        self.terminal = self.folder / "terminal"
        self.config_file = self.terminal / "terminal.toml"
        self._backend = self.folder / "backend"
        self._stack = ExitStack()
        self.processes: Processes | None = None
        self.url = ""

    def begin(self) -> None:
        """Platform, enrolment, card reader, uploader. Raises OSError and `UploadError`."""
        sweep(self.config)
        self.terminal.mkdir(parents=True, mode=0o700)
        self.processes = self._stack.enter_context(Processes(self.folder, self.clock, _clean_environment()))
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.processes.start(
            "backend", "run_kiosk.py", "backend", "serve", "--port", str(port), "--data", str(self._backend)
        )
        self.processes.until_healthy(self.url)
        self._enrol()
        self.config_file.write_text(written(self._settings(self._lay_card())), encoding="utf-8")
        self.processes.start("uploader", "run_kiosk.py", "uploader", "--config", str(self.config_file))

    def show_face(self, fed: Watchdog) -> None:
        """Until it ends. This process says that it lives as long as the face does."""
        assert self.processes is not None
        self.processes.start("face", "run_kiosk.py", "run", "--config", str(self.config_file), **{MARK: "1"})
        while self.processes.running("face"):
            fed.feed()
            self.clock.wait(_LOOK_S)

    def end(self) -> int:
        """End everything and delete it; how many files could not be deleted."""
        self._stack.close()
        return sweep(self.config)

    def _enrol(self) -> None:
        token = (self._backend / "keys" / "operator.token").read_text(encoding="utf-8").strip()
        headers = {"Authorization": f"Bearer {token}"}
        made = requests.post(f"{self.url}/v1/operator/codes", headers=headers, timeout=30)
        platform = Platform(self.url, None, self.clock)
        try:
            enrol_at(platform, self.terminal, made.json()["code"], self.config.terminal.name)
        finally:
            platform.close()

    def _lay_card(self) -> str:
        """The invented citizen's card, found whenever it is looked for; where its reader is."""
        from devices.emulators.sdt import SdtEmulator
        from devices.rig.tcp_rig import TcpRig

        reader = SdtEmulator(self.clock)
        reader.strict_refind = False
        reader.card_on = True
        rig = TcpRig(reader)
        self._stack.callback(rig.close)
        return rig.url

    def _settings(self, card_url: str) -> dict[str, Any]:
        """The terminal's own settings, with nothing in them that leads to the real platform or to real people."""
        told = self.config.model_dump(mode="json", exclude_none=True, exclude={"platform"})
        told["platform"] = {"url": self.url}
        told["storage"]["data_folder"] = str(self.terminal)
        told["intake"] |= {"phone": False, "stick": False}
        told["tending"] = {}
        told["catalogue"].pop("notices_url", None)
        told["face"]["renew_after_s"] = 0
        reader = SdtSettings(driver="sdt", url=card_url).model_dump(mode="json", exclude_none=True)
        told["devices"]["id_card"] = reader
        told["devices"].pop("chip_card", None)
        return told


def written(told: dict[str, Any]) -> str:
    """A configuration as TOML: one table a section, one a device."""
    lines = ["# Made by training; deleted with it."]
    devices = told.pop("devices")
    for name, section in (*told.items(), *((f"devices.{kind}", one) for kind, one in devices.items())):
        lines.append(f"[{name}]")
        lines += [f"{key} = {toml_value(value)}" for key, value in section.items()]
    return "\n".join(lines) + "\n"


def lay_notice(environment: Mapping[str, str]) -> int:
    """A page that lies on the glass as long as nothing else does; the id of its process, -1 when there is none."""
    command = [sys.executable, "-m", "tools.plain_page", "--behind", "training_page"]
    try:
        return os.posix_spawn(sys.executable, command, {**environment, "PYTHONPATH": str(ROOT)})
    except OSError as error:
        complain(f"no notice of the training: {error.strerror}")
        return -1


def take_notice(told: str) -> None:
    """Take it away. `told`: its process, a child of this very process, as `NOTICE` names it; "" for none."""
    if not told.isdigit():
        return
    with suppress(OSError):  # it ended by itself, or is no child of ours: then it is not touched
        if os.waitpid(int(told), os.WNOHANG) == (0, 0):
            os.kill(int(told), signal.SIGTERM)
            os.waitpid(int(told), 0)


def become_training(asked: argparse.Namespace) -> NoReturn:
    """From the real face: become this verb; a notice is on the glass meanwhile. Does not return."""
    os.environ[NOTICE] = str(lay_notice(_clean_environment()))
    os.execv(sys.executable, _command("training", asked))


def _real_face(asked: argparse.Namespace) -> NoReturn:
    os.execv(sys.executable, _command("run", asked))


def _command(verb: str, asked: argparse.Namespace) -> list[str]:
    profile = ["--profile", asked.profile] if asked.profile else []
    return [sys.executable, str(ROOT / "run_kiosk.py"), verb, "--config", str(asked.config), *profile]


def run(asked: argparse.Namespace) -> int:
    """The verb: practise until the face of the training ends, then become the real face again."""
    config = settings(asked)
    if config is None:
        return BAD_INPUT
    clock = RealClock()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that all is deleted
    logbook = open_logbook(config, clock, "training")
    watchdog = Watchdog.from_environment(clock)
    training = Training(config, clock)
    logbook.write(Event.TRAINING_STARTED)
    try:
        training.begin()
        training.show_face(watchdog)
    except (OSError, RuntimeError, requests.RequestException) as error:
        complain(f"no training: {error}")
    finally:
        logbook.write(Event.TRAINING_FINISHED, left=training.end())
        logbook.close()
        take_notice(os.environ.pop(NOTICE, ""))
    _real_face(asked)


def _clean_environment() -> dict[str, str]:
    """Of this process, without what is the real terminal's."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_SECRET)}


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
