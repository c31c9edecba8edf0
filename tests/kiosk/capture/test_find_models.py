"""The models are those that their card describes; without them sheets are still found."""

import hashlib
import re
import tomllib
from importlib import resources

import pytest

from devices.emulators.desk import Scene
from kiosk.capture.find import find_with
from kiosk.capture.find_models import identity, loaded, models, read_models
from kiosk.capture.outline import jaccard
from tests.kiosk.capture.desks import seen, truth

FOLDER = resources.files("kiosk.capture") / "models"
LIMIT = 5_000_000  # bytes of all models together, the issue's


def test_the_card_tells_the_files() -> None:
    card = tomllib.loads((FOLDER / "models.toml").read_text(encoding="utf-8"))
    files = {name: (FOLDER / name).read_bytes() for name in card["model"]}
    assert sorted(files) == ["overview.onnx", "side.onnx"]
    for name, told in card["model"].items():
        assert hashlib.sha256(files[name]).hexdigest() == told["sha256"]
        assert len(files[name]) == told["bytes"]
    assert sum(len(held) for held in files.values()) <= LIMIT


def test_identity_names_the_networks() -> None:
    assert re.fullmatch(r"networks [0-9a-f]{12} [0-9a-f]{12}", identity())


@pytest.mark.parametrize("files", [None, (b"", b""), (b"no network", b"at all")])
def test_without_models_the_classical_way_remains(files: tuple[bytes, ...] | None) -> None:
    networks = loaded(files)
    assert networks is None
    scene = Scene("lease-1", "dark", angle_deg=4)
    (sheet,) = find_with(networks, seen(scene, 640, 480))
    assert jaccard(sheet.corners, truth(scene, 640, 480)) > 0.97
    assert find_with(networks, seen(Scene("", "wood"), 640, 480)) == ()


def test_a_damaged_model_is_not_loaded() -> None:
    files = read_models()
    assert files is not None
    assert loaded((files[0][: len(files[0]) // 2], files[1])) is None


def test_models_are_loaded_once() -> None:
    assert models() is not None
    assert models() is models()
