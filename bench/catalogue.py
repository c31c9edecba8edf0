"""The catalogue against the figures of issue 6: combine 2 ms, cold start 300 ms, warm start 30 ms, a key stroke 5 ms.

Processor time, not the clock on the wall: other work on the machine is not the catalogue's. The 2,700 names that are
searched are made up here and nowhere else; none of them is in the catalogue.
"""

import dataclasses
import math
import random
import statistics
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from bench.report import Ratio
from kiosk.catalogue.assemble import assemble
from kiosk.catalogue.cache import load_cached
from kiosk.catalogue.combine import combine, fewest
from kiosk.catalogue.load import load_catalogue
from kiosk.catalogue.model import Matter
from kiosk.catalogue.reductions import reductions
from kiosk.catalogue.search import Index
from kiosk.catalogue.sources import read_sources

FOLDER = Path(__file__).parent.parent / "config" / "catalogue"
ROUNDS = 15
COMBINE_S, COLD_S, WARM_S, KEY_S = 0.002, 0.3, 0.03, 0.005  # issue 6, "Figures"
ENTRIES = 2700
_DAY = date(2026, 11, 21)
_WHAT = ("登记", "备案", "许可", "换证", "注销", "补贴", "认定", "变更", "年审", "公示")
_SIGNS = "水电气路桥房车船田林渔牧医药学校企店厂仓网邮税金险残老幼婚丧户籍"
#: what is typed, one key after the other, into names that hold much of it: Chinese, pinyin, initials, slips, nonsense
_TYPED = (
    "房屋登记补贴",
    "居往证办理",
    "我要开个饭店怎么办",
    "fangwudengjibutie",
    "fangwudnegjibutie",
    "juzuzhengbanli",
    "shuidianqidengji",
    "fwdjbt",
    "船牧渔许可",
    "qwertyuiopasdfgh",
    "aaaaaaaaaaaa",
    "ing",
)


def measure(rounds: int = ROUNDS) -> list[Ratio]:
    """All ratios of this file; some seconds."""
    matters = assemble(read_sources(FOLDER), _DAY)
    largest = max(matters, key=lambda matter: len(matter.items) if matter.complete else 0)
    combining = _cost(lambda: combine(largest, None), rounds * 20)
    counting = _cost(lambda: reductions(largest, fewest(largest, None)), rounds * 20)
    cold = _cost(_cold, rounds)
    warm, kept = _warm(rounds)
    bare = _cost(_bare, rounds)
    index = Index(_many(matters))
    typed = [word[:end] for word in _TYPED for end in range(1, len(word) + 1)]
    keys = sorted(_cost(partial(index.find, word), max(3, rounds // 3)) for word in typed)
    p95 = keys[math.ceil(0.95 * len(keys)) - 1]
    return [
        _against(f"combine {largest.code}, {len(largest.items)} items", combining, COMBINE_S),
        _against("its reductions at best", counting, COMBINE_S),
        _against("cold: read, check, assemble and index the whole catalogue", cold, COLD_S),
        _against(f"warm: the same from its cache of {kept // 1000} kB", warm, WARM_S),
        Ratio("the same against YAML alone", cold / bare, None, f"{1e3 * cold:.0f} ms / {1e3 * bare:.0f} ms"),
        _against(f"95 of 100 key strokes over {ENTRIES} entries are quicker than", p95, KEY_S),
        _against(f"the slowest of {len(keys)} key strokes", keys[-1], KEY_S),
    ]


def _against(name: str, took: float, most: float) -> Ratio:
    return Ratio(name, took / most, 1.0, f"{1e3 * took:.3f} ms / {1e3 * most:g} ms")


def _cost(do: Callable[[], object], rounds: int) -> float:
    """Median processor time of `do`, in seconds."""
    took = []
    for _ in range(rounds):
        begun = time.process_time()
        do()
        took.append(time.process_time() - begun)
    return statistics.median(took)


def _cold() -> None:
    load_catalogue(FOLDER, _DAY)


def _warm(rounds: int) -> tuple[float, int]:
    """Seconds of a start from the cache, and the cache's bytes."""
    with TemporaryDirectory() as place:
        cache = Path(place) / "catalogue.json"
        load_cached(FOLDER, _DAY, cache, "bench")
        made = cache.stat()
        took = _cost(lambda: load_cached(FOLDER, _DAY, cache, "bench"), rounds)
        if cache.stat().st_ino != made.st_ino:
            raise ValueError("the cache was not used")
        return took, made.st_size


def _bare() -> None:
    for path in FOLDER.glob("*.yaml"):
        yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def _many(matters: tuple[Matter, ...]) -> list[Matter]:
    chance = random.Random(6)
    plain = dataclasses.replace(matters[0], aliases=(), synonyms=(), items=())
    made = []
    for number in range(ENTRIES - len(matters)):
        name = "".join(chance.choices(_SIGNS, k=chance.randint(3, 8))) + chance.choice(_WHAT)
        made.append(dataclasses.replace(plain, code=f"X{number:05}", name=name, short_name=name))
    return [*matters, *made]
