"""The fault tree, made of the sentences and hints that the program itself uses, so that it cannot say otherwise.

What is most frequent comes first. No field has been counted yet: the order is that of people who look after
self-service machines (paper, card, plugs, line), and the page says so.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kiosk.tending.fault_tree import looked_at, tree_of
from kiosk.words import Words

_ERRORS: Final = "errors."
_HINT: Final = ".hint"
_TREE: Final = "fault_tree."


@dataclass(frozen=True, slots=True)
class Group:
    """Faults of one place in the cabinet. Words `manual.group.<name>.title` and `.look`."""

    name: str
    codes: tuple[str, ...]  #: whole ones, or the beginning of some with a `*`
    trees: tuple[str, ...] = ()  #: of `fault_tree.…`, that are not called as one of `codes`


#: from the most frequent to the rarest
GROUPS: Final = (
    Group(
        "print",
        (
            *("condition.paper_out", "condition.cover_open", "condition.paper_jam", "condition.toner_out"),
            *("condition.tray_missing", "condition.feeder_empty", "condition.output_full"),
            *("condition.ticket_waits", "condition.cutter", "condition.offline", "condition.queue_stopped"),
            *("condition.overheated", "condition.unrecoverable", "M116"),
        ),
    ),
    Group(
        "card",
        (
            *("condition.card_unreadable", "condition.not_an_id_card", "condition.card_mute"),
            *("condition.card_again", "condition.wrong_card", "condition.suspect_card", "D301"),
        ),
        ("reader_sick",),
    ),
    Group(
        "plug", ("D101", "D102", "D103", "condition.out_of_service", "condition.busy", "D*", "condition.*")
    ),
    Group(
        "network",
        ("U101", "U114", "U102", "U115", "U103", "M111", "M110", "M108", "M109", "M114", "U*"),
        ("platform_slow",),
    ),
    Group("pages", ("F*", "R*"), ("camera_view", "camera_dark")),
    Group("power", ("W*", "condition.battery_low")),
    Group("clock", ("S111", "M106", "M107", "M119")),
    Group("storage", ("S101", "M101", "M102", "M103", "S*")),
    Group("machine", ("T120", "M104", "M117", "M105", "M118", "M113", "M112", "M115", "M*", "T*")),
    Group("update", ("P*",)),
    Group("config", ("C*", "K*", "*")),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What the program says of one code."""

    code: str
    citizen: str
    cause: str  #: "" where the hint names none
    mend: str


def faults(words: Words) -> Mapping[str, Fault]:
    """Every code that has a technician's hint."""
    found = {}
    for key in sorted(words.keys):
        if key.startswith(_ERRORS) and key.endswith(_HINT):
            code = key.removeprefix(_ERRORS).removesuffix(_HINT)
            cause, mend = _split(words.raw(key))
            found[code] = Fault(code, words.raw(f"{_ERRORS}{code}.citizen"), cause, mend)
    return found


def _split(hint: str) -> tuple[str, str]:
    """Cause and what to do: hints name the cause before the first colon of their first sentence."""
    first = hint.partition("。")[0]
    cause, colon, _ = first.partition("：")
    return (cause, hint[len(cause) + 1 :]) if colon else ("", hint)


def trees(words: Words) -> Mapping[str, Sequence[str]]:
    """Name of a fault → what is seen, and what to look at first, second, third."""
    names = dict.fromkeys(key.split(".")[1] for key in sorted(words.keys) if key.startswith(_TREE))
    return {name: (words(f"{_TREE}{name}.seen"), *looked_at(words, name)) for name in names}


def grouped(names: Mapping[str, object]) -> Iterator[tuple[Group, list[str]]]:
    """Each group with those of `names` that belong to it, in its order; each name once."""
    rest = sorted(names)
    exact = {code for group in GROUPS for code in group.codes if not code.endswith("*")}
    for group in GROUPS:
        mine: list[str] = []
        for code in group.codes:
            begin = code.removesuffix("*")
            fits = [
                name
                for name in rest
                if name == code or (code.endswith("*") and name.startswith(begin) and name not in exact)
            ]
            mine += fits
            rest = [name for name in rest if name not in fits]
        yield group, mine


def fault_tree_page(words: Words) -> str:
    """The page, in Markdown."""
    told, known = trees(words), faults(words)
    parts = [words("manual.fault.page").strip() + "\n"]
    for number, (group, codes) in enumerate(grouped(known), start=1):
        title, look = (words(f"manual.group.{group.name}.{part}") for part in ("title", "look"))
        parts.append(f"## {number}. {title}\n\n{look}\n")
        for code in codes:
            steps = told.get(tree_of(code))
            if steps:
                parts.append(_tree(steps, words("manual.fault.said", said=known[code].citizen, code=code)))
        parts += [_tree(told[name]) for name in group.trees if name in told]
        parts.append(_table((known[code] for code in codes), words("manual.fault.columns")))
    return "\n".join(parts)


def _tree(steps: Sequence[str], said: str = "") -> str:
    """One fault: what is seen, what the screen says, and the steps, the likeliest first."""
    seen, *does = steps
    listed = "".join(f"{at}. {step}\n" for at, step in enumerate(does, start=1))
    return f"### {seen}\n\n" + (f"{said}\n\n" if said else "") + listed


def _table(listed: Iterable[Fault], columns: str) -> str:
    rows = [
        f"| {_cell(one.citizen)} | `{one.code}` | {_cell(one.cause)} | {_cell(one.mend)} |" for one in listed
    ]
    return f"{columns}\n| --- | --- | --- | --- |\n" + "\n".join(rows) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|") or "–"
