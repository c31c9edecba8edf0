"""What a screen says: of each kind of view, by the function beside its name. Pure: the same scene says the same."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from kiosk.journey import views
from kiosk.journey.views import Scene
from kiosk.speech import tell_beside, tell_case, tell_choosing, tell_papers, tell_setup, tell_tending
from kiosk.speech.telling import Teller, Utterance
from kiosk.words import Words

#: kind of view → what it says. Add yours: one line
TELLERS: Final[Mapping[type, Callable[[Teller, Any], None]]] = {
    views.Idle: tell_choosing.idle,
    views.OutOfService: tell_choosing.out_of_service,
    views.CleanQuestion: tell_choosing.clean_question,
    views.Cleaning: tell_choosing.cleaning,
    views.Home: tell_choosing.home,
    views.Matters: tell_choosing.matters,
    views.Notice: tell_choosing.notice,
    views.Readiness: tell_choosing.readiness,
    views.Consent: tell_choosing.consent,
    views.PlaceCard: tell_choosing.place_card,
    views.ConfirmIdentity: tell_choosing.confirm_identity,
    views.Unfinished: tell_choosing.unfinished,
    views.LeaveQuestion: tell_choosing.leave_question,
    views.StillThere: tell_choosing.still_there,
    views.Away: tell_choosing.away,
    views.Help: tell_choosing.help_,
    views.LookChoice: tell_choosing.look_choice,
    views.Sorry: tell_choosing.sorry,
    views.Situation: tell_case.situation,
    views.EarlierCases: tell_case.earlier_cases,
    views.Overview: tell_case.overview,
    views.PromiseText: tell_case.promise,
    views.Form: tell_case.form,
    views.Review: tell_case.review,
    views.SignView: tell_case.sign,
    views.HandingIn: tell_case.handing_in,
    views.NotSaved: tell_case.not_saved,
    views.Done: tell_case.done,
    views.Evaluate: tell_case.evaluate,
    views.Goodbye: tell_case.goodbye,
    views.Tips: tell_case.tips,
    views.Capture: tell_papers.capture,
    views.Phone: tell_papers.phone,
    views.Stick: tell_papers.stick,
    views.CheckPage: tell_papers.check_page,
    views.Finding: tell_beside.finding,
    views.Cases: tell_beside.cases,
    views.CaseStanding: tell_beside.case_standing,
    views.Withdraw: tell_beside.withdraw,
    views.Noted: tell_beside.noted,
    views.NoticeToGo: tell_beside.notice_to_go,
    views.Hardship: tell_beside.hardship,
    views.SetupList: tell_setup.steps,
    views.SetupForm: tell_setup.form,
    views.SetupWork: tell_setup.work,
    views.SetupTouch: tell_setup.touch,
    views.TendingDoor: tell_tending.door,
    views.TendingList: tell_tending.page,
    views.Refilling: tell_tending.refill,
    views.DeviceTest: tell_tending.test,
    views.TouchTest: tell_tending.touch,
    views.VersionProof: tell_tending.proof,
    views.Handover: tell_tending.handover,
    views.Bundling: tell_tending.bundling,
}
#: these say themselves what the network means for them
_OF_NETWORK: Final = (views.Idle, views.Finding, views.Cases, views.Noted, views.Done, views.StillThere)


def what_to_say(scene: Scene, words: Words) -> Utterance:
    """The sentence (what to do now), then what is chosen among, in the language of `words`.

    Her own data is in it only while `scene.chrome.headphones`, and nobody helps her: then nobody else hears it.
    """
    alone = not scene.chrome.look.companion  # whoever helps her may wear the other half of the headphones
    teller = Teller(words, private=scene.chrome.headphones and alone)
    tell = TELLERS.get(type(scene.view))
    if tell is None:
        teller.tell(
            scene.chrome.title
        )  # a screen that is newer than its voice; a test looks that there is none
    else:
        tell(teller, scene.view)
    if scene.chrome.offline and not isinstance(scene.view, _OF_NETWORK):
        teller.say("voice.offline")
    return teller.utterance()
