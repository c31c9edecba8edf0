"""One round of the terminal's checks: each really looks, and says in one line what it found.

`doctor`, the technician's health page, the support bundle and the face's own care all read these lines.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kiosk.words import Words
from kiosk.workers import code_of


@dataclass(frozen=True, slots=True)
class Check:
    """One line."""

    name: str  #: lower_snake, one of its kind in a round
    ok: bool
    code: str  #: "" when ok, else one of docs/errors.md
    hint: str  #: what to do, in words; when ok, what will have to be done soon; "" when nothing
    value: str  #: what was found, with its unit


@dataclass(frozen=True, slots=True)
class Found:
    """What a look found, before it is put into words."""

    said: str  #: key of the value's sentence, below `care.`
    facts: Mapping[str, object] = field(default_factory=dict)
    code: str = ""  #: what is wrong; "" when nothing is
    soon: str = ""  #: the code whose hint tells what must be done soon


@dataclass(frozen=True, slots=True)
class Probe:
    """Something to look at. What it raises of the round's errors is what is wrong."""

    name: str
    look: Callable[[], Found | str]  #: a bare string is the value as it stands
    #: Whether it may be looked at from within the face: opens no device, asks nobody on the net, takes under a second.
    live: bool = True


class Round:
    """All probes of one terminal, looked at in turn."""

    def __init__(
        self, probes: Iterable[Probe], words: Words, errors: tuple[type[Exception], ...] = ()
    ) -> None:
        """`errors`: those that have a code; anything else that is raised is a bug, and is passed on."""
        self._probes = tuple(probes)
        self._words = words
        self._errors = errors

    @property
    def names(self) -> tuple[str, ...]:
        """What is looked at, in order."""
        return tuple(probe.name for probe in self._probes)

    def checks(self, *, live: bool = False) -> Iterator[Check]:
        """Look at everything once; `live`: only at what may be looked at beside a visit."""
        for probe in self._probes:
            if probe.live or not live:
                yield self.look(probe)

    def look(self, probe: Probe) -> Check:
        """Look at one thing."""
        try:
            found = probe.look()
        except self._errors as error:
            code = code_of(error)
            return Check(probe.name, False, code, self._words(f"errors.{code}.hint"), str(error))
        return told(probe.name, found, self._words)


def told(name: str, found: Found | str, words: Words) -> Check:
    """A finding as a line."""
    if isinstance(found, str):
        return Check(name, True, "", "", found)
    code = found.code or found.soon
    hint = words(f"errors.{code}.hint") if code else ""
    return Check(name, not found.code, found.code, hint, words(f"care.{found.said}", **found.facts))
