"""Training: the same visit with a platform of its own; nothing reaches the real one, and nothing stays."""

import os
import random
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from config.load import load_config
from config.schema import TerminalConfig
from devices.emulators.sample_cards import WANG_XIAOMING
from ground.clock import RealClock
from ground.logbook import MemoryLogbook
from kiosk.case_desk import CaseDesk
from kiosk.health import Health
from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.receipt import for_training
from kiosk.tending.events import EndTraining
from kiosk.words import Words
from tests.system.cases import invented_case
from tests.system.personal import files_below, traces
from tests.system.small_terminal import configuration
from tools.assemble import WORDS, assemble, open_outbox
from tools.settings import with_credentials
from tools.tended import PRACTICE, sweep
from tools.training import Training

LONG_S = 60.0
REAL_KEY = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"


class RealPlatform:
    """Stands where the real one is; whoever speaks to it is counted."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self.calls = 0
        self._thread = threading.Thread(target=self._count, daemon=True)
        self._thread.start()

    def _count(self) -> None:
        while True:
            try:
                caller, _ = self._server.accept()
            except OSError:
                return
            self.calls += 1
            caller.close()

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join()


@contextmanager
def environment(**told: str) -> Iterator[None]:
    """Of this process, as a service has it."""
    before = {name: os.environ.get(name) for name in told}
    os.environ.update(told)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name)
            else:
                os.environ[name] = value


@pytest.fixture
def platform() -> Iterator[RealPlatform]:
    one = RealPlatform()
    yield one
    one.close()


def real_config(folder: Path, platform: RealPlatform) -> TerminalConfig:
    url = f"http://127.0.0.1:{platform.port}"
    text = configuration(url, folder / "data", platform=f'recipients = ["{REAL_KEY}"]\npublic_url = "{url}"')
    (folder / "terminal.toml").write_text(text + '[voice]\nengine = "none"\n', encoding="utf-8")
    return load_config(folder / "terminal.toml", env={"KIOSK__PLATFORM__TOKEN": "the-real-token"})


def test_a_case_goes_to_the_stand_in_and_everything_is_gone_afterwards(
    tmp_path: Path, platform: RealPlatform
) -> None:
    clock = RealClock()
    real = real_config(tmp_path, platform)
    training = Training(real, clock)
    token, folder = f"http://127.0.0.1:{platform.port}", str(tmp_path / "data")
    with environment(KIOSK__PLATFORM__URL=token, KIOSK__STORAGE__DATA_FOLDER=folder):
        training.begin()
        config = with_credentials(load_config(training.config_file, env={}))
        told = training.config_file.read_text(encoding="utf-8")
        assert str(platform.port) not in told and REAL_KEY not in told and "the-real-token" not in told
        assert config.platform.recipients and REAL_KEY not in config.platform.recipients
        outbox = open_outbox(config, clock)
        case = invented_case(random.Random(8), pages=(1,))
        number = CaseDesk(outbox, Health(clock), "sample").hand_in(case)
        give_up = clock.after(LONG_S)
        while outbox.status().waiting:
            assert not clock.due(give_up), outbox.status()
            clock.wait(0.05)
        outbox.close()
        practise(config, clock)
        url = training.url
        assert training.end() == 0
    assert number and platform.calls == 0, "nobody spoke to the real platform"
    assert not (tmp_path / "data" / PRACTICE).exists()
    secrets = ["王小样", "11010519491231002X", WANG_XIAOMING.name, WANG_XIAOMING.number]
    assert traces(secrets, files_below(tmp_path)) == []
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{url}/health", timeout=5)


def practise(config: TerminalConfig, clock: RealClock) -> None:
    """The face of a training without its window: marked, with the invented citizen's card, ended by a touch."""
    terminal = assemble(config, clock, MemoryLogbook(), training=True)
    terminal.begin()
    try:
        scene = terminal.pump()
        assert scene.chrome.training and isinstance(scene.view, views.Idle)
        for event in (ev.Start(), ev.FindCases(), ev.LayCard()):
            terminal.touch(event, terminal.pump().number)
        give_up = clock.after(LONG_S)
        while not isinstance((scene := terminal.pump()).view, views.Cases):
            assert not clock.due(give_up), scene.view
            assert scene.chrome.training
            clock.wait(0.02)
        assert not terminal.training.for_it
        terminal.touch(EndTraining(), scene.number)
        terminal.pump()
        assert terminal.training.for_it
    finally:
        terminal.end()


def test_what_a_power_cut_left_of_a_training_is_deleted(tmp_path: Path, platform: RealPlatform) -> None:
    config = real_config(tmp_path, platform)
    left = tmp_path / "data" / PRACTICE / "terminal" / "spool"
    left.mkdir(parents=True)
    (left / "page").write_bytes(b"x")
    assert sweep(config) == 0
    assert not (tmp_path / "data" / PRACTICE).exists()


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_a_slip_of_a_training_says_so_at_both_ends(language: str) -> None:
    from devices.receipt_printer import Slip, Text

    words = Words.load(WORDS, language)
    made = for_training(Slip((Text("天天顺"),)), words)
    marks = [made.elements[0], made.elements[-1]]
    assert all(isinstance(one, Text) and one.text == words("training.receipt") for one in marks)
