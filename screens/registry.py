"""Which screen draws which view: one line each. Names are strings: a screen loads when first needed."""

from importlib import import_module

from kiosk.journey import views
from screens.base import Screen

SCREENS: dict[type, str] = {
    views.Idle: "idle:IdleScreen",
    views.OutOfService: "out_of_service:OutOfServiceScreen",
    views.Home: "home:HomeScreen",
    views.Matters: "matters:MattersScreen",
    views.Notice: "notice:NoticeScreen",
    views.Readiness: "readiness:ReadinessScreen",
    views.Consent: "consent:ConsentScreen",
    views.PlaceCard: "place_card:PlaceCardScreen",
    views.ConfirmIdentity: "confirm_identity:ConfirmIdentityScreen",
    views.Unfinished: "unfinished:UnfinishedScreen",
    views.Situation: "situation:SituationScreen",
    views.EarlierCases: "earlier:EarlierScreen",
    views.Overview: "overview:OverviewScreen",
    views.PromiseText: "promise:PromiseScreen",
    views.Form: "form:FormScreen",
    views.Capture: "capture:CaptureScreen",
    views.Phone: "phone:PhoneScreen",
    views.Stick: "stick:StickScreen",
    views.CheckPage: "check_page:CheckPageScreen",
    views.Review: "review:ReviewScreen",
    views.SignView: "sign_view:SignViewScreen",
    views.HandingIn: "handing_in:HandingInScreen",
    views.NotSaved: "not_saved:NotSavedScreen",
    views.Done: "done:DoneScreen",
    views.Evaluate: "evaluate:EvaluateScreen",
    views.Goodbye: "goodbye:GoodbyeScreen",
    views.LeaveQuestion: "leave_question:LeaveQuestionScreen",
    views.StillThere: "still_there:StillThereScreen",
    views.Help: "help:HelpScreen",
    views.LookChoice: "look_choice:LookChoiceScreen",
    views.Sorry: "sorry:SorryScreen",
    views.Away: "away:AwayScreen",
    views.CleanQuestion: "clean_question:CleanQuestionScreen",
    views.Cleaning: "cleaning:CleaningScreen",
    # before and beside a case
    views.Finding: "finding:FindingScreen",
    views.Cases: "cases:CasesScreen",
    views.CaseStanding: "case_standing:CaseStandingScreen",
    views.Withdraw: "withdraw:WithdrawScreen",
    views.Noted: "noted:NotedScreen",
    views.NoticeToGo: "notice_to_go:NoticeToGoScreen",
    views.Hardship: "hardship:HardshipScreen",
    views.Tips: "tips:TipsScreen",
    # setting up
    views.SetupList: "setup_list:SetupListScreen",
    views.SetupForm: "setup_form:SetupFormScreen",
    views.SetupWork: "setup_work:SetupWorkScreen",
    views.SetupTouch: "setup_touch:SetupTouchScreen",
    # whoever looks after the terminal
    views.TendingDoor: "tending_door:TendingDoorScreen",
    views.TendingList: "tending_list:TendingListScreen",
    views.Refilling: "refilling:RefillingScreen",
    views.DeviceTest: "device_test:DeviceTestScreen",
    views.TouchTest: "touch_test:TouchTestScreen",
    views.VersionProof: "version_proof:VersionProofScreen",
    views.Handover: "handover:HandoverScreen",
    views.Bundling: "bundling:BundlingScreen",
}


def screen_class(view_type: type) -> type[Screen]:
    """The class that draws this type of view. Raises `KeyError` for a view without a screen."""
    module, name = SCREENS[view_type].split(":")
    found: type[Screen] = getattr(import_module(f"screens.{module}"), name)
    return found
