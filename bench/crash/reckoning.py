"""What was promised against what arrived, by the files of both sides alone: none of the code under test is asked."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import pikepdf

from bench.crash.visits import Visit, visit_of
from tools.soak.reckon import HeldCase, cases_at


@dataclass
class Promised:
    """What the citizens were shown, by the number of their visit."""

    kept: dict[int, str] = field(default_factory=dict)  #: local number (已暂存)
    accepted: dict[int, str] = field(default_factory=dict)  #: acceptance number (已受理)
    rated: dict[int, int] = field(default_factory=dict)  #: level
    pages: dict[int, set[int]] = field(default_factory=dict)  #: confirmed pages of visits without a receipt
    sorry: Counter[str] = field(
        default_factory=Counter
    )  #: how often a citizen was told what is wrong, by code

    @classmethod
    def read(cls, pockets: Path) -> "Promised":
        """From all pockets. A line that a kill cut off was not shown."""
        told = cls()
        for pocket in sorted(pockets.iterdir()):
            told.add(pocket)
        return told

    def add(self, pocket: Path) -> None:
        """The lines of one pocket."""
        for line in pocket.read_text(encoding="ascii").splitlines(keepends=True):
            if not line.endswith("\n"):
                continue
            what, number, said = line.split()
            match what:
                case "page":
                    self.pages.setdefault(int(number), set()).add(int(said))
                case "kept":
                    self.kept[int(number)] = said
                    self.pages.pop(int(number), None)
                case "rated":
                    self.rated[int(number)] = int(said)
                case "accepted":
                    self.accepted[int(number)] = said
                case _:
                    self.sorry[said] += 1


@dataclass(frozen=True)
class Held(HeldCase):
    """One case as it lies at the platform, opened."""

    @property
    def visit(self) -> int:
        """The number of the visit that it is of."""
        return int(self.manifest["form"]["visit"])


def held(platform: Path) -> Iterator[Held]:
    """Every case in the platform's folder. Nobody may be writing there."""
    for case in cases_at(platform):
        yield Held(case.number, case.parts, case.level)


@dataclass
class Reckoning:
    """The result, and what is wrong in words."""

    acknowledged: int = 0
    delivered: int = 0  #: of the acknowledged
    unthanked: int = 0  #: delivered, but the kill came before she could be told
    lost: int = 0
    doubled: int = 0
    corrupt: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether everything that was promised is true."""
        return not (self.lost or self.doubled or self.corrupt or self.faults)

    def note(self, kind: str, what: str) -> None:
        """Count one fault."""
        setattr(self, kind, getattr(self, kind) + 1)
        self.faults.append(f"{kind}: {what}")


def reckon(promised: Promised, platform: Path) -> Reckoning:
    """Compare every promise with what the platform holds, page by page."""
    result = Reckoning(acknowledged=len(promised.kept))
    seen: dict[int, Held] = {}
    local_numbers: Counter[str] = Counter()
    acceptance_numbers: Counter[str] = Counter()
    for case in held(platform):
        if case.visit in seen:
            result.note("doubled", f"visit {case.visit}")
        seen[case.visit] = case
        local_numbers[case.manifest["local_number"]] += 1
        acceptance_numbers[case.number] += 1
        for fault in _differences(case, visit_of(case.visit)):
            result.note("corrupt", f"visit {case.visit}: {fault}")
    for number, count in (*local_numbers.items(), *acceptance_numbers.items()):
        if count > 1:
            result.note("doubled", f"number {number} {count} times")
    for visit, local_number in promised.kept.items():
        _keep_promise(result, promised, visit, local_number, seen.get(visit))
    result.unthanked = len(seen.keys() - promised.kept.keys())
    return result


def _keep_promise(
    result: Reckoning, promised: Promised, visit: int, local_number: str, case: Held | None
) -> None:
    if case is None:
        result.note("lost", f"visit {visit} ({local_number})")
        return
    result.delivered += 1
    if case.manifest["local_number"] != local_number:
        result.note("corrupt", f"visit {visit}: another local number than on her receipt")
    if promised.accepted.get(visit, case.number) != case.number:
        result.note("corrupt", f"visit {visit}: another acceptance number than on her receipt")
    rated = promised.rated.get(visit)
    if rated is not None and case.level is None:
        result.note("lost", f"the rating of visit {visit}")
    elif rated is not None and case.level != rated:
        result.note("corrupt", f"the rating of visit {visit}")


def _differences(case: Held, visit: Visit) -> Iterator[str]:
    """What is not as the citizen brought it."""
    brought = dict(visit.case.parts)
    if case.parts.keys() != {"p00", *brought}:
        yield "other parts"
        return
    for part, content in brought.items():
        if _sha256(case.parts[part]) != _sha256(content):
            yield f"part {part}"
    if tuple(_pages(case.parts[each["part"]] for each in case.manifest["materials"])) != visit.page_hashes:
        yield "pages"
    told = {name: case.manifest[name] for name in visit.case.manifest if name not in _STAMPED}
    if told != {name: visit.case.manifest[name] for name in told}:
        yield "manifest"
    if case.level not in (None, visit.level):
        yield "a rating that was not given"


_STAMPED = ("local_number", "handed_in_at")  # by the outbox


def _pages(pdfs: Iterator[bytes]) -> Iterator[str]:
    for pdf in pdfs:
        with pikepdf.open(BytesIO(pdf)) as document:
            for page in document.pages:
                (image,) = page.get_images(recursive=False).values()
                yield _sha256(image.read_raw_bytes())


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
