"""speech-dispatcher by its protocol: against literal lines, and against the real one with sound that goes nowhere."""

import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ground.clock import RealClock
from kiosk.speech import SpeechFailed
from kiosk.speech.hush import Hush
from kiosk.speech.ssip import Reply, SsipSpeaker, format_text, parse_reply
from tests.kiosk.speech.fake_dispatcher import CANCELED, ENDED, OF_ANOTHER, FakeDispatcher


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "speechd.sock"


def test_replies_as_the_protocol_writes_them() -> None:
    reply, rest = parse_reply(b"225-21\r\n225 OK MESSAGE QUEUED\r\n701-21\r\n")  # SSIP 0.2, SPEAK
    assert reply == Reply(225, ("21", "OK MESSAGE QUEUED"))
    assert parse_reply(rest) == (None, b"701-21\r\n")
    with pytest.raises(ValueError, match="SSIP"):
        parse_reply(b"hello\r\n")


def test_a_dot_that_begins_a_line_is_doubled() -> None:
    assert format_text("第一句。\n.第二句") == "第一句。\r\n..第二句\r\n.\r\n".encode()


@given(st.binary(max_size=60))
def test_whatever_comes_is_a_reply_or_none_or_an_error(data: bytes) -> None:
    try:
        reply, rest = parse_reply(data)
    except ValueError:
        return
    assert data.endswith(rest)
    assert reply is not None or rest == data


@pytest.mark.parametrize("cut", [4096, 1])
def test_a_sentence_is_said_to_its_end(path: Path, hush: Hush, cut: int) -> None:
    server = FakeDispatcher(path, OF_ANOTHER + ENDED, cut=cut)
    speaker = SsipSpeaker(RealClock(), hush, path, module="espeak-ng")
    speaker.say("请把身份证平放在亮灯的地方\n.", "zh-Hans", 6, -1)
    speaker.close()
    server.close()
    assert server.heard == [
        "SET self CLIENT_NAME kiosk:tiantianshun:screens",
        "SET self NOTIFICATION END on",
        "SET self NOTIFICATION CANCEL on",
        "SET self SSML_MODE off",
        "SET self PRIORITY message",
        "SET self OUTPUT_MODULE espeak-ng",
        "CANCEL self",
        "SET self LANGUAGE cmn-latn-pinyin",
        "SET self VOLUME 20",
        "SET self RATE -25",
        "SPEAK",
        "请把身份证平放在亮灯的地方",
        "..",
        ".",
    ]


def test_pressed_it_is_silent_at_once(path: Path, hush: Hush) -> None:
    server = FakeDispatcher(path, b"", {"CANCEL self": b"213 OK CANCELED\r\n" + CANCELED})
    speaker = SsipSpeaker(RealClock(), hush, path)
    saying = threading.Thread(target=speaker.say, args=("很长的一句话", "zh-Hans", 6, 0, False))
    saying.start()
    assert server.speaking.wait(5)
    speaker.stop()
    saying.join(2)
    assert not saying.is_alive()
    assert server.heard[-1] == "CANCEL self"
    speaker.close()
    server.close()


@pytest.mark.parametrize(
    "answers",
    [
        {"SPEAK": b"300 ERR NO CLIENT\r\n"},
        {"SPEAK": b"garbage\r\n"},
        {".": b""},
    ],
)
def test_a_server_that_says_no_or_nothing_is_an_error_and_is_asked_afresh(
    path: Path, hush: Hush, answers: dict[str, bytes]
) -> None:
    server = FakeDispatcher(path, b"", answers)
    speaker = SsipSpeaker(RealClock(), hush, path)
    for _ in range(2 if answers.get("SPEAK") else 1):
        with pytest.raises(SpeechFailed) as failed:
            speaker.say("一", "zh-Hans", 6, 0)
        assert failed.value.code == "T109"
        assert "一" not in str(failed.value)
    server.close()


def test_where_none_listens_it_fails_at_once(path: Path, hush: Hush) -> None:
    speaker = SsipSpeaker(RealClock(), hush, path)
    with pytest.raises(SpeechFailed, match="T109"):
        speaker.check()
    speaker.close()


_CONFIG = """
LogLevel 3
LogDir "{folder}"
SymbolsPreproc "none"
AddModule "espeak-ng" "sd_espeak-ng" "espeak-ng.conf"
DefaultModule espeak-ng
AudioOutputMethod "libao"
"""


@pytest.fixture
def dispatcher(tmp_path: Path) -> Iterator[Path]:
    """The real one, with its espeak-ng module and libao's null device."""
    program = shutil.which("speech-dispatcher")
    assert program, "speech-dispatcher is in deploy/apt-packages.txt"
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "espeak-ng.conf").write_text("", encoding="utf-8")
    (tmp_path / "speechd.conf").write_text(_CONFIG.format(folder=tmp_path), encoding="utf-8")
    (tmp_path / ".libao").write_text("default_driver=null\n", encoding="utf-8")
    listens = tmp_path / "s"
    command = [program, "-s", "-t", "0", "-c", "unix_socket", "-S", str(listens)]
    command += ["-P", str(tmp_path / "pid"), "-C", str(tmp_path)]
    with subprocess.Popen(
        command,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        clock = RealClock()
        ends = clock.after(30.0)
        while not listens.exists() and not clock.due(ends):
            clock.wait(0.1)
        yield listens
        server.terminate()


def test_the_real_one_says_it_and_keeps_nothing(dispatcher: Path, tmp_path: Path, hush: Hush) -> None:
    speaker = SsipSpeaker(RealClock(), hush, dispatcher)
    speaker.check()
    speaker.say("请把身份证平放在亮灯的地方。王小明", "zh-Hans", 6, 0)
    speaker.say("Lay your card down.", "en", 3, 2)
    speaker.close()
    logs = [path for path in tmp_path.glob("*.log") if path.is_file()]
    assert logs
    assert all("王小明" not in path.read_text(encoding="utf-8", errors="replace") for path in logs)
