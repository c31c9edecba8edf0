"""A technician's mistakes are told all at once, with file and line, in plain words; nothing secret is repeated."""

import json
import re
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from config.device_settings import settings_of_kind
from config.layers import Layer, environment_layer, merged
from config.load import ConfigError, check, load_config
from config.locate import key_lines
from config.sentences import shipped_sentences
from devices.catalog import DRIVERS, DriverEntry

GOOD = """\
[site]
name = "示例"

[terminal]
id = "T-1"
name = "示例"

[platform]
url = "http://127.0.0.1:8765"

[journey]
patience_s = 90.0

[devices.id_card]
driver = "sdt"
url = "/dev/serial/by-id/reader"
"""
ROOT = Path(__file__).resolve().parents[2]
SERVICES = ROOT / "devices" / "wire" / "service_settings.py"
KEY = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"  # age's own README


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "terminal.toml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def said(file: Path, old: str, new: str, profile: str | None = None) -> list[str]:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    file.write_text(text.replace(old, new), encoding="utf-8")
    return [mistake.said() for mistake in check(file, profile, {})]


def test_nothing_is_wrong(file: Path) -> None:
    assert check(file, env={}) == []


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        (
            "patience_s = 90.0",
            "patience = 90.0",
            ["terminal.toml:12: C103 不认识的项 journey.patience。是不是想写 patience_s？"],
        ),
        (
            "patience_s = 90.0",
            'patience_s = "long"',
            ["terminal.toml:12: C105 journey.patience_s 写成了 long，不行：要写数字。"],
        ),
        (
            "patience_s = 90.0",
            "patience_s = 5",
            ["terminal.toml:12: C105 journey.patience_s 写成了 5，不行：不能小于 45.0。"],
        ),
        ('id = "T-1"\n', "", ["terminal.toml:4: C104 缺少 terminal.id，请补上。"]),
        (
            'url = "http://127.0.0.1:8765"',
            'url = "127.0.0.1"',
            [
                "terminal.toml:9: C105 platform.url 写成了 127.0.0.1，不行："
                "要写成 http:// 或 https:// 开头的网址。"
            ],
        ),
        (
            'driver = "sdt"',
            'driver = "stt"',
            [
                "terminal.toml:15: C105 devices.id_card.driver 写成了 stt，不行：只能是 "
                + ", ".join(entry.name for entry in DRIVERS if entry.kind == "id_card")
                + "。"
            ],
        ),
        (
            'driver = "sdt"',
            'driver = "sdt"\nbuad = 9600',
            ["terminal.toml:16: C103 不认识的项 devices.id_card.buad。是不是想写 baud？"],
        ),
        (
            "[site]",
            "[sight]",
            [
                "terminal.toml: C104 缺少 site，请补上。",
                "terminal.toml:1: C103 不认识的项 sight。是不是想写 site？",
            ],
        ),
        (
            "[journey]",
            'token = "s3cret"\n[journey]',
            ["terminal.toml:11: C106 platform.token 是密钥，不要写在文件里。请用环境变量或凭证目录。"],
        ),
        (
            "patience_s = 90.0",
            "patience_s = 90.0\nwarning_s = 95",
            [
                "terminal.toml:11: C105 journey 写成了 {'patience_s': 90.0, 'warning_s': 95}，不行："
                "提醒时间 warning_s 要短于 patience_s（90 秒）。"
            ],
        ),
    ],
)
def test_one_line_for_each_mistake(file: Path, old: str, new: str, lines: list[str]) -> None:
    assert said(file, old, new) == lines


CAMERA = '\n[devices.document_camera]\ndriver = "opencv"\nurl = "/dev/v4l/by-id/usb-x-video-index0"\n'


@pytest.mark.parametrize(
    ("extra", "said_of_it"),
    [
        (CAMERA.replace("v4l/by-id/usb-x-video-index0", "video0"), "这个编号每插一次都会变"),
        (CAMERA.replace("index0", "index1"), "这个口没有画面"),
        (CAMERA + "still_size = [1, 1]\n", "宽和高要在 16 到 16384 像素之间"),
        (
            '\n[devices.document_scanner]\ndriver = "sane"\nurl = "usb"\n',
            "要写成 sane: 加 scanimage -L 列出的名字",
        ),
        (CAMERA.replace("opencv", "eloam_http"), "url 要写成 http://127.0.0.1:端口"),
        ('\n[hours]\nmode = "bogus"\n', "只能是 all_day, window。"),
    ],
)
def test_why_a_value_cannot_be_is_said_in_her_language(file: Path, extra: str, said_of_it: str) -> None:
    file.write_text(GOOD + extra, encoding="utf-8")
    (line,) = [mistake.said() for mistake in check(file, env={})]
    reason = line.partition("不行：")[2]
    assert reason.startswith(said_of_it)
    assert not re.search(r"[a-z]+ [a-z]+ [a-z]+", reason), "English in a Chinese sentence"


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_each_reason_of_ours_has_its_sentence(language: str) -> None:
    """A settings class that says no in its own English words would say so in a Chinese line."""
    sentences, named = shipped_sentences(language), set[str]()
    for path in (
        *ROOT.glob("config/*.py"),
        *ROOT.glob("devices/**/*.py"),
        *ROOT.glob("kiosk/catalogue/*.py"),
    ):
        text = path.read_text(encoding="utf-8")
        named |= set(re.findall(r'PydanticCustomError\(\s*"(\w+)"', text))
    named |= set(re.findall(r'return "(service_\w+)"', SERVICES.read_text(encoding="utf-8")))
    assert len(named) > 20
    assert {name for name in named if f"mistakes.reason.{name}" not in sentences} == set()


def test_all_mistakes_are_told_at_once(file: Path) -> None:
    file.write_text(GOOD.replace("90.0", "1").replace('"T-1"', '"T 1"'), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(file, env={})
    assert [mistake.line for mistake in caught.value.mistakes] == [5, 12]
    assert len(caught.value.describe_mistakes()) == 2
    assert all("C105" in line for line in caught.value.describe_mistakes("en"))


def test_no_toml(file: Path) -> None:
    (line,) = said(file, "patience_s = 90.0", "patience_s = ")
    assert line.startswith("terminal.toml:12: C102 不是正确的 TOML")


def test_no_file(tmp_path: Path) -> None:
    (mistake,) = check(tmp_path / "none.toml", env={})
    assert mistake.code == "C101"
    assert "FileNotFoundError" in mistake.said()


def test_a_secret_is_never_repeated(file: Path) -> None:
    lines = said(file, "[journey]", 'token = "s3cret"\n[journey]')
    assert "s3cret" not in "".join(lines)
    env = {"KIOSK__PLATFORM__TOKEN": '{"s3cret": 1}'}
    file.write_text(GOOD, encoding="utf-8")
    (mistake,) = check(file, env=env)
    assert "s3cret" not in mistake.said()
    assert mistake.file == "KIOSK__PLATFORM__TOKEN"


def test_a_secret_key_of_the_platform_is_refused(file: Path) -> None:
    (line,) = said(file, "[journey]", 'recipients = ["AGE-SECRET-KEY-1QQ"]\n[journey]')
    assert "私钥不能放在终端上" in line


# --- where a value comes from ---


def test_a_profile_lies_over_the_file_and_the_environment_over_both(file: Path) -> None:
    (file.parent / "profiles").mkdir()
    (file.parent / "profiles" / "try.toml").write_text(
        "[journey]\npatience_s = 200.0\ngoodbye_s = 5\n", encoding="utf-8"
    )
    plain = load_config(file, env={}).journey
    assert (plain.patience_s, plain.goodbye_s, plain.sorry_s) == (90.0, 8.0, 15.0)
    tried = load_config(file, "try", {}).journey
    assert (tried.patience_s, tried.goodbye_s) == (200.0, 5.0)
    over = load_config(file, "try", {"KIOSK__JOURNEY__PATIENCE_S": "300"}).journey
    assert (over.patience_s, over.goodbye_s) == (300.0, 5.0)


def test_a_mistake_is_told_where_it_was_made(file: Path) -> None:
    (file.parent / "profiles").mkdir()
    (file.parent / "profiles" / "try.toml").write_text("\n[journey]\npatience_s = 1\n", encoding="utf-8")
    assert [(m.file, m.line) for m in check(file, "try", {})] == [("try.toml", 3)]
    env = {"KIOSK__JOURNEY__PATIENCE_S": "2"}
    assert [(m.file, m.line) for m in check(file, "try", env)] == [("KIOSK__JOURNEY__PATIENCE_S", None)]


def test_an_unknown_profile_names_the_known_ones(file: Path) -> None:
    (mistake,) = check(file, "dsek", {})
    assert mistake.code == "C107"
    assert mistake.said().endswith("现有：desk。是不是想写 desk？")


def test_an_unknown_variable_is_a_mistake(file: Path) -> None:
    (mistake,) = check(file, env={"KIOSK__JOURNEY__PATIENCE": "2", "OTHER": "x"})
    assert (mistake.code, mistake.facts["near"]) == ("C103", "patience_s")


def test_the_environment_gives_lists_as_json(file: Path) -> None:
    env = {"KIOSK__PLATFORM__RECIPIENTS": json.dumps([KEY])}
    assert load_config(file, env=env).platform.recipients == (KEY,)
    (mistake,) = check(file, env={"KIOSK__PLATFORM__RECIPIENTS": "[age1"})
    assert mistake.code == "C105"


def test_a_device_can_be_moved_changed_and_taken_away(file: Path) -> None:
    moved = load_config(file, env={"KIOSK__DEVICES__ID_CARD__URL": "socket://127.0.0.1:1"}).devices.id_card
    assert moved is not None
    assert (moved.driver, moved.url) == ("sdt", "socket://127.0.0.1:1")
    assert load_config(file, env={"KIOSK__DEVICES__ID_CARD__DRIVER": "none"}).devices.id_card is None
    assert load_config(file, env={}).devices.evaluator is None


def test_the_token_comes_from_the_credentials_folder_unless_the_environment_has_it(
    file: Path, tmp_path: Path
) -> None:
    (tmp_path / "platform_token").write_text("from-folder\n", encoding="utf-8")
    env = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    token = load_config(file, env=env).platform.token
    assert token is not None
    assert token.get_secret_value() == "from-folder"
    assert "from-folder" not in repr(load_config(file, env=env))
    token = load_config(file, env=env | {"KIOSK__PLATFORM__TOKEN": "from-env"}).platform.token
    assert token is not None
    assert token.get_secret_value() == "from-env"


def test_a_value_under_a_value_does_not_break_the_reading() -> None:
    tree = environment_layer({"KIOSK__SITE": "x", "KIOSK__SITE__NAME": "y"}).tree
    assert tree == {"site": {"name": "y"}}


# --- drivers of one kind ---


class FirstReader(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    driver: Literal["first"] = "first"
    url: str


class SecondReader(FirstReader):
    driver: Literal["second"] = "second"  # type: ignore[assignment]
    lamp: bool = False


def entry(settings: type[BaseModel], name: str) -> DriverEntry:
    return DriverEntry("id_card", name, settings, lambda settings, clock: settings, proven_on="nothing")


def test_drivers_of_one_kind_are_told_apart_by_their_name() -> None:
    both = (entry(FirstReader, "first"), entry(SecondReader, "second"))
    adapter = TypeAdapter(settings_of_kind("id_card", both))
    assert isinstance(adapter.validate_python({"driver": "second", "url": "x", "lamp": True}), SecondReader)
    assert isinstance(adapter.validate_python({"driver": "first", "url": "x"}), FirstReader)
    assert adapter.validate_python(None) is None
    with pytest.raises(ValidationError, match="lamp"):
        adapter.validate_python({"driver": "first", "url": "x", "lamp": True})
    with pytest.raises(ValidationError, match="third"):
        adapter.validate_python({"driver": "third", "url": "x"})


def test_a_kind_without_a_driver_cannot_be_fitted() -> None:
    adapter = TypeAdapter(settings_of_kind("evaluator", ()))
    assert adapter.validate_python(None) is None
    with pytest.raises(ValidationError):
        adapter.validate_python({"driver": "first"})


# --- lines ---


def test_lines_of_every_way_to_write_a_key() -> None:
    text = "\n".join(
        [
            "# a comment = 1",
            "top = 1",
            "[a . b]",
            'c.d = """',
            "e = 2",
            '"""',
            "'f g' = 3",
            "[[h]]",
            "i = [",
            "  1,",
            "]",
        ]
    )
    assert key_lines(text) == {
        ("top",): 2,
        ("a",): 3,
        ("a", "b"): 3,
        ("a", "b", "c"): 4,
        ("a", "b", "c", "d"): 4,
        ("a", "b", "f g"): 7,
        ("h",): 8,
        ("h", "i"): 9,
    }


def test_another_driver_starts_from_nothing_and_the_same_one_does_not() -> None:
    below = Layer({"devices": {"id_card": {"driver": "sdt", "url": "x", "baud": 9600}}}, {})
    same = Layer({"devices": {"id_card": {"driver": "sdt", "url": "y"}}}, {})
    other = Layer({"devices": {"id_card": {"driver": "other", "url": "y"}}}, {})
    assert merged([below, same])["devices"]["id_card"] == {"driver": "sdt", "url": "y", "baud": 9600}
    assert merged([below, other])["devices"]["id_card"] == {"driver": "other", "url": "y"}
    assert below.tree["devices"]["id_card"]["url"] == "x"
