"""What the wizard knows so far, on the disk after each step: it goes on there after a power cut. Holds no secret."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from config.locate import Place
from ground.durable import write_whole
from kiosk.setup.workshop import Found, Outcome

FILE = "state.json"
Phase = Literal["ask", "work"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """All of it. A step is done when it has an outcome."""

    begun_at: datetime
    who: str  #: a role or a system's user, never a person's name
    at: str = ""  #: the step
    phase: Phase = "ask"
    answers: Mapping[str, str] = field(default_factory=dict)
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    #: what each step wants in terminal.toml: step → dotted place → value
    changes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    found: tuple[Found, ...] = ()
    finished_at: datetime | None = None

    def with_answers(self, answers: Mapping[str, str]) -> "Held":
        """More answers."""
        return replace(self, answers={**self.answers, **answers})

    def done(self, step: str, outcome: Outcome, changes: Mapping[Place, Any]) -> "Held":
        """A step ended so."""
        wanted = {".".join(place): value for place, value in changes.items()}
        return replace(
            self, outcomes={**self.outcomes, step: outcome}, changes={**self.changes, step: wanted}
        )

    def undone(self, step: str) -> "Held":
        """As if the step had not been done; its answers are still proposed."""
        return replace(
            self,
            outcomes={key: one for key, one in self.outcomes.items() if key != step},
            changes={key: one for key, one in self.changes.items() if key != step},
            finished_at=None,
        )


class Store:
    """One folder with the state and what belongs to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load(self) -> Held | None:
        """What was kept; None when nothing was, or it is spoilt."""
        try:
            told = json.loads((self.folder / FILE).read_text(encoding="utf-8"))
            ended = told["finished_at"]
            return Held(
                **{
                    **told,
                    "begun_at": datetime.fromisoformat(told["begun_at"]),
                    "finished_at": datetime.fromisoformat(ended) if ended else None,
                    "found": tuple(Found(**one) for one in told["found"]),
                    "outcomes": {key: _outcome(one) for key, one in told["outcomes"].items()},
                }
            )
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def save(self, held: Held) -> None:
        """On the disk on return. Raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        told = asdict(held)
        told["begun_at"] = held.begun_at.isoformat()
        told["finished_at"] = held.finished_at.isoformat() if held.finished_at else None
        for key, outcome in held.outcomes.items():
            told["outcomes"][key]["at"] = outcome.at.isoformat()
        self.folder.mkdir(parents=True, exist_ok=True)
        write_whole(self.folder / FILE, json.dumps(told, ensure_ascii=False, indent=1))

    def forget(self) -> None:
        """Begin anew; what was made for the system stays."""
        (self.folder / FILE).unlink(missing_ok=True)


def _outcome(told: dict[str, Any]) -> Outcome:
    return Outcome(**{**told, "at": datetime.fromisoformat(told["at"]), "told": tuple(told["told"])})
