"""A support bundle of a terminal that served people: it says how the terminal is, and nothing of them."""

import io
import json
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.load import load_config
from config.schema import TerminalConfig
from ground.clock import RealClock
from ground.log.record import decode
from ground.logbook import Event
from kiosk.care.check import Check
from kiosk.care.tree import Tree
from kiosk.domain.identity import check_digit
from offline_cache.keys import FILE, TerminalKey
from tests.system.personal import bare_pages, files_below, traces
from tests.tools.small_terminal import write_settings
from tools.bundle import archive, machine_part, settings_part
from tools.bundle.gather import LOG, Gatherer, NotClean
from tools.bundle.log_part import LogWriter, check_chain
from tools.bundle.second_look import found_in
from tools.bundle.vocabulary import of_program
from tools.cli import main
from tools.logs import believed, log_folder, open_logbook, signed_by

NAME, NUMBER, PHONE = "王小明", "429006199003070019", "13800138000"
PERSONAL = (
    NAME,
    "Wang Xiaoming",
    "wangxiaoming",
    NUMBER,
    PHONE,
    "天门市竟陵街道人民大道1号",
    "wxm@example.cn",
)
#: where a driver's or a library's words may end up in the log
FREE = ("said", "error", "place", "why", "identity", "device", "code", "url", "never_heard_of")


def _nothing(command: object) -> None:
    """A machine without systemd."""


@pytest.fixture
def config(tmp_path: Path) -> TerminalConfig:
    file = write_settings(tmp_path / "terminal.toml", tmp_path / "data")
    (tmp_path / "data").mkdir()
    TerminalKey.new().save(tmp_path / "data" / FILE)
    return load_config(file, None, {})


def _served(config: TerminalConfig) -> None:
    """What a visit writes, and what it should never write."""
    logbook = open_logbook(config, RealClock(), "face")
    logbook.write(Event.VISIT_STARTED)
    logbook.write(Event.CARD_READ, kind="resident", doubts="")
    logbook.write(Event.DEVICE_FAILED, device="id_card", code="D101", state="offline")
    for said in PERSONAL:
        logbook.write(Event.DEVICE_FAILED, device="id_card", code="D103", said=said)
    logbook.write(Event.CASE_SEALED, case="0191b2c4-7d7c-4c62-9d3b-2f64d2a31b11")
    logbook.write(Event.VISIT_FINISHED, outcome="done", last="goodbye")
    logbook.close()


def _gatherer(config: TerminalConfig, tmp_path: Path, **more: Any) -> Gatherer:
    return Gatherer(
        config, tmp_path / "terminal.toml", RealClock(), Tree(tmp_path / "machine"), ask=_nothing, **more
    )


def _unzipped(content: bytes, folder: Path) -> list[Path]:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        opened.extractall(folder)
    return files_below(folder)


@pytest.fixture
def verb(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs `support-bundle` on OUT.zip; exit code and JSON."""

    def do(*arguments: object) -> tuple[int, Any]:
        machine = ("--machine", str(tmp_path / "machine"))
        file = ("--config", str(tmp_path / "terminal.toml"))
        code = main(
            ["support-bundle", str(tmp_path / "out.zip"), *map(str, arguments), *machine, *file, "--json"]
        )
        return code, json.loads(capsys.readouterr().out)

    return do


def test_the_verb_makes_one_that_holds_against_its_own_check(
    tmp_path: Path, config: TerminalConfig, verb: Any
) -> None:
    _served(config)
    code, told = verb()
    assert (code, told["ok"], told["sent"]) == (0, True, False)
    out = tmp_path / "out.zip"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert out.stat().st_size == told["bytes"] < archive.MOST_BYTES
    code, checked = verb("--check")
    assert (code, checked["problems"]) == (0, [])
    assert checked["log"]["sealed"] == checked["log"]["last"] == told["records"] > 8
    files = _unzipped(out.read_bytes(), tmp_path / "unzipped")
    assert traces(PERSONAL, [*files, out]) == []
    assert bare_pages(files) == []
    events = [json.loads(line)["event"] for line in (tmp_path / "unzipped" / LOG).read_text().splitlines()]
    assert events.count("device_failed") == 1 + len(PERSONAL)
    assert not list(tmp_path.glob(".*"))
    last = [record for line in (log_folder(config) / "events-000000000001.jsonl").read_bytes().splitlines()
            if (record := decode(line))][-2]  # fmt: skip
    assert (last.event, last.facts["to"]) == ("bundle_made", "file")


def test_what_may_be_said_stands_in_the_log_as_it_was_written(tmp_path: Path, config: TerminalConfig) -> None:
    _served(config)
    members, *_ = archive.unpacked(_gatherer(config, tmp_path).bundle().content)
    written = set((log_folder(config) / "events-000000000001.jsonl").read_bytes().splitlines())
    lines = members[LOG].splitlines()
    verbatim = [line for line in lines if line in written]
    withheld = [json.loads(line) for line in lines if line not in written]
    assert len(verbatim) >= 6
    assert all(one["withheld"] == ["said"] and one["code"] == "D103" for one in withheld)
    assert {"case_sealed", "visit_finished"} <= {json.loads(line)["event"] for line in verbatim}


@pytest.mark.parametrize("change", ["edit", "cut", "reorder", "unseal"])
def test_a_changed_log_is_found_also_beside_what_is_withheld(
    tmp_path: Path, config: TerminalConfig, change: str
) -> None:
    _served(config)
    members, *_ = archive.unpacked(_gatherer(config, tmp_path).bundle().content)
    lines = members[LOG].splitlines()
    assert check_chain(lines, believed(config), signed_by).flaws == []
    match change:
        case "edit":
            lines = [line.replace(b"D101", b"D102") for line in lines]
        case "cut":
            del lines[5]
        case "reorder":
            lines[4], lines[5] = lines[5], lines[4]
        case "unseal":
            lines = [line.replace(b'"sig": "', b'"sig": "A')[:-3] + b'="}' if b"log_sealed" in line else line
                     for line in lines]  # fmt: skip
    report = check_chain(lines, believed(config), signed_by)
    assert report.flaws or not report.sealed


def test_the_same_terminal_gives_the_same_bytes_and_any_change_is_seen(
    tmp_path: Path, config: TerminalConfig
) -> None:
    members = {"b.json": b"2", "a.json": b"1"}
    key = TerminalKey.new()
    once, again = (
        archive.packed(dict(order), {"terminal": "T"}, key)
        for order in (members.items(), reversed(members.items()))
    )
    assert once == again
    assert archive.unpacked(once)[0] == members
    other = archive.packed({**members, "a.json": b"3"}, {}, None)
    with zipfile.ZipFile(io.BytesIO(other)) as changed, zipfile.ZipFile(io.BytesIO(once)) as told:
        mixed = io.BytesIO()
        with zipfile.ZipFile(mixed, "w") as bundle:
            bundle.writestr("a.json", changed.read("a.json"))
            for name in ("b.json", "manifest.json", "manifest.sig"):
                bundle.writestr(name, told.read(name))
    with pytest.raises(archive.BadBundle, match="changed"):
        archive.unpacked(mixed.getvalue())


_SYLLABLES = (
    "zhang",
    "wei",
    "wang",
    "li",
    "chen",
    "xiao",
    "ming",
    "hua",
    "guo",
    "qiang",
    "liu",
    "yang",
    "zhao",
)
_NUMBERS = st.builds(
    lambda day, serial: (body := f"429006{day:%Y%m%d}{serial:03d}") + check_digit(body),
    st.dates(
        min_value=__import__("datetime").date(1930, 1, 1), max_value=__import__("datetime").date(2020, 1, 1)
    ),
    st.integers(1, 999),
)
_PERSONAL = st.one_of(
    st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=4),
    st.lists(st.sampled_from(_SYLLABLES), min_size=2, max_size=3, unique=True).map(
        lambda name: " ".join(name).title()
    ),
    st.lists(st.sampled_from(_SYLLABLES), min_size=2, max_size=3, unique=True).map("".join),
    _NUMBERS,
    st.integers(13_000_000_000, 19_999_999_999).map(str),
    st.integers(13_000_000_000, 19_999_999_999).map(lambda n: f"{str(n)[:3]}-{str(n)[3:7]}-{str(n)[7:]}"),
    st.emails(),
)


@settings(max_examples=150, deadline=None)
@given(_PERSONAL, st.sampled_from(FREE), st.sampled_from(["", "serial ", "D103, ", "https://"]))
def test_nothing_personal_gets_from_a_free_place_into_a_bundle(personal: str, fact: str, before: str) -> None:
    writer = LogWriter(of_program(), "TM-9")
    assert not writer.may((fact, before + personal))
    assert not writer.may((fact, personal + ", D103"))
    assert of_program().kept(before + personal) is None
    assert of_program().kept(f"{personal} matters, 3 complete, shipped") is None


@settings(max_examples=60, deadline=None)
@given(_NUMBERS, st.sampled_from(["utf-8", "utf-16-le", "utf-16-be"]))
def test_the_second_look_finds_a_number_however_it_is_written(number: str, encoding: str) -> None:
    for text in (number, f'{{"a": "{number}"}}', f"x={number}&", "".join(f"\\u{ord(c):04x}" for c in number)):
        assert ("m", "number") in found_in({"m": text.encode(encoding) if encoding == "utf-8" else
                                            ("\n" + number + "\n").encode(encoding)})  # fmt: skip
    wrong = number[:17] + ("1" if number[17] != "1" else "2")
    assert found_in({"m": wrong.encode()}) == []


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"call 13800138000 now", "telephone"), (b"call +86 138 0013 8000", "telephone"),
        ("１３８００１３８０００".encode(), "telephone"), (b"0728-5222222", "telephone"), (b"MTM4MDAxMzgwMDA=MTM4", ""),
        (b'"bm90ZTogMTM4MDAxMzgwMDAgLg=="', "telephone"), (b"x\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff\xe0", "jpeg"),
        (b"%PDF-1.7", "pdf"), (b"age-encryption.org/v1", "age"), (b"-----BEGIN PRIVATE KEY-----", "key"),
        ("王小明".encode("gb18030"), "secret"), (b"\\u738b\\u5c0f\\u660e", "secret"),
        (b"0191b2c4-1380-0138-0001-138001380001 1763791234567890 138.00138000", ""),
    ],
)  # fmt: skip
def test_the_second_look(content: bytes, kind: str) -> None:
    assert [found for _, found in found_in({"m": content}, ["王小明"])] == ([kind] if kind else [])


def test_a_hole_in_the_allow_list_keeps_the_bundle_here(
    tmp_path: Path, config: TerminalConfig, verb: Any
) -> None:
    with pytest.raises(NotClean) as found:
        _gatherer(config, tmp_path).bundle(known=("TM-9",))
    assert ("manifest.json", "secret") in found.value.found
    assert NAME not in str(found.value)


def test_a_check_is_told_by_what_the_program_can_say(tmp_path: Path, config: TerminalConfig) -> None:
    gatherer = _gatherer(config, tmp_path)
    told = gatherer.check(Check("id_card", False, "D101", "", f"device of {NAME}"))
    assert told == {"name": "id_card", "ok": False, "code": "D101", "hint": "", "value": "(withheld)"}
    assert gatherer.check(Check("outbox", True, "", "", "waiting 3, stuck 0, link up"))["value"].endswith(
        "link up"
    )


def _poisoned(value: Any, poison: str) -> Any:
    """The same configuration with `poison` wherever a text of its own is possible."""
    if isinstance(value, dict):
        return {name: _poisoned(each, poison) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_poisoned(each, poison) for each in value]
    return poison if isinstance(value, str) else value


def test_no_text_of_the_configuration_is_told_unless_it_is_on_the_list(config: TerminalConfig) -> None:
    site = config.site.model_copy(update=_poisoned(config.site.model_dump(), NAME))
    spoiled = config.model_copy(update={"site": site})
    url = f"http://{NAME}:secret@{PHONE}.example/{NUMBER}"
    spoiled = spoiled.model_copy(
        update={"platform": config.platform.model_copy(update={"url": url, "pins": (NAME,)})}
    )
    told = json.dumps(settings_part.told(spoiled), ensure_ascii=False)
    assert not any(each in told for each in (*PERSONAL, "secret", "example"))
    assert settings_part.address("https://u:p@10.0.0.4:8443/x?token=1") == {
        "scheme": "https", "host": "private", "port": 8443,
    }  # fmt: skip
    secret = config.model_copy(
        update={
            "platform": type(config.platform).model_validate(
                {**config.platform.model_dump(), "token": "tok-1"}
            )
        }
    )
    assert "tok-1" not in json.dumps(settings_part.told(secret))


def test_every_text_that_is_told_is_one_of_the_schema(config: TerminalConfig) -> None:
    for place in settings_part.SAID:
        found: Any = config
        for part in place.split("."):
            found = getattr(found, part)
        assert found is not None, place


def _journal(*lines: dict[str, Any]) -> Iterator[str]:
    for number, line in enumerate(lines):
        told = {
            "__REALTIME_TIMESTAMP": str(1_763_791_234_567_890 + number),
            "UNIT": "tiantianshun-face.service",
        }
        yield json.dumps({**told, **line}, ensure_ascii=False)


def test_of_journal_and_kernel_only_what_is_known_is_told() -> None:
    said = "\n".join(
        _journal(
            {"MESSAGE": "tiantianshun-face.service: Main process exited, code=killed, status=9/KILL"},
            {"MESSAGE": f"S101 {NAME} {NUMBER}"},
            {"MESSAGE": f"something about {NAME} {PHONE}"},
            {"MESSAGE": "usb 1-1.2: New USB device found, idVendor=1a86, idProduct=7523, bcdDevice= 2.54"},
            {"MESSAGE": f"usb 1-1.2: SerialNumber: {NAME}"},
            {"MESSAGE": [1, 2]},
        )
    )
    told = machine_part.journal(lambda _: said + "\nno json", of_program())
    assert [line["said"] for line in told["lines"]] == ["exited", "code"]
    assert told["not_told"] == 4
    kernel = machine_part.kernel(lambda _: said)
    assert kernel["counts"] == {"usb_new": 1}
    assert (kernel["lines"][0]["vendor"], kernel["lines"][0]["port"]) == ("1a86", "1-1.2")
    assert not any(each in json.dumps([told, kernel], ensure_ascii=False) for each in PERSONAL)


def test_what_hangs_on_usb_is_told_by_numbers(tmp_path: Path) -> None:
    place = tmp_path / "sys/bus/usb/devices/1-1.2"
    place.mkdir(parents=True)
    for file, text in {
        "idVendor": "1a86",
        "idProduct": "7523",
        "serial": NAME,
        "speed": "12",
        "bDeviceClass": "ff",
    }.items():
        (place / file).write_text(text, encoding="utf-8")
    assert machine_part.usb(Tree(tmp_path)) == [
        {"port": "1-1.2", "vendor": "1a86", "product": "7523", "class": "ff", "mbit_s": "12"}
    ]
