"""A technician's verbs: a terminal enrols, signs, changes its key, exports under its name, is revoked, restored."""

import io
import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from backend.serve import LiveServer
from backend.settings import Settings
from config.load import load_config
from config.schema import TerminalConfig
from ground.clock import RealClock
from offline_cache.errors import Revoked, Unsigned
from offline_cache.keys import TerminalKey
from offline_cache.platform import Platform
from tests.system.small_terminal import configuration
from tools.assemble import open_outbox, open_platform
from tools.cli import main
from tools.settings import Credentials, with_credentials


class Hall:
    """A platform that wants signatures, and one terminal."""

    def __init__(self, folder: Path) -> None:
        self.server = LiveServer(
            folder / "backend", settings=Settings(signatures="all"), journal=io.StringIO()
        )
        self.server.start()
        self.data = folder / "terminal"
        self.file = folder / "terminal.toml"
        text = configuration(self.server.url, self.data)
        self.file.write_text(text, encoding="utf-8")

    def operator(self, method: str, path: str) -> Any:
        headers = {"Authorization": f"Bearer {self.server.operator_token}"}
        answer = requests.request(method, f"{self.server.url}/v1/operator{path}", headers=headers, timeout=30)
        return answer.json() if answer.content else None

    def enrol(self) -> int:
        return main(["enrol", "--code", self.operator("POST", "/codes")["code"], "--config", str(self.file)])

    def renew(self) -> int:
        return main(["enrol", "--renew-key", "--config", str(self.file)])

    @property
    def config(self) -> TerminalConfig:
        return with_credentials(load_config(self.file, None, {}))

    def platform(self) -> Platform:
        return open_platform(self.config, RealClock())

    def ask(self) -> str:
        platform = self.platform()
        try:
            return platform.terminal().terminal_id
        finally:
            platform.close()


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    hall = Hall(tmp_path)
    yield hall
    hall.server.stop()


def test_enrolment_makes_a_key_that_signs_everything(hall: Hall) -> None:
    assert hall.enrol() == 0
    key = hall.data / "terminal.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert not (hall.data / "terminal.key.new").exists()
    held = Credentials.of(hall.data)
    assert hall.ask() == held.terminal_id
    (row,) = hall.operator("GET", "/terminals")
    made = TerminalKey.read(key)
    assert made is not None and row["key_id"] == made.key_id
    assert len(held.publishers) == 1
    assert hall.config.platform.publishers == held.publishers
    key.unlink()  # the platform knows this terminal has one, so the token alone is not enough
    with pytest.raises(Unsigned) as raised:
        hall.ask()
    assert raised.value.facts["platform_code"] == "B462"


def test_a_key_is_renewed_and_a_lost_answer_does_no_harm(hall: Hall) -> None:
    assert hall.enrol() == 0
    before = TerminalKey.read(hall.data / "terminal.key")
    assert hall.renew() == 0
    after = TerminalKey.read(hall.data / "terminal.key")
    assert before is not None and after is not None and before.key_id != after.key_id
    assert hall.ask()
    # The platform took the next key, but its answer was lost: the new file is still beside the old one.
    pending = TerminalKey.new()
    pending.save(hall.data / "terminal.key.new")
    platform = hall.platform()
    platform.give_key(pending.public)
    platform.close()
    with pytest.raises(Unsigned):
        hall.ask()
    assert hall.renew() == 0
    assert hall.ask()
    kept = TerminalKey.read(hall.data / "terminal.key")
    assert kept is not None and kept.key_id == pending.key_id


def test_renewing_needs_an_enrolled_terminal_and_a_way(
    hall: Hall, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hall.renew() == 2
    assert "enrol --code" in capsys.readouterr().err
    assert hall.enrol() == 0
    hall.server.stop()
    assert hall.renew() == 1
    assert "U101" in capsys.readouterr().err


def test_an_export_bears_the_terminals_name(
    hall: Hall, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hall.enrol() == 0
    open_outbox(hall.config, RealClock()).close()
    stick = tmp_path / "stick"
    stick.mkdir()
    capsys.readouterr()
    assert main(["outbox", "export", str(stick), "--config", str(hall.file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["signed"] is True
    hall.server.stop()
    take = ["backend", "import", str(stick), "--data", str(hall.server.data), "--json"]
    assert main(take) == 0
    assert json.loads(capsys.readouterr().out)[0]["signature"] == "good"
    (index,) = stick.glob("*/index.json")
    index.write_bytes(index.read_bytes() + b" ")
    assert main(take) == 2
    assert "signature" in capsys.readouterr().err


def test_a_revoked_terminal_is_told_so_and_restored(hall: Hall) -> None:
    assert hall.enrol() == 0
    terminal_id = hall.ask()
    hall.operator("POST", f"/terminals/{terminal_id}/revoke")
    with pytest.raises(Revoked):
        hall.ask()
    hall.operator("POST", f"/terminals/{terminal_id}/restore")
    assert hall.ask() == terminal_id


def test_a_broken_key_file_is_told_by_the_platforms_refusal(hall: Hall) -> None:
    assert hall.enrol() == 0
    (hall.data / "terminal.key").write_text("no key", encoding="ascii")
    with pytest.raises(Unsigned):
        hall.ask()
    assert hall.renew() == 1


def test_a_support_bundle_goes_to_the_platform_under_its_signature(
    hall: Hall, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hall.enrol() == 0
    out, file = tmp_path / "bundle.zip", ("--config", str(hall.file), "--json")
    machine = ("--machine", str(tmp_path / "machine"))
    capsys.readouterr()
    assert main(["support-bundle", str(out), "--to-backend", *machine, *file]) == 0
    assert json.loads(capsys.readouterr().out)["sent"] is True
    (row,) = hall.operator("GET", "/bundles")
    assert row["bytes"] == out.stat().st_size
    token = hall.config.platform.token
    assert token is not None and token.get_secret_value().encode() not in out.read_bytes()
    (hall.data / "terminal.key").unlink()
    assert (
        main(["support-bundle", str(out), "--to-backend", *machine, *file]) == 1
    )  # the token alone is not enough
    assert json.loads(capsys.readouterr().out)["code"].startswith("U")
    assert len(hall.operator("GET", "/bundles")) == 1
