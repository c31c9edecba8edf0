"""The shipped files load, hold every value of the schema, and say of each what it means."""

import dataclasses
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pydantic import BaseModel

from config.load import load_config, schema
from config.locate import key_lines
from config.schema import Journey, TerminalConfig
from devices.catalog import DRIVERS
from kiosk.catalogue.load import load_catalogue
from kiosk.journey.delays import Delays

CONFIG = Path(__file__).parents[2] / "config"
TERMINAL = CONFIG / "terminal.toml"
LINES = TERMINAL.read_text(encoding="utf-8").splitlines()
PROFILES = sorted(path.stem for path in (CONFIG / "profiles").glob("*.toml"))


def values(model: type[BaseModel], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The place of every value that `model` has."""
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from values(inner, (*above, name))
        else:
            yield (*above, name)


def places() -> list[tuple[str, ...]]:
    own = [place for place in values(TerminalConfig) if place[0] != "devices"]
    fitted = load_config(TERMINAL, env={}).devices
    for kind in type(fitted).model_fields:
        settings = getattr(fitted, kind)
        if settings is not None:  # what few terminals have is shown on its page in docs/devices
            own += values(type(settings), ("devices", kind))
    return own


def test_it_loads() -> None:
    config = load_config(TERMINAL, env={})
    assert config.site.hotline == "12345"
    assert config.platform.token is None


@pytest.mark.parametrize("profile", PROFILES)
def test_every_profile_loads_over_it(profile: str) -> None:
    load_config(TERMINAL, profile, env={})


def test_there_is_a_profile_for_a_look_on_a_desk() -> None:
    config = load_config(TERMINAL, "desk", env={})
    assert not config.face.fullscreen
    assert config.face.zoom == 0.5
    assert config.devices.id_card is not None


@pytest.mark.parametrize("place", places(), ids=".".join)
def test_every_value_stands_in_it_with_a_comment_in_both_languages(place: tuple[str, ...]) -> None:
    lines = key_lines(TERMINAL.read_text(encoding="utf-8"))
    if place == ("platform", "token"):  # a secret has no place in the file; the comment says where it goes
        (line,) = [line for line in LINES if line.startswith("# token")]
    elif place in lines:
        line = LINES[lines[place] - 1]
    else:  # decided by another value; shown in a comment, to be said where it differs
        (line,) = [line for line in LINES if line.startswith(f"# {place[-1]} = ")]
    comment = line.rpartition("#")[2]
    assert re.search(r"[\u4e00-\u9fff]", comment), line
    assert re.search(r"· \S*[a-zA-Z]", comment), line


def test_units_are_told() -> None:
    units = {"_s": "秒", "_px": "像素", "_days": "天", "_dots": "点", "_fps": "帧"}
    for place, number in key_lines(TERMINAL.read_text(encoding="utf-8")).items():
        for ending, unit in units.items():
            if place[-1].endswith(ending):
                assert unit in LINES[number - 1], place


def test_the_devices_of_every_terminal_are_shown_with_drivers_that_exist() -> None:
    devices = load_config(TERMINAL, env={}).devices
    names = {entry.name for entry in DRIVERS}
    fitted = [kind for kind in type(devices).model_fields if getattr(devices, kind) is not None]
    assert fitted == ["id_card", "document_camera", "receipt_printer", "evaluator"]
    assert {getattr(devices, kind).driver for kind in fitted} <= names


def test_the_journey_s_delays_are_those_of_the_journey() -> None:
    theirs = {field.name: field.default for field in dataclasses.fields(Delays)}
    ours = {name: field.default for name, field in Journey.model_fields.items()}
    assert ours == theirs


def test_the_popular_matters_exist() -> None:
    config = load_config(TERMINAL, env={})
    catalogue = load_catalogue(CONFIG / "catalogue", date(2026, 11, 21))
    popular = [catalogue.matter(code) for code in config.catalogue.popular]
    assert popular[0].complete  # what can be done here comes first; the others show their notice


def test_the_schema_knows_every_driver() -> None:
    told = schema()
    assert told["properties"].keys() == TerminalConfig.model_fields.keys()
    for entry in DRIVERS:
        assert entry.settings.__name__ in told["$defs"]
