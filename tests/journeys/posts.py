"""What the screen of each view can post, as events with their facts. `test_posts` holds it against screens/."""

from collections.abc import Callable, Iterator
from typing import Any

from devices.evaluator import Level
from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.journey.look import Look, TextSize, Theme
from kiosk.setup import events as su
from kiosk.tending import events as te
from tests.journeys.walked_world import STROKES

#: view → what its own widgets post; what the frame of a step posts (back, leave, help) is not repeated here
OWN: dict[type, tuple[type, ...]] = {
    views.Idle: (ev.AskClean, ev.ChooseLanguage, ev.Start),
    views.OutOfService: (ev.AskClean, ev.ChooseLanguage),
    views.CleanQuestion: (ev.Clean, ev.Stay),
    views.Cleaning: (),
    views.Away: (ev.Stay,),
    views.Home: (ev.ChooseLanguage, ev.ChooseMatter, ev.FindCases, ev.Report, ev.Search, ev.ShowAll),
    views.Matters: (ev.ChooseMatter, ev.Search),
    views.Notice: (ev.Continue, ev.FindCases, ev.Report, ev.TakeHome),
    views.Readiness: (ev.Continue, ev.Tick),
    views.Consent: (ev.Continue,),
    views.PlaceCard: (ev.EnterByHand, ev.TryAgain),
    views.ConfirmIdentity: (ev.Back, ev.Continue),
    views.Unfinished: (ev.Continue, ev.StartOver),
    views.Situation: (ev.Answer, ev.Continue),
    views.EarlierCases: (ev.Continue, ev.Refuse),
    views.Overview: (ev.ChooseProof, ev.Continue),
    views.PromiseText: (ev.Continue, ev.RatherPaper, ev.TickPromise),
    views.Form: (ev.AllRight, ev.Continue, ev.Fill, ev.Reveal),
    views.Capture: (
        ev.Continue,
        ev.DeletePage,
        ev.Scan,
        ev.TakePicture,
        ev.TryAgain,
        ev.UsePhone,
        ev.UseStick,
    ),
    views.Phone: (ev.Continue, ev.TryAgain),
    views.Stick: (ev.ChooseFile, ev.Continue),
    views.CheckPage: (ev.Continue, ev.Retake),
    views.Review: (ev.Continue, ev.GoTo, ev.Reveal),
    views.SignView: (ev.Sign,),
    views.HandingIn: (),
    views.NotSaved: (ev.AskLeave, ev.TryAgain),
    views.Done: (ev.Continue, ev.Reprint, ev.ShowTips, ev.Skip),
    views.Tips: (ev.Continue, ev.Skip),
    views.Evaluate: (ev.Continue, ev.Rate, ev.Report, ev.Skip, ev.ToggleIndicator, ev.ToggleReason),
    views.Goodbye: (ev.Continue,),
    views.LeaveQuestion: (ev.Leave, ev.SaveDraft, ev.Stay),
    views.StillThere: (ev.Leave, ev.Stay),
    views.Help: (ev.Report, ev.Stay),
    views.Finding: (ev.LayCard, ev.TypeNumber),
    views.Cases: (ev.ChooseCase, ev.TryAgain),
    views.CaseStanding: (ev.AskWithdraw, ev.Mend),
    views.Withdraw: (ev.Continue,),
    views.Noted: (ev.Continue, ev.Reprint, ev.Stay, ev.TryAgain),
    views.NoticeToGo: (ev.PrintNotice,),
    views.Hardship: (ev.Continue, ev.ToggleReason),
    views.LookChoice: (ev.ChangeLook, ev.ChooseLanguage, ev.Stay),
    views.Sorry: (ev.Continue,),
    views.SetupList: (su.ChooseStep, ev.Continue),
    views.SetupForm: (ev.Continue, ev.Scan, ev.Skip),
    views.SetupWork: (ev.Continue, su.Saw, ev.Skip, ev.TryAgain),
    views.SetupTouch: (ev.Back, su.Pointed, ev.Skip),
    views.TendingDoor: (te.Digit, te.Quit),
    views.TendingList: (te.Choose, te.Proceed),
    views.Refilling: (te.Judge, te.Proceed),
    views.DeviceTest: (te.Judge, te.Proceed),
    views.TouchTest: (te.Dot, te.Judge),
    views.VersionProof: (),
    views.Handover: (),
    views.Bundling: (te.Choose, te.Proceed),
}
#: no step: nothing of the frame is on them
WHOLE_WINDOW = (
    views.Idle, views.OutOfService, views.Home, views.Goodbye, views.LeaveQuestion, views.StillThere,
    views.Help, views.Sorry, views.CleanQuestion, views.Cleaning, views.Away, views.NotSaved, views.LookChoice,
    views.TendingDoor, views.TendingList, views.Refilling, views.DeviceTest, views.TouchTest, views.VersionProof,
    views.Handover, views.Bundling, views.SetupForm, views.SetupTouch,
)  # fmt: skip
TYPED = ("", "居住", "zz没有", "19900000001", "2026-03-01", "天门市岳口镇示例路2号", "work", "\x00")


def postable(scene: views.Scene) -> list[ev.CitizenEvent]:
    """Everything that the screen of `scene` can post now, each fact at least once."""
    view, chrome = scene.view, scene.chrome
    events: list[ev.CitizenEvent] = [ev.Touched()]
    if chrome.can_speak and not isinstance(view, views.Cleaning):
        events.append(ev.SayAgain())
    for kind in OWN[type(view)]:
        events += _FACTS[kind](view) if kind in _FACTS else [kind()]
    if not isinstance(view, WHOLE_WINDOW):
        events += [ev.AskHelp(), ev.AskLook()]
        events += [ev.Back()] if chrome.can_go_back else []
    if chrome.can_leave and (isinstance(view, views.Home) or not isinstance(view, WHOLE_WINDOW)):
        events.append(ev.AskLeave())
    return [event for event in events if _offered(event, view)]


def _offered(event: ev.CitizenEvent, view: Any) -> bool:
    """Whether the button is there and can be touched."""
    match view, event:
        case views.Notice(), ev.Continue():
            return bool(view.complete) and not view.blocked
        case views.Notice(), ev.FindCases() | ev.Report():
            return not view.complete or bool(view.blocked)
        case ((views.Done() | views.Noted()), ev.Reprint()):
            return view.receipt == "failed"
        case views.Done(), ev.ShowTips():
            return view.tips
        case views.Noted(), ev.TryAgain():
            return not view.number
        case views.Noted(), ev.Continue():
            return bool(view.number) and not view.goes_back
        case views.Noted(), ev.Stay():
            return view.goes_back
        case views.Cases(), ev.TryAgain():
            return view.state == "failed"
        case views.CaseStanding(), ev.Mend():
            return view.asked_again is not None and view.mendable
        case views.CaseStanding(), ev.AskWithdraw():
            return view.can_withdraw
        case views.NoticeToGo(), ev.PrintNotice():
            return bool(view.paper) and view.printing != "printing"
        case views.Hardship(), ev.Continue():
            return any(reason.chosen for reason in view.reasons)
        case views.Evaluate(), ev.Report():
            return view.offer_report
        case views.EarlierCases(), ev.Continue():
            return not view.asking
        case views.PromiseText(), ev.Continue():
            return view.ticked
        case views.Form(), ev.AllRight():
            return view.proposed > 0
        case views.LeaveQuestion(), ev.SaveDraft():
            return view.can_save
        case views.PlaceCard(), ev.EnterByHand():
            return view.by_hand
        case views.Capture(), ev.Scan():
            return view.scanner and not view.taking and len(view.taken) < view.max_pages
        case views.Capture(), ev.UsePhone():
            return view.phone and not view.taking and len(view.taken) < view.max_pages
        case views.Capture(), ev.UseStick():
            return view.stick and not view.taking and len(view.taken) < view.max_pages
        case views.Phone() | views.Stick(), ev.Continue():
            return view.enough
        case views.Phone(), ev.TryAgain():
            return view.state == "over"
        case views.Situation(), ev.Continue():
            return bool(view.chosen)
        case views.Capture(), ev.Continue():
            return view.enough and not view.taking
        case views.Capture(), ev.TakePicture():
            return not view.taking and len(view.taken) < view.max_pages
        case views.Capture() | views.PlaceCard(), ev.TryAgain():
            return bool(view.trouble)
        case views.Evaluate(), ev.Continue():
            return view.level is not None
    return True


def _values(view: views.Form) -> Iterator[ev.Fill]:
    for entry in view.asked:
        for value in (*TYPED, *(choice.value for choice in entry.field.choices)):
            yield ev.Fill(entry.field.name, value)


_FACTS: dict[type, Callable[[Any], list[Any]]] = {
    ev.ChangeLook: lambda view: [
        ev.ChangeLook(Look(text=text, theme=theme, low_reach=low, unhurried=low))
        for text, theme, low in zip(TextSize, Theme, (False, True, False, True), strict=True)
    ],
    ev.ChooseLanguage: lambda view: [ev.ChooseLanguage("en"), ev.ChooseLanguage("zh-Hans")],
    ev.ChooseMatter: lambda view: [
        ev.ChooseMatter(card.code) for card in getattr(view, "popular", ()) or getattr(view, "cards", ())
    ],
    ev.Search: lambda view: [ev.Search(text) for text in TYPED[:3]],
    ev.Tick: lambda view: [
        ev.Tick(card.slot) for card in (*view.always, *(card for _, cards in view.depends for card in cards))
    ],
    ev.Answer: lambda view: [ev.Answer(view.question.name, c.value) for c in view.question.choices],
    ev.Fill: lambda view: list(_values(view)),
    ev.ChooseProof: lambda view: [
        ev.ChooseProof(choice.slot, way) for choice in view.choices for way in choice.ways
    ],
    ev.DeletePage: lambda view: [
        ev.DeletePage(view.material.slot, index) for index in range(len(view.taken))
    ],
    ev.ChooseFile: lambda view: [ev.ChooseFile(card.number) for card in view.files],
    ev.GoTo: lambda view: [
        ev.GoTo("situation"),
        ev.GoTo("form"),
        *(ev.GoTo(f"material:{material.slot}") for material in view.materials),
    ],
    ev.Sign: lambda view: [ev.Sign(STROKES), ev.Sign((((0.5, 0.5),),)), ev.Sign((), "cannot_write")],
    ev.Reveal: lambda view: [
        ev.Reveal(part)
        for part in ("review", *(f"field.{one.field.name}" for one in getattr(view, "known", ())))
    ],
    ev.Rate: lambda view: [ev.Rate(None), *(ev.Rate(level) for level in Level)],
    ev.ChooseCase: lambda view: [ev.ChooseCase(card.case_id) for card in view.cases],
    ev.Report: lambda view: [ev.Report("hardship"), ev.Report("callback")],
    ev.ToggleIndicator: lambda view: [ev.ToggleIndicator(one.code) for one in view.indicators],
    ev.ToggleReason: lambda view: [ev.ToggleReason(reason.code) for reason in view.reasons],
}
