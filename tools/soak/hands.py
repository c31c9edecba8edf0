"""What a citizen does on each screen: the views' own answers, by her plan. Decides nothing about troubles or time."""

import random
from collections.abc import Callable
from typing import Any

from devices.evaluator import Level
from kiosk.catalogue.model import Check
from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.journey.views import Scene
from tools.soak.citizens import Citizen
from tools.soak.plan import Plan

_STROKES = tuple(tuple((x / 20, y + x % 3 / 30) for x in range(2, 18)) for y in (0.2, 0.4, 0.6))
_TYPED = {
    Check.TEXT: "示例",
    Check.NAME: "李明",
    Check.DATE: "2026-03-01",
    Check.ID_NUMBER: "429006199205120029",
    Check.CREDIT_CODE: "91429006MA4ABCDE1R",
    Check.BANK_CARD: "6222021001112223334",
    Check.WHOLE_NUMBER: "12",
}
#: invented numbers that anybody's form may hold, and those of the sample sheets
SAMPLES = ("429006199205120029", "429006196805121312")
_TRIES = 4  # with one card, one sheet, one slip; then another way is looked for
_CARDS, _PAPERS = ("id-front", "id-back"), ("lodging-proof", "lease-1", "lease-2", "labour-contract", "deed")


class Hands:
    """Of one citizen in one visit."""

    def __init__(self, citizen: Citizen, plan: Plan, device: Callable[..., Any]) -> None:
        self._citizen, self._plan, self._device = citizen, plan, device
        self._dice = random.Random(plan.dice)
        self._laid: tuple[str, int] | None = None
        self._card_on = False
        self.tries: dict[str, int] = {}
        self.reported = False

    def act(self, scene: Scene) -> ev.CitizenEvent | None:
        """What she does now; None: she waits."""
        name = f"_on_{type(scene.view).__name__}"
        do = getattr(self, name, None)
        if do is None:
            return (
                ev.Back() if scene.chrome.can_go_back else ev.AskLeave() if scene.chrome.can_leave else None
            )
        return do(scene.view)  # type: ignore[no-any-return]

    def take_all(self) -> None:
        """Nothing of hers stays on the desk."""
        self._lay_card(on=False)
        self._device("document_camera", sheet="")
        self._laid = None

    def _often(self, what: str, most: int = _TRIES) -> bool:
        """Whether she has done this too often."""
        self.tries[what] = self.tries.get(what, 0) + 1
        return self.tries[what] > most

    # --- before ---

    def _on_Idle(self, view: views.Idle) -> ev.CitizenEvent:
        return ev.Start()

    def _on_Home(self, view: views.Home) -> ev.CitizenEvent:
        if self._plan.wish == "report":
            if self.reported:
                return ev.AskLeave()
            self.reported = True
            return ev.Report("hardship")
        if any(card.code == self._plan.matter for card in view.popular):
            return ev.ChooseMatter(self._plan.matter)
        return ev.ShowAll()

    def _on_Matters(self, view: views.Matters) -> ev.CitizenEvent:
        return ev.ChooseMatter(self._plan.matter)

    def _on_Notice(self, view: views.Notice) -> ev.CitizenEvent:
        if self._plan.wish == "take_home":
            return ev.AskLeave() if self._often("notice") else ev.TakeHome()
        return ev.Continue() if view.complete and not view.blocked else ev.AskLeave()

    def _on_Readiness(self, view: views.Readiness) -> ev.CitizenEvent:
        return ev.Continue()

    def _on_Consent(self, view: views.Consent) -> ev.CitizenEvent:
        return ev.Continue()

    # --- who ---

    def _on_PlaceCard(self, view: views.PlaceCard) -> ev.CitizenEvent | None:
        if view.trouble and self._card_on:
            self._lay_card(on=False)
            if view.by_hand and self._often("card"):
                return ev.EnterByHand()
            return None
        self._lay_card(on=True)
        return None

    def _lay_card(self, *, on: bool) -> None:
        if on != self._card_on:
            self._device("citizen", card_on=on)
            self._card_on = on

    def _on_ConfirmIdentity(self, view: views.ConfirmIdentity) -> ev.CitizenEvent:
        self._lay_card(on=False)
        return ev.Continue()

    def _on_Unfinished(self, view: views.Unfinished) -> ev.CitizenEvent:
        return self._dice.choice((ev.Continue(), ev.StartOver()))

    # --- what ---

    def _on_Situation(self, view: views.Situation) -> ev.CitizenEvent:
        if view.chosen and self._dice.random() < 0.5:
            return ev.Continue()
        return ev.Answer(view.question.name, self._dice.choice(view.question.choices).value)

    def _on_EarlierCases(self, view: views.EarlierCases) -> ev.CitizenEvent | None:
        if view.asking:
            return None
        return self._dice.choice((ev.Continue(), ev.Refuse()))

    def _on_Overview(self, view: views.Overview) -> ev.CitizenEvent:
        for choice in view.choices:
            if (
                len(choice.ways) > 1
                and choice.chosen == choice.ways[0]
                and not self._often(f"proof {choice.slot}")
            ):
                return ev.ChooseProof(choice.slot, choice.ways[1])
        return ev.Continue()

    def _on_PromiseText(self, view: views.PromiseText) -> ev.CitizenEvent:
        return ev.Continue() if view.ticked else ev.TickPromise()

    def _on_Form(self, view: views.Form) -> ev.CitizenEvent:
        if view.proposed:
            return ev.AllRight()
        for entry in view.asked:
            if not entry.value or entry.problem:
                value = self._value(view, entry)
                if value != entry.value and not self._often(f"field {view.number} {entry.field.name}"):
                    return ev.Fill(entry.field.name, value)
        return ev.Continue()

    def _value(self, view: views.Form, entry: views.FormEntry) -> str:
        asked = entry.field
        if asked.choices:
            return self._dice.choice(asked.choices).value if self._plan.visit % 2 else asked.choices[0].value
        if view.by_hand:
            return self._citizen.card.number if asked.check is Check.ID_NUMBER else self._citizen.card.name
        match asked.check:
            case Check.PHONE:
                return self._citizen.phone
            case Check.ADDRESS:
                return self._citizen.address
        return _TYPED[asked.check]

    # --- papers ---

    def _on_Capture(self, view: views.Capture) -> ev.CitizenEvent | None:
        if view.taking:
            return None
        if view.trouble and self._often("camera"):
            return ev.Continue() if view.enough else ev.AskLeave()
        wanted = (view.material.slot, len(view.taken))
        if view.enough and (len(view.taken) >= view.material.min_pages):
            return ev.Continue()
        if self._laid != wanted:
            self._lay_sheet(view, wanted)
            return None
        return ev.TakePicture() if view.sheet in ("steady", "taken") or view.trouble else None

    def _lay_sheet(self, view: views.Capture, wanted: tuple[str, int]) -> None:
        """No two sheets lie alike, so no two pages are: who finds one in another's case knows whose it is."""
        names = _CARDS if view.material.card else _PAPERS
        turn = self._dice.uniform(-7, 7)
        self._device("document_camera", sheet=names[wanted[1] % len(names)], angle_deg=round(turn, 3))
        self._laid = wanted

    def _on_CheckPage(self, view: views.CheckPage) -> ev.CitizenEvent:
        if view.verdicts and not self._often(f"page {view.material.slot} {view.page}", 1):
            self._laid = None
            return ev.Retake()
        return ev.Continue()

    def _on_Phone(self, view: views.Phone) -> ev.CitizenEvent:
        return ev.Back()

    def _on_Stick(self, view: views.Stick) -> ev.CitizenEvent:
        return ev.Back()

    # --- hand in ---

    def _on_Review(self, view: views.Review) -> ev.CitizenEvent:
        return ev.Continue()

    def _on_SignView(self, view: views.SignView) -> ev.CitizenEvent | None:
        return ev.Sign(_STROKES) if view.digest else None

    def _on_HandingIn(self, view: views.HandingIn) -> None:
        return None

    def _on_NotSaved(self, view: views.NotSaved) -> ev.CitizenEvent:
        return ev.AskLeave() if self._often("saving") else ev.TryAgain()

    def _on_Done(self, view: views.Done) -> ev.CitizenEvent | None:
        if view.receipt == "printing":
            return None
        if view.receipt == "failed" and not self._often("slip"):
            return ev.Reprint()
        return ev.Continue()

    def _on_Tips(self, view: views.Tips) -> ev.CitizenEvent:
        return ev.Skip()

    def _on_Evaluate(self, view: views.Evaluate) -> ev.CitizenEvent:
        if self._plan.level is None:
            return ev.Skip()
        level = Level(self._plan.level)
        return ev.Continue() if view.level is level else ev.Rate(level)

    def _on_Goodbye(self, view: views.Goodbye) -> ev.CitizenEvent | None:
        return None if view.draft == "saving" else ev.Continue()

    # --- beside ---

    def _on_Hardship(self, view: views.Hardship) -> ev.CitizenEvent:
        if any(reason.chosen for reason in view.reasons):
            return ev.Continue()
        return ev.ToggleReason(self._dice.choice(view.reasons).code)

    def _on_Noted(self, view: views.Noted) -> ev.CitizenEvent:
        if not view.number and not self._often("noting"):
            return ev.TryAgain()
        return ev.Stay() if view.goes_back else ev.Continue()

    def _on_NoticeToGo(self, view: views.NoticeToGo) -> ev.CitizenEvent | None:
        if view.printing == "printing":
            return None
        if view.printing == "printed" or not view.paper or self._often("notice print"):
            return ev.AskLeave()
        return ev.PrintNotice()

    def _on_LeaveQuestion(self, view: views.LeaveQuestion) -> ev.CitizenEvent:
        return ev.Leave()

    def _on_StillThere(self, view: views.StillThere) -> ev.CitizenEvent:
        return ev.Stay()

    def _on_Away(self, view: views.Away) -> ev.CitizenEvent:
        return ev.Stay()

    def _on_Help(self, view: views.Help) -> ev.CitizenEvent:
        return ev.Stay()

    def _on_LookChoice(self, view: views.LookChoice) -> ev.CitizenEvent:
        return ev.Stay()

    def _on_Sorry(self, view: views.Sorry) -> ev.CitizenEvent:
        return ev.Continue()

    def _on_OutOfService(self, view: views.OutOfService) -> None:
        return None
