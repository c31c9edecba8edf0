"""The verbs that scripts rely on: exit codes, JSON alone on standard output, mistakes in plain words with a line."""

import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

from config.load import PROFILES, load_config
from ground.clock import RealClock
from kiosk.case_desk import CaseDesk
from kiosk.health import Health
from offline_cache.items import LinkState
from offline_cache.outbox import Outbox
from offline_cache.seal import Recipients
from offline_cache.spool import Spool
from tests.system.cases import invented_case
from tests.system.commands import ROOT, kiosk
from tools.cli import CONFIG

VERBS = {
    *("run", "demo", "doctor", "devices", "outbox", "backend", "config", "catalogue", "screens"),
    *("uploader", "enrol", "docs", "codes", "capture", "ocr", "voice"),
    *("log", "version", "retention", "sbom", "audit", "setup", "release", "tending", "training", "soak"),
    *("support-bundle", "health"),
}
_KEY = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"  # age's own README


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A terminal without devices, its data in a folder of its own."""
    path = tmp_path / "terminal.toml"
    path.write_text(
        f"""[site]
name = "示例服务点"
[terminal]
id = "T-1"
name = "示例终端"
[platform]
url = "http://127.0.0.1:9"
[storage]
data_folder = "{tmp_path / "data"}"
""",
        encoding="utf-8",
    )
    return path


def test_help_lists_every_verb() -> None:
    said = kiosk("--help")
    assert said.code == 0
    assert set(re.findall(r"^    ([a-z-]+)(?:  |$)", said.stdout, re.MULTILINE)) == VERBS


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_explains_itself(verb: str) -> None:
    said = kiosk(verb, "--help")
    assert said.code == 0
    assert said.stdout.startswith(f"usage: run_kiosk.py {verb}")


def test_an_unknown_verb_is_bad_input() -> None:
    said = kiosk("dance")
    assert (said.code, said.stdout) == (2, "")


def test_help_needs_no_heavy_library() -> None:
    asked = "import sys, tools.cli; tools.cli.parser().format_help(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {"kivy", "cv2", "fastapi", "numpy"} & set(done.stdout.split())


def test_an_empty_outbox(config: Path) -> None:
    said = kiosk("outbox", "status", "--json", "--config", config)
    assert said.code == 0
    assert said.json() == {
        "waiting": 0,
        "sending": 0,
        "stuck": 0,
        "delivered": 0,
        "delivered_today": 0,
        "evaluations_waiting": 0,
        "oldest_s": None,
        "bytes_waiting": 0,
        "link": "unknown",
        "link_code": None,
        "last_error": None,
        "messages_waiting": 0,
        "clock": {"state": "unknown", "off_s": None, "since": None},
    }


def test_an_outbox_that_waits_for_the_network(config: Path, tmp_path: Path) -> None:
    clock = RealClock()
    folder = tmp_path / "data"
    spool = Spool(folder / "spool", reserve_bytes=0)
    outbox = Outbox(folder / "outbox.sqlite", spool, clock, recipients=Recipients.parse([_KEY]))
    desk = CaseDesk(outbox, Health(clock), "sample")
    for seed in (1, 2):
        desk.hand_in(invented_case(random.Random(seed)))
    outbox.note_link(LinkState.DOWN, "U101")
    outbox.close()
    told = kiosk("outbox", "status", "--json", "--config", config).json()
    assert (told["waiting"], told["delivered"], told["link"]) == (2, 0, "down")
    assert told["oldest_s"] >= 0
    sealed = [path.stat().st_size for path in (folder / "spool").glob("*.age")]
    assert 0 < told["bytes_waiting"] < sum(sealed)  # each file bears a clear header, too
    assert told["last_error"]["code"] == "U101"
    assert "网线" in told["last_error"]["hint"]
    plain = kiosk("outbox", "status", "--config", config).stdout.splitlines()
    assert ["waiting", "2"] in [line.split() for line in plain]


def test_an_outbox_that_is_no_database(config: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "outbox.sqlite").write_bytes(b"spoilt " * 4000)
    said = kiosk("outbox", "status", "--json", "--config", config)
    assert said.code == 0  # set aside and made anew from the spool (ADR 0028)
    assert said.json()["waiting"] == 0


def test_the_shipped_configuration_is_good() -> None:
    said = kiosk("config", "check")
    assert (said.code, said.stdout, said.stderr) == (0, "", "")


@pytest.mark.parametrize("profile", sorted(path.stem for path in PROFILES.glob("*.toml")))
def test_every_shipped_profile_is_good(profile: str) -> None:
    said = kiosk("config", "check", "--profile", profile)
    assert (said.code, said.stderr) == (0, "")


def test_a_broken_configuration_is_told_with_file_and_line(tmp_path: Path) -> None:
    text = CONFIG.read_text(encoding="utf-8")
    lines = [*text.splitlines(), "[journey_]", "patience_s = 5"]
    broken = tmp_path / "broken.toml"
    broken.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for verb in (("config", "check"), ("config", "show"), ("outbox", "status")):
        said = kiosk(*verb, "--config", broken)
        assert (said.code, said.stdout) == (2, ""), verb
        assert re.search(rf"broken\.toml:{len(lines) - 1}: C103 .*journey_", said.stderr)


def test_what_is_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text('[site]\nname = "示例\n', encoding="utf-8")
    said = kiosk("config", "check", "--config", broken)
    assert said.code == 2
    assert "broken.toml:2: C" in said.stderr


def test_config_show_tells_what_counts_and_no_secret(config: Path) -> None:
    env = {"KIOSK__PLATFORM__TOKEN": "very-secret-token", "KIOSK__JOURNEY__PATIENCE_S": "77"}
    said = kiosk("config", "show", "--config", config, env=env)
    assert said.code == 0
    told = said.json()
    assert told["site"]["name"] == "示例服务点"
    assert told["journey"]["patience_s"] == 77
    assert "very-secret-token" not in said.stdout + said.stderr


def test_the_schema_describes_every_table(config: Path) -> None:
    schema = kiosk("config", "schema").json()
    shown = kiosk("config", "show", "--config", config).json()
    assert set(schema["properties"]) == set(shown)
    assert schema["additionalProperties"] is False


def test_the_shipped_catalogue_is_good_and_lists_the_demos_matter() -> None:
    assert kiosk("catalogue", "check").code == 0
    (matter,) = [row for row in kiosk("catalogue", "list", "--json").json() if row["code"] == "N02"]
    assert (matter["name"], matter["complete"]) == ("居住证办理一件事", True)


def test_an_uploader_without_credentials_says_so(config: Path) -> None:
    said = kiosk("uploader", "--config", config)
    assert said.code == 2
    assert "enrol" in said.stderr


def test_enrolment_where_nobody_answers(config: Path) -> None:
    said = kiosk("enrol", "--code", "0000", "--config", config)
    assert (said.code, said.stdout) == (1, "")
    assert said.stderr.startswith("U101 ")
    assert load_config(config, None, {}).platform.token is None
