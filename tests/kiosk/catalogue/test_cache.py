"""A warm start reads what a cold one has checked; a cache that is stale, broken or not ours is made anew."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.catalogue.cache import load_cached
from kiosk.catalogue.codec import decoder, encode
from kiosk.catalogue.errors import CatalogueError
from kiosk.catalogue.load import Catalogue, load_catalogue
from kiosk.catalogue.model import Matter

SHIPPED = Path(__file__).parents[3] / "config" / "catalogue"
TODAY = date(2026, 11, 21)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "catalogue"))


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "catalogue.json"


def same(one: Catalogue, other: Catalogue) -> bool:
    parts = ("matters", "suggestions", "offices", "messages", "spelled")
    return all(getattr(one, part) == getattr(other, part) for part in parts)


def written(cache: Path) -> tuple[int, int]:
    about = cache.stat()
    return about.st_ino, about.st_mtime_ns


def test_warm_is_what_cold_was(folder: Path, cache: Path) -> None:
    cold = load_cached(folder, TODAY, cache, "1")
    before = written(cache)
    warm = load_cached(folder, TODAY, cache, "1")
    assert same(cold, warm) and same(warm, load_catalogue(folder, TODAY))
    assert written(cache) == before
    assert [m.code for m in warm.search("juzuzheng")] == [m.code for m in cold.search("juzuzheng")]


def test_a_changed_file_or_program_makes_it_anew(folder: Path, cache: Path) -> None:
    load_cached(folder, TODAY, cache, "1")
    topics = folder / "topics.yaml"
    topics.write_text(
        topics.read_text(encoding="utf-8").replace("申请公租房", "申请公共租赁住房"), encoding="utf-8"
    )
    assert load_cached(folder, TODAY, cache, "1").matter("C12").name == "申请公共租赁住房"
    before = written(cache)
    load_cached(folder, TODAY, cache, "2")
    assert written(cache) != before


def test_a_package_whose_day_has_come(folder: Path, cache: Path) -> None:
    late = (folder / "n02-residence-permit.yaml").read_text(encoding="utf-8")
    late = late.replace("effective_from: 2026-01-01", "effective_from: 2027-01-01").replace(
        "minutes: 10", "minutes: 7"
    )
    (folder / "n02-later.yaml").write_text(late, encoding="utf-8")
    assert load_cached(folder, TODAY, cache, "1").matter("N02").minutes == 10
    before = written(cache)
    assert load_cached(folder, date(2026, 12, 31), cache, "1").matter("N02").minutes == 10
    assert written(cache) == before
    assert load_cached(folder, date(2027, 1, 1), cache, "1").matter("N02").minutes == 7
    assert load_cached(folder, date(2025, 1, 1), cache, "1").matter("N02").minutes == 0


def test_a_mistake_is_told_in_spite_of_the_cache(folder: Path, cache: Path) -> None:
    load_cached(folder, TODAY, cache, "1")
    (folder / "n02-residence-permit.yaml").write_text("matter: N02\n", encoding="utf-8")
    with pytest.raises(CatalogueError):
        load_cached(folder, TODAY, cache, "1")


def test_nowhere_to_write_is_no_trouble(folder: Path, tmp_path: Path) -> None:
    assert load_cached(folder, TODAY, tmp_path / "no" / "folder" / "x.json", "1").matter("N02").complete
    assert not (tmp_path / "no").exists()
    (tmp_path / "x.json").mkdir()
    assert load_cached(folder, TODAY, tmp_path / "x.json", "1").matter("N02").complete
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.floats(0, 1), damage=st.binary(min_size=1, max_size=8), cut=st.booleans())
def test_a_damaged_cache_is_never_believed(at: float, damage: bytes, cut: bool, tmp_path: Path) -> None:
    cache = tmp_path / "damaged.json"
    small = tmp_path / "small"
    if not small.exists():
        small.mkdir()
        for name in ("topics.yaml", "dictionary.yaml", "synonyms.yaml", "n02-residence-permit.yaml"):
            shutil.copy(SHIPPED / name, small / name)
        load_cached(small, TODAY, tmp_path / "whole.json", "1")
    whole = (tmp_path / "whole.json").read_bytes()
    place = int(at * (len(whole) - 1))
    cache.write_bytes(whole[:place] + (b"" if cut else damage + whole[place + len(damage) :]))
    assert same(load_cached(small, TODAY, cache, "1"), load_catalogue(small, TODAY))


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"{}\n[]", b"[]\n[]", b'{"key": 1}\n', b"[" * 100_000, b"\xff\xfe\n", b'"x"\n"y"']
)
def test_a_cache_of_anything(content: bytes, folder: Path, cache: Path) -> None:
    cache.write_bytes(content)
    assert load_cached(folder, TODAY, cache, "1").matter("N02").complete


def test_values_of_another_kind_do_not_come_out() -> None:
    told = encode(load_catalogue(SHIPPED, TODAY).matter("C28"))
    assert decoder(Matter)(json.loads(json.dumps(told))) == load_catalogue(SHIPPED, TODAY).matter("C28")
    for position, part in enumerate(told):
        wrong = {"not": "this"} if not isinstance(part, dict) else 1
        with pytest.raises((ValueError, TypeError)):
            decoder(Matter)([*told[:position], wrong, *told[position + 1 :]])
    with pytest.raises(ValueError):
        decoder(Matter)(told[:-1])
