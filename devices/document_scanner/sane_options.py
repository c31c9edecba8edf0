"""What a scanner offers, read from `scanimage --all-options`, and how a job is said in its own words.

Each SANE backend calls its sources and modes differently; the names below are those of the backends test, epson2,
epsonds, fujitsu, canon_dr, avision, kvs20xx, genesys, escl and of the Brother drivers. From memory except test.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from devices.document_scanner import ColourMode, PaperSource, ScanJob
from devices.errors import Condition, Refused

_LINE = re.compile(r"^ {4}(--?[A-Za-z][\w-]*)(\[=\(([^)]*)\)\])?(?: (.*))?$")
_RANGE = re.compile(r"^(-?[\d.]+)\.\.(-?[\d.]+)[a-z%]*(?:,\.\.\.)?(?: \(in steps of ([\d.]+)\))?$")
_FLAGS = ("hardware", "advanced", "read-only", "emulated")
_UNIT = re.compile(r"(?<=\d)(?:dpi|mm|bit|pel|%|us)$")

_FLATBED = ("flatbed", "document table", "platen", "normal", "fb")
_FEEDER = ("adf", "feeder", "automatic document")
_TWO_SIDED = ("duplex", "both sides", "double")
_OTHER = ("back", "rear", "card", "transparency", "negative", "slide", "film")
#: scales on which a second switch, beside the source, makes the feeder scan both sides: name -> value
_DUPLEX_SWITCHES: Mapping[str, str] = {"--adf-mode": "Duplex", "--duplex": "yes", "--ScanMode": "Duplex"}


@dataclass(frozen=True, slots=True)
class Option:
    """One option of the scanner."""

    name: str  #: with its dashes: "--resolution", "-x"
    choices: tuple[str, ...] = ()  #: what may be said; empty when it is a range or free
    low: float | None = None
    high: float | None = None
    step: float = 0.0
    now: str = ""  #: its value
    active: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """A job in the scanner's words."""

    arguments: tuple[str, ...]
    resolution_dpi: int  #: what is asked of the scanner; the nearest that it offers


def parse_options(text: str) -> dict[str, Option]:
    """The options that `scanimage -A` lists, by name; lines of explanation are left out."""
    found = (_option(line) for line in text.splitlines())
    return {option.name: option for option in found if option is not None}


def _option(line: str) -> Option | None:
    parts = _LINE.match(line)
    if parts is None:
        return None
    offered, now, active = _tail(parts[4] or "")
    if parts[2]:
        return Option(parts[1], choices=tuple(parts[3].split("|")), now=now, active=active)
    span = _RANGE.match(offered)
    if span is not None:
        low, high, step = float(span[1]), float(span[2]), float(span[3] or 0)
        return Option(parts[1], low=low, high=high, step=step, now=now, active=active)
    choices = [choice for choice in offered.split("|") if choice and not choice.startswith("<")]
    if choices:
        choices[-1] = _UNIT.sub("", choices[-1])
    return Option(parts[1], choices=tuple(choices), now=now, active=active)


def _tail(rest: str) -> tuple[str, str, bool]:
    """What is offered, the present value, and whether the option counts at the moment.

    Names may hold brackets themselves ("24bit Color[Fast]"); those follow no blank.
    """
    now, active = "", True
    while rest.endswith("]") and (" [" in rest or rest.startswith("[")):
        place = rest.rfind(" [")
        said = rest[place + 2 : -1] if place >= 0 else rest[1:-1]
        rest = rest[:place] if place >= 0 else ""
        if said == "inactive":
            active = False
        elif said not in _FLAGS:
            now = said
    return rest.strip(), now, active


def plan_for(
    options: Mapping[str, Option], job: ScanJob, sources: Mapping[PaperSource, str] | None = None
) -> Plan:
    """`job` in the words of a scanner with these options; `sources` overrules the guess at its source names.

    Raises Refused (`bad_command`) when the scanner has no such source.
    """
    resolution = _resolution(options.get("--resolution"), job.resolution_dpi)
    arguments = [
        *_source(options, job.source, sources or {}),
        *_mode(options, job.mode),
        *_depth(options.get("--depth")),
        f"--resolution={resolution}",
        *_area(options, job.area_mm),
    ]
    if "--resolution" not in options:
        arguments.remove(f"--resolution={resolution}")
    return Plan(tuple(arguments), resolution)


def sources_of(options: Mapping[str, Option]) -> list[PaperSource]:
    """The sources that a job may name."""
    offered = []
    for source in PaperSource:
        try:
            _source(options, source, {})
        except Refused:
            continue
        offered.append(source)
    return offered


def _source(
    options: Mapping[str, Option], source: PaperSource, sources: Mapping[PaperSource, str]
) -> list[str]:
    if source in sources:
        return [f"--source={sources[source]}"]
    choices = options["--source"].choices if "--source" in options else ()
    if source is PaperSource.FEEDER_DUPLEX:
        return _duplex(options, choices)
    if not choices:  # a scanner with one source has no option for it
        return []
    name = _named(choices, _FLATBED if source is PaperSource.FLATBED else _FEEDER, (*_TWO_SIDED, *_OTHER))
    if name is None:
        raise Refused(Condition.BAD_COMMAND, source=source.value)
    simplex = [] if source is PaperSource.FLATBED else _switch(options, duplex=False)
    return [f"--source={name}", *simplex]


def _duplex(options: Mapping[str, Option], choices: Sequence[str]) -> list[str]:
    name = _named(choices, _TWO_SIDED, ())
    if name is not None:
        return [f"--source={name}"]
    switch = _switch(options, duplex=True)
    if not switch:
        raise Refused(Condition.BAD_COMMAND, source=PaperSource.FEEDER_DUPLEX.value)
    feeder = _named(choices, _FEEDER, _OTHER)
    return [*([f"--source={feeder}"] if feeder else []), *switch]


def _switch(options: Mapping[str, Option], *, duplex: bool) -> list[str]:
    """The second switch of a scanner that has one; scanimage forgets nothing, but other programs may have set it."""
    for name, both in _DUPLEX_SWITCHES.items():
        choices = options[name].choices if name in options else ()
        one = "no" if both == "yes" else "Simplex"
        value = both if duplex else one
        if value in choices:
            return [f"{name}={value}"]
    return []


def _named(choices: Sequence[str], words: Sequence[str], never: Sequence[str]) -> str | None:
    """The choice that holds one of `words` and none of `never`; a front side goes before an unnamed one."""
    fitting = [
        choice
        for choice in choices
        if any(word in choice.lower() for word in words) and not any(word in choice.lower() for word in never)
    ]
    return min(fitting, key=lambda choice: ("front" not in choice.lower(), len(choice)), default=None)


def _mode(options: Mapping[str, Option], mode: ColourMode) -> list[str]:
    choices = options["--mode"].choices if "--mode" in options else ()
    words = ("color", "colour") if mode is ColourMode.COLOUR else ("gray", "grey")
    name = _named(choices, words, ("error", "diffusion", "dither"))
    return [] if name is None else [f"--mode={name}"]


def _depth(option: Option | None) -> list[str]:
    return ["--depth=8"] if option is not None and option.active and "8" in option.choices else []


def _resolution(option: Option | None, asked: int) -> int:
    """The smallest that is offered and not below `asked`, else the largest; whole dots per inch."""
    if option is None:
        return asked
    if option.low is not None and option.high is not None:
        steps = -(-(asked - option.low) // option.step) if option.step else asked - option.low
        wanted = option.low + max(0.0, steps) * (option.step or 1)
        return round(wanted if wanted <= option.high else _last(option.low, option.high, option.step))
    offered = sorted(int(choice) for choice in option.choices if choice.isdigit())
    return next((value for value in offered if value >= asked), offered[-1] if offered else asked)


def _last(low: float, high: float, step: float) -> float:
    return low + (high - low) // step * step if step else high


def _area(options: Mapping[str, Option], area_mm: tuple[float, float]) -> list[str]:
    """The sheet's corner at the origin; never larger than the scanner's glass, or than the page it was told of."""
    width, height = area_mm
    wanted = {
        "--page-width": width,
        "--page-height": height,
        "-l": 0.0,
        "-t": 0.0,
        "-x": width,
        "-y": height,
    }
    said: list[str] = []
    for name, value in wanted.items():
        option = options.get(name)
        if option is None or not option.active or option.low is None or option.high is None:
            continue
        high = max(option.high, _page_limit(options, name))
        within = f"{min(max(value, option.low), high):g}"
        said += [f"{name}={within}"] if name.startswith("--") else [name, within]
    return said


def _page_limit(options: Mapping[str, Option], name: str) -> float:
    """How far the scan area may reach once the feeder knows the page; the list tells of the page before."""
    page = options.get({"-x": "--page-width", "-y": "--page-height"}.get(name, ""))
    return 0.0 if page is None or not page.active or page.high is None else page.high
