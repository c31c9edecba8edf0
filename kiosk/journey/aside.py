"""办不成事 and 预约回电: told from wherever she is, over the visit, which goes on beneath it and is found as it was.

A report is no state of the visit, as help is none (ADR 0050): three small steps of its own, wiped with the visit.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Literal

from kiosk.catalogue.checks import problem
from kiosk.catalogue.model import Check, Choice, Field
from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.journey.surroundings import CHINA, Surroundings
from kiosk.receipt_beside import Told, noted_slip
from kiosk.stage import Message, Stage
from kiosk.words import Words

SCHEMA: Final = 1  # of the sealed content, as in docs/backend-api.md
#: when she may be called; words `callback.when.<code>`
TIMES: Final = ("any", "morning", "afternoon", "evening")

Step = Literal["reasons", "contact", "sending", "noted"]


@dataclass(frozen=True, slots=True)
class About:
    """Where in the visit it was begun, and who she is if she said so."""

    step: str  #: the state's name
    matter: str = ""  #: code
    matter_name: str = ""
    name: str = field(default="", repr=False)


class Aside:
    """One report, or one wish to be called."""

    def __init__(
        self,
        kind: Literal["hardship", "callback"],
        about: About,
        *,
        stage: Stage,
        words: Words,
        surroundings: Callable[[], Surroundings],
        now: Callable[[], datetime],
        new_ticket: Callable[[], int],
        message_id: str,
    ) -> None:
        self.kind = kind
        self._about = about
        self._stage, self._words, self._surroundings, self._now = stage, words, surroundings, now
        self._new_ticket, self._message_id = new_ticket, message_id
        self.step: Step = "reasons" if kind == "hardship" else "contact"
        self._reasons: set[str] = set()
        self._typed: dict[str, str] = {}
        self._show_problems = False
        self._number = self._trouble = self._receipt_trouble = ""
        self._receipt: Literal["printing", "printed", "failed"] = "printing"
        self._asked = self._slip = 0  #: tickets

    # --- what happens ---

    def citizen(self, event: ev.CitizenEvent) -> bool:
        """What she does; False when she is through with it."""
        match self.step, event:
            case "reasons", ev.ToggleReason() if event.code in self._words.under("hardship.reasons"):
                self._reasons ^= {event.code}
            case "reasons", ev.Continue() if self._reasons:
                self.step = "contact"
            case "contact", ev.Fill():
                self._typed[event.name] = event.value
            case "contact", ev.Continue():
                self._show_problems = bool(self._problems())
                if not self._show_problems:
                    self._send()
            case "contact", ev.Back() if self.kind == "hardship":
                self.step = "reasons"
            case "noted", ev.TryAgain() if not self._number:
                self._send()
            case "noted", ev.Reprint() if self._receipt == "failed":
                self._print()
            case (("reasons" | "contact"), ev.Back()):
                return False
            case "noted", (ev.Stay() | ev.Continue()):
                return False
        return True

    def world(self, event: ev.Event) -> bool:
        """What the stage answers; False when it is not for this."""
        match event:
            case ev.MessageKept() if event.ticket == self._asked:
                self._number, self.step = event.number, "noted"
                self._typed, self._asked = {}, 0
                self._print()
            case ev.MessageFailed() if event.ticket == self._asked:
                self._trouble, self.step = event.code, "noted"
            case ev.Printed() if event.ticket == self._slip:
                self._receipt = "printed"
            case ev.PrintFailed() if event.ticket == self._slip:
                self._receipt, self._receipt_trouble = "failed", event.code
            case _:
                return False
        return True

    @property
    def kept(self) -> bool:
        """Whether it is durable."""
        return bool(self._number)

    @property
    def can_go_back(self) -> bool:
        """Whether 返回 leads somewhere."""
        return self.step in ("reasons", "contact")

    def _send(self) -> None:
        self.step, self._trouble = "sending", ""
        self._asked = self._new_ticket()
        self._stage.send(self._asked, self._message())

    def _print(self) -> None:
        self._receipt, self._receipt_trouble = "printing", ""
        told = Told(
            kind=self.kind, number=self._number, message_id=self._message_id, matter=self._about.matter_name
        )
        self._slip = self._new_ticket()
        made = noted_slip(told, self._words, self._surroundings(), self._now().astimezone(CHINA))
        self._stage.print_slip(self._slip, made)

    def _message(self) -> Message:
        typed, about = self._typed, self._about
        body: dict[str, Any] = {"matter": about.matter or None}
        called = self.kind == "callback" or typed.get("callback") == "yes"
        reached = {"phone": typed.get("phone", "")} if called else {}
        named = {"name": about.name} if called and about.name else {}
        content: Mapping[str, Any]
        if self.kind == "hardship":
            body |= {"step": about.step, "reasons": sorted(self._reasons)}
            content = {
                "schema": SCHEMA,
                **named,
                **reached,
                "callback": called,
                "text": typed.get("text", ""),
            }
        else:
            content = {"schema": SCHEMA, **named, **reached, "when": typed.get("when", TIMES[0])}
        return Message(message_id=self._message_id, kind=self.kind, body=body, content=content)

    # --- what is asked ---

    def _fields(self) -> tuple[Field, ...]:
        words = self._words
        phone = Field(name="phone", label=words("callback.phone"), check=Check.PHONE, section="", longest=11)
        if self.kind == "callback":
            times = tuple(Choice(code, words(f"callback.when.{code}")) for code in TIMES)
            when = Field(
                name="when", label=words("callback.when_head"), check=Check.CHOICE, section="", choices=times
            )
            return (phone, when)
        answers = (Choice("no", words("hardship.callback.no")), Choice("yes", words("hardship.callback.yes")))
        callback = Field(
            name="callback",
            label=words("hardship.callback_head"),
            check=Check.CHOICE,
            section="",
            choices=answers,
        )
        text = Field(
            name="text",
            label=words("hardship.text"),
            check=Check.TEXT,
            section="",
            required=False,
            longest=200,
        )
        return (text, callback, phone) if self._typed.get("callback") == "yes" else (text, callback)

    def _problems(self) -> dict[str, str]:
        today = self._now().astimezone(CHINA).date()
        found = {one.name: problem(one, self._typed.get(one.name, ""), today) for one in self._fields()}
        return {name: key for name, key in found.items() if key is not None}

    # --- what there is to see ---

    def view(self) -> views.View:
        """What covers the visit."""
        match self.step:
            case "reasons":
                return self._view_of_reasons()
            case "contact":
                return self._view_of_contact()
            case "sending":
                return views.HandingIn("sealing")
            case "noted":
                around = self._surroundings()
                return views.Noted(
                    kind=self.kind,
                    number=self._number,
                    trouble=self._trouble,
                    receipt=self._receipt,
                    receipt_trouble=self._receipt_trouble,
                    offline=not around.online,
                    phone=around.phone,
                    hotline=around.hotline if around.hotline != around.phone else "",
                    goes_back=True,
                )

    def _view_of_reasons(self) -> views.View:
        texts = self._words.under("hardship.reasons")
        reasons = tuple(views.Reason(code, text, code in self._reasons) for code, text in texts.items())
        return views.Hardship(reasons, self._about.matter_name)

    def _view_of_contact(self) -> views.View:
        problems = self._problems() if self._show_problems else {}
        entries = tuple(
            views.FormEntry(one, value, "citizen" if value else "", problems.get(one.name, ""))
            for one in self._fields()
            for value in (self._typed.get(one.name, ""),)
        )
        today = self._now().astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
        return views.Form((), entries, show_problems=bool(problems), about=self.kind, today=today)

    def chrome(self, around: views.Chrome) -> views.Chrome:
        """What surrounds it: no steps of the visit; leaving and patience are the visit's."""
        return replace(
            around,
            steps=(),
            step=-1,
            minutes_left=0,
            sample=False,
            offline=around.offline and self.step != "noted",
            can_go_back=self.can_go_back,
        )
