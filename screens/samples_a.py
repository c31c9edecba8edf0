"""Sample scenes of the screens up to the card, for gallery and golden tests. The citizen is invented."""

from dataclasses import replace
from datetime import datetime

from kiosk.catalogue.messages import CityMessage
from kiosk.catalogue.model import Check, Field
from kiosk.catalogue.nearby import nearest
from kiosk.catalogue.offices import TerminalPlace
from kiosk.journey import views
from kiosk.journey.look import USUAL
from kiosk.journey.views import Chrome, MatterCard, Scene, View
from kiosk.journey.voice import Voice
from kiosk.words import Language

PLACE = "岳口镇便民服务中心"
HOURS = "周一至周五 8:30–12:00，14:30–17:30"
PHONE = "0728-12345"
STEPS = ("notice", "identity", "situation", "form", "material", "sign", "rate")

RESIDENCE = MatterCard("N02", "居住证办理一件事", "居住证办理", "天门市公安局", True)
OTHERS = (
    MatterCard("C02", "新生儿落户", "新生儿落户", "天门市公安局", False),
    MatterCard("C08", "我要开饭店", "我要开饭店", "天门市市场监督管理局", False),
    MatterCard("C10", "申领失业保险金", "申领失业金", "天门市人社局", False),
    MatterCard("C01", "办理新购商品房不动产权证", "新房不动产证", "天门市自然资源和规划局", False),
    MatterCard("C06", "我要开药店", "我要开药店", "天门市市场监督管理局", False),
    MatterCard("C09", "新能源汽车牌照申领", "新能源车牌照", "天门市公安局", False),
    MatterCard("C07", "我要开网吧", "我要开网吧", "天门市文旅局", False),
)


def chrome(step: int = -1, *, known: bool = False, minutes: int = 0, offline: bool = False) -> Chrome:
    """The surroundings of a residence-permit visit at this step."""
    return Chrome(
        title="居住证办理",
        who="王* · 429***********0021" if known else "",
        steps=STEPS if step >= 0 else (),
        step=step,
        minutes_left=minutes,
        patience_left_s=88,
        sample=True,
        offline=offline,
        can_go_back=True,
        can_leave=True,
    )


LANGUAGES = (Language("zh-Hans", "中文"), Language("en", "English"))
#: the surroundings outside a matter
OUTSIDE = Chrome(languages=LANGUAGES)
VISITING = Chrome(patience_left_s=88, can_leave=True, languages=LANGUAGES)
LISTING = Chrome(patience_left_s=88, can_leave=True, can_go_back=True)

LEASE = views.MaterialCard(
    "02", "房屋租赁合同", "每一页都要，写有租期和双方签名的那几页", "向房东要，或到房管所备案", "file-sign", 2,
    copy=True,
)  # fmt: skip
ID_CARD = views.MaterialCard(
    "01", "居民身份证", "正反两面", "就是您的身份证", "card-account-details-outline", 2, card=True
)
PHOTO = views.MaterialCard(
    "00", "近期一寸照片", "白底，半年之内拍的", "照相馆", "account-box-outline", 1, card=True
)
DEED = views.MaterialCard(
    "03", "不动产权证书", "写有姓名的那一页", "自己家里", "home-city-outline", 1, licence=True
)
EMPLOYER = views.MaterialCard(
    "04", "单位住宿证明", "盖了公章的原件", "向单位人事要", "office-building-outline", 1, promise=True
)

NOTICE = views.Notice(
    name="居住证办理一件事",
    lead="天门市公安局",
    partners=("人社", "住建", "教育"),
    items=("流动人口居住登记", "居住证申领", "居住证签注"),
    complete=True,
    sample=True,
    what="在天门住满半年、户口在外地的人，可以办居住证。居住登记和居住证一次办好。",
    who_for="户口不在天门，在这里住满半年，有稳定住处或工作，或者在这里上学的人。",
    who_decides="天门市公安局人口与出入境管理支队",
    how_long="交件后 15 个工作日",
    fee="第一次办不收费",
    not_here=("补办丢失的居住证", "给别人代办"),
    ask="岳口镇便民服务中心，0728-12345",
    minutes=10,
)
WINDOW_ONLY = views.Notice(
    name="我要开饭店",
    lead="天门市市场监督管理局",
    partners=("城管", "环保", "税务"),
    items=(),
    complete=False,
    sample=False,
    what="",
    who_for="",
    who_decides="",
    how_long="",
    fee="",
    not_here=(),
    ask="",
    minutes=0,
)

_MORNING = datetime(2026, 11, 21, 9, 41)


#: nothing can be photographed now
NO_CAMERA = replace(RESIDENCE, blocked="photograph")


#: the window opens on Monday, and this takes somebody behind it
CLOSED = views.Window(open=False, opens=datetime(2026, 11, 23, 8, 30), days=2)
NO_STAFF = replace(RESIDENCE, blocked="staff")


#: the idle screen's pages
MESSAGE = CityMessage(
    title="带好身份证原件",
    text="身份证放上去就能读，不用抄写。替孩子或老人办，也请带上他们的证件。",
    source="自助服务区（示例）",
    icon="card-account-details-outline",
    sample=True,
)
IDLE = views.Idle(PLACE, HOURS, PHONE, True, True, can=("apply", "progress", "notice", "report"), of=4)
_PLACES = (
    TerminalPlace(
        name="竟陵街道便民服务中心",
        address="竟陵街道人民大道中段",
        hours="周一至周五 8:30–17:30",
        way="坐 1 路公交，人民大道站下",
        at=(30.6631, 113.1662),
        sample=True,
    ),
    TerminalPlace(name="小板镇便民服务中心", address="小板镇集镇北侧", at=(30.6203, 113.2370), sample=True),
    TerminalPlace(
        name="黄潭镇便民服务中心", hours="周一至周五 8:30–17:30", at=(30.6689, 113.0726), sample=True
    ),
)
OUT = views.OutOfService(
    "S102",
    _MORNING,
    PLACE,
    HOURS,
    PHONE,
    reason="store",
    hotline="12345",
    nearby=nearest(_PLACES, here=PLACE, position=(30.5347, 113.1003)),
)


def _typed(number: str, problem: str) -> views.Form:
    """Name and number, typed because no card can be read."""
    name = Field(name="name", label="姓名", check=Check.NAME, section="")
    identity = Field(name="number", label="身份证号码", check=Check.ID_NUMBER, section="", longest=18)
    asked = (
        views.FormEntry(name, "王小明", "citizen"),
        views.FormEntry(identity, number, "citizen" if number else "", problem),
    )
    return views.Form((), asked, bool(problem), by_hand=True, today=_MORNING.replace(hour=0, minute=0))


BY_HAND = _typed("", "")
BY_HAND_WRONG = _typed("42900619900307002", "form.problem.id_number")


SPOKEN = replace(USUAL, voice=Voice(on=True, volume=7))
_LOST = "还没有交件。退出以后，刚才填的、拍的都会从本机清除，下次要从头办。"


def _aloud(around: Chrome, caption: str) -> Chrome:
    return replace(around, look=SPOKEN, caption=caption)


def spoken(caption: str) -> Chrome:
    """Outside a matter, while this is being read aloud."""
    return _aloud(VISITING, caption)


def _scenes() -> tuple[tuple[str, View, Chrome], ...]:
    card, failed = chrome(1, minutes=9), chrome(1, minutes=9, offline=True)
    return (
        ("idle", IDLE, OUTSIDE),
        (
            "idle-offline",
            replace(IDLE, online=False, printer_ready=False, limits=("network", "slip")),
            replace(OUTSIDE, offline=True),
        ),
        ("idle-can", replace(IDLE, shows="can", page=1), OUTSIDE),
        ("idle-message", replace(IDLE, shows="message", message=MESSAGE, page=3), OUTSIDE),
        (
            "idle-limits",
            replace(IDLE, shows="limits", limits=("card", "camera", "slip"), printer_ready=False, page=3),
            OUTSIDE,
        ),
        ("idle-after-hours", replace(IDLE, window=CLOSED, limits=("safe",)), OUTSIDE),
        ("out-of-service", OUT, OUTSIDE),
        ("out-of-service-power", replace(OUT, code="W101", reason="power", nearby=()), OUTSIDE),
        ("out-of-service-alone", replace(OUT, code="S104", reason="keys", nearby=()), OUTSIDE),
        ("away", views.Away(54), Chrome(patience_left_s=54)),
        ("clean-question", views.CleanQuestion(60), OUTSIDE),
        ("cleaning", views.Cleaning(42, 60), OUTSIDE),
        ("home", views.Home(PLACE, _MORNING, (RESIDENCE, *OTHERS[:5]), 64), VISITING),
        (
            "home-after-hours",
            views.Home(PLACE, _MORNING, (NO_STAFF, *OTHERS[:5]), 64, window=CLOSED),
            VISITING,
        ),
        (
            "home-on-battery",
            views.Home(PLACE, _MORNING, (RESIDENCE, *OTHERS[:5]), 64),
            replace(VISITING, on_battery=True),
        ),
        (
            "home-no-camera",
            views.Home(PLACE, _MORNING, (NO_CAMERA, *OTHERS[:5]), 64, "code.unknown"),
            VISITING,
        ),
        ("matters-no-camera", views.Matters("", (NO_CAMERA, *OTHERS), 64), LISTING),
        ("matters", views.Matters("", (RESIDENCE, *OTHERS), 64), LISTING),
        ("matters-search", views.Matters("居住", (RESIDENCE,), 64), LISTING),
        ("matters-nothing", views.Matters("飞机票", (), 64), LISTING),
        ("notice", NOTICE, chrome(0, minutes=10)),
        ("notice-no-camera", replace(NOTICE, blocked="photograph"), chrome(0, minutes=10)),
        ("notice-no-staff", replace(NOTICE, blocked="staff", window=CLOSED), chrome(0, minutes=10)),
        ("notice-later", replace(NOTICE, later=True, window=CLOSED), chrome(0, minutes=10)),
        (
            "notice-window",
            WINDOW_ONLY,
            Chrome(title="我要开饭店", patience_left_s=88, can_leave=True, can_go_back=True),
        ),
        (
            "readiness",
            views.Readiness(
                (ID_CARD, PHOTO), (("租房住", (LEASE,)), ("住自己的房", (DEED,)), ("住单位宿舍", (EMPLOYER,)))
            ),
            chrome(0, minutes=10),
        ),
        ("consent", views.Consent("居住证办理", 3), card),
        ("place-card", views.PlaceCard(), card),
        ("place-card-unreadable", views.PlaceCard("condition.card_unreadable"), failed),
        ("place-card-broken", views.PlaceCard("D101"), card),
        ("place-card-by-hand", views.PlaceCard("D101", by_hand=True), card),
        ("by-hand", BY_HAND, card),
        ("by-hand-wrong", BY_HAND_WRONG, card),
        (
            "confirm-identity-typed",
            views.ConfirmIdentity("王*", "429***********0021", "resident", (), typed=True),
            chrome(1, known=True, minutes=9),
        ),
        (
            "confirm-identity",
            views.ConfirmIdentity("王*", "429***********0021", "resident", ()),
            chrome(1, known=True, minutes=8),
        ),
        (
            "confirm-identity-doubts",
            views.ConfirmIdentity("王*", "429***********0021", "resident", ("sex", "expired")),
            chrome(1, known=True, minutes=8),
        ),
        ("unfinished", views.Unfinished(datetime(2026, 11, 21, 9, 41), 2), chrome(1, known=True, minutes=7)),
        ("not-saved", views.NotSaved("S101"), chrome(5, known=True)),
        ("leave-question", views.LeaveQuestion(False), chrome(4, known=True)),
        ("leave-question-safe", views.LeaveQuestion(True), chrome(6, known=True)),
        ("leave-question-withdrawn", views.LeaveQuestion(True, about="withdrawal"), chrome(known=True)),
        ("still-there", views.StillThere(23), chrome(3, known=True)),
        ("help", views.Help(PLACE, HOURS, PHONE, "12345"), chrome(3, known=True)),
        ("look-hear", views.LookChoice(SPOKEN, "hear"), spoken("音量 7")),
        (
            "home-spoken",
            views.Home(PLACE, _MORNING, (RESIDENCE, *OTHERS[:5]), 64),
            spoken("早上好，今天想办什么事？"),
        ),
        ("place-card-spoken", views.PlaceCard(), _aloud(card, "请把身份证平放在亮灯的地方")),
        ("leave-question-spoken", views.LeaveQuestion(False), _aloud(chrome(4, known=True), _LOST)),
        ("look", views.LookChoice(USUAL), VISITING),
        ("sorry", views.Sorry("7F3A-0412"), VISITING),
    )


def scenes() -> tuple[tuple[str, Scene], ...]:
    """(name, scene) in the order of a visit."""
    return tuple(
        (name, Scene(number, view, around)) for number, (name, view, around) in enumerate(_scenes(), 1)
    )
