"""After a full visit nothing on the terminal, in its logs or in its temporary files tells who was there."""

import json
import zipfile
from pathlib import Path

import pytest

from devices.emulators.sample_cards import WANG_XIAOMING
from kiosk.retention import CLASSES
from tests.system.commands import kiosk
from tests.system.personal import bare_pages, files_below, traces
from tests.system.walked import WalkedDemo


@pytest.fixture(scope="module")
def secrets(demo: WalkedDemo) -> list[str]:
    """Her name, number and address, and whatever she typed or chose to say of herself."""
    applicant, form = demo.manifest["applicant"], demo.manifest["form"]
    typed = [form[name] for name in ("phone", "residence_address", "residence_since")]
    known = [applicant["name"], applicant["number"], applicant["address"], *typed, typed[-1].replace("-", "")]
    assert {"王小明", "429006199003070019", "19900000001"} <= set(known)
    assert WANG_XIAOMING.address in known
    assert all(len(secret) >= 3 for secret in known)
    return known


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "gb18030"])
def test_the_search_finds_what_is_there(tmp_path: Path, secrets: list[str], encoding: str) -> None:
    for each, secret in enumerate(secrets):
        (tmp_path / f"{each}").write_bytes(b"\0\xff" + secret.encode(encoding) + b"\n")
    found = traces(secrets, files_below(tmp_path))
    assert {int(line.split()[1]) for line in found} == set(range(len(secrets)))


def test_the_search_finds_escaped_json(tmp_path: Path) -> None:
    (tmp_path / "line.jsonl").write_text(json.dumps({"name": "王小明"}), encoding="ascii")
    assert traces(["王小明"], files_below(tmp_path)) == ["secret 0 as JSON in line.jsonl"]


def test_the_search_finds_a_page_in_clear(tmp_path: Path, demo: WalkedDemo) -> None:
    (tmp_path / "forgotten").write_bytes((demo.out / "case.pdf").read_bytes())
    assert bare_pages(files_below(tmp_path)) == ["forgotten"]


def test_the_terminal_keeps_nothing(demo: WalkedDemo, secrets: list[str]) -> None:
    files = files_below(demo.out / "terminal")
    assert {"outbox.sqlite", "events-000000000001.jsonl", "config.ini"} <= {path.name for path in files}
    assert traces(secrets, files) == []
    assert bare_pages(files) == []


def test_every_file_that_is_left_has_a_class_of_retention(demo: WalkedDemo) -> None:
    folder = demo.out / "terminal"
    known = {lying.path for of in CLASSES for lying in of.find(folder)}
    housekeeping = {".lock", "head", "outbox.sqlite.lock", "numbers", "numbers.lock", "terminal.toml"}
    databases = {
        f"{name}{tail}" for name in ("outbox.sqlite", "prints.sqlite") for tail in ("", "-wal", "-shm")
    }
    left = [path for path in files_below(folder) if path not in known]
    assert {path.name for path in left} - housekeeping - databases == set()


def test_the_log_of_the_whole_visit_is_sound_and_sealed(demo: WalkedDemo) -> None:
    said = kiosk("log", "verify", "--config", demo.out / "terminal" / "terminal.toml", "--json")
    told = said.json()
    assert (said.code, told["flaws"]) == (0, [])
    assert told["sealed"] == told["last"] and told["records"] > 50


def test_a_support_bundle_of_it_tells_nothing_and_its_log_still_checks(
    demo: WalkedDemo, secrets: list[str], tmp_path: Path
) -> None:
    out, file = tmp_path / "bundle.zip", ("--config", demo.out / "terminal" / "terminal.toml", "--json")
    made = kiosk("support-bundle", out, *file)
    assert (made.code, made.json()["records"] > 50) == (0, True), made.stderr
    assert kiosk("support-bundle", out, "--check", *file).json()["problems"] == []
    with zipfile.ZipFile(out) as bundle:
        bundle.extractall(tmp_path / "inside")
    files = [out, *files_below(tmp_path / "inside")]
    assert traces(secrets, files) == []
    assert bare_pages(files) == []
    (tmp_path / "inside" / "spoilt").write_text(secrets[0], encoding="utf-8")
    assert traces(secrets, files_below(tmp_path / "inside")) != []  # the search does search


def test_its_spool_is_empty_once_all_is_delivered(demo: WalkedDemo) -> None:
    assert [path.name for path in files_below(demo.out / "terminal" / "spool")] == [".lock"]


def test_no_process_says_it(demo: WalkedDemo, secrets: list[str]) -> None:
    files = sorted(demo.out.glob("*.stderr"))
    assert {"face.stderr", "uploader.stderr", "cabinet.stderr", "backend.stderr"} <= {f.name for f in files}
    assert traces(secrets, files) == []
    assert not any(secret in demo.said.stderr for secret in secrets)


def test_no_temporary_file_is_left(demo: WalkedDemo) -> None:
    assert files_below(demo.temporary) == []


def test_the_home_folder_tells_nothing(demo: WalkedDemo, secrets: list[str]) -> None:
    files = files_below(demo.home)
    assert traces(secrets, files) == []
    assert bare_pages(files) == []


def test_the_backend_stores_it_sealed_only(demo: WalkedDemo, secrets: list[str]) -> None:
    files = files_below(demo.out / "backend")
    assert "platform.sqlite3" in {path.name for path in files}
    assert traces(secrets, files) == []
    assert bare_pages(files) == []


def test_the_receipt_is_masked(demo: WalkedDemo, secrets: list[str]) -> None:
    assert traces(secrets, [demo.out / "receipt.bin", demo.out / "receipt.png"]) == []
