"""What the judge says of generated defects and of good pages near them: recall of each verdict, false alarms."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import cv2

from bench.defects import Case, cases
from bench.defects.spoilt import DEFECTS
from bench.report import Ratio
from kiosk.capture.flatten import SheetSize
from kiosk.capture.judge import Seen, Verdict
from kiosk.capture.page import Page, take_page

EACH = 16  # pictures of a kind: 256 defects, 208 good pages
_RECALL, _FALSE_ALARMS = 0.95, 0.02  # issue 4
_UPSIDE_DOWN = 180  # degrees


@dataclass
class Tally:
    """What was said of the pictures of some kinds, tuned and held back apart."""

    seen: Counter[tuple[str, bool]] = field(default_factory=Counter)
    hit: Counter[tuple[str, bool]] = field(default_factory=Counter)
    said: dict[str, Counter[str]] = field(default_factory=dict)

    def count(self, one: Case, said: frozenset[str]) -> None:
        """A good page hits when nothing is said of it."""
        key = (one.kind, one.held_back)
        self.seen[key] += 1
        self.hit[key] += one.wanted in said if one.wanted else not said
        self.said.setdefault(one.kind, Counter()).update(said or ("nothing",))

    def share(self, kinds: Iterable[str], held_back: bool | None = None) -> tuple[int, int]:
        """Hits and pictures of these kinds."""
        keys = [key for key in self.seen if key[0] in kinds and held_back in (None, key[1])]
        return sum(self.hit[key] for key in keys), sum(self.seen[key] for key in keys)


def measure(rounds: int = EACH) -> list[Ratio]:
    """The figures over `rounds` pictures of each kind of defect and of good page."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        tally = Tally()
        for one in cases(rounds):
            tally.count(one, verdicts_of(one))
        return [*(_recall(tally, verdict) for verdict in _verdicts()), _false_alarms(tally)]
    finally:
        cv2.setNumThreads(threads)


def verdicts_of(one: Case) -> frozenset[str]:
    """What the kiosk says. A sheet that it turned by 180° by itself counts as noticed, too."""
    seen, size = Seen(), SheetSize(one.sheet)
    if one.before is not None:
        earlier = take_page(one.before, size, seen=seen)
        if isinstance(earlier, Page):
            seen.add(earlier.fingerprint)
    got = take_page(one.pixels, size, seen=seen)
    said = {verdict.value for verdict in got.verdicts}
    if (
        one.wanted == Verdict.UPSIDE_DOWN.value
        and isinstance(got, Page)
        and got.text_orientation == _UPSIDE_DOWN
    ):
        said.add(Verdict.UPSIDE_DOWN.value)
    return frozenset(said)


def _verdicts() -> list[str]:
    return list(dict.fromkeys(wanted for wanted, _ in DEFECTS.values()))


def _recall(tally: Tally, verdict: str) -> Ratio:
    kinds = [kind for kind, (wanted, _) in DEFECTS.items() if wanted == verdict]
    hits, count = tally.share(kinds)
    each = "; ".join(f"{kind} {_of(tally.share([kind]))}{_others(tally, kind, verdict)}" for kind in kinds)
    return Ratio(
        f"verdicts: recall wanted of {verdict} / recall",
        _RECALL / max(hits / count, 1e-3),
        limit=1.0,
        detail=f"{hits / count:.1%}, {_halves(tally, kinds)}; {each}",
    )


def _false_alarms(tally: Tally) -> Ratio:
    kinds = [kind for kind, _ in tally.seen if kind not in DEFECTS]
    hits, count = tally.share(kinds)
    wrong = {kind: tally.said[kind] for kind in dict.fromkeys(kinds) if set(tally.said[kind]) != {"nothing"}}
    each = "; ".join(f"{kind} {_told(said)}" for kind, said in wrong.items())
    return Ratio(
        "verdicts: false alarms on good pages / 2 %",
        (1 - hits / count) / _FALSE_ALARMS,
        limit=1.0,
        detail=f"{count - hits} of {count}; right: {_halves(tally, kinds)}; {each or 'none'}",
    )


def _halves(tally: Tally, kinds: Iterable[str]) -> str:
    kinds = list(kinds)
    return f"tuned {_of(tally.share(kinds, False))}, held back {_of(tally.share(kinds, True))}"


def _of(share: tuple[int, int]) -> str:
    return f"{share[0]}/{share[1]}"


def _others(tally: Tally, kind: str, verdict: str) -> str:
    """What else was said, where the wanted was not always."""
    hits, count = tally.share([kind])
    return "" if hits == count else f" (said: {_told(tally.said[kind])})"


def _told(said: Counter[str]) -> str:
    return (
        ", ".join(f"{name} {times}" for name, times in said.most_common() if name != "nothing") or "nothing"
    )
