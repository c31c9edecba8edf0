"""Sample scenes before and beside a case, for gallery and golden tests. The citizen and her cases are invented."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from devices.evaluator import Level
from kiosk.catalogue.model import Check, Choice, Field
from kiosk.journey import views
from kiosk.journey.views import Chrome, Scene, View
from screens.samples_b import INDICATORS, STEPS, TODAY


def _field(name: str, label: str, check: Check, **more: Any) -> Field:
    return replace(Field(name=name, label=label, check=check, section=""), **more)


_PLAIN = Chrome(patience_left_s=88, can_go_back=True, can_leave=True)
_HERS = replace(_PLAIN, who="王* · 429***********0021")
_AFTER = replace(_HERS, patience_left_s=52, can_go_back=False)
_NUMBER = "429006-20261120-000017-6"
_YESTERDAY = datetime(2026, 11, 20, 15, 20)

FINDING = views.Finding(scanner=True, camera=False, offline=False)
CASE_NUMBER = views.Form(
    (),
    (
        views.FormEntry(
            _field("number", "受理编号", Check.WHOLE_NUMBER, hint="凭条上最大的一串，横线不用写", longest=26),
            "429006202611200000176",
            "citizen",
        ),
        views.FormEntry(
            _field("check", "身份证号后 4 位", Check.ID_NUMBER, hint="最后一位是 X 也可以写", longest=4),
            "",
            "",
        ),
    ),
    show_problems=False,
    about="case_number",
    today=TODAY,
)
_DEPARTMENTS = (
    views.DepartmentLine("市公安局", ("居住登记", "居住证申领"), "correction", "请补正", TODAY),
    views.DepartmentLine(
        "市卫生健康委员会", ("流动人口登记",), "finished", "已办好", datetime(2026, 11, 21, 8, 5)
    ),
    views.DepartmentLine("市医疗保障局", ("医保参保登记",), "waiting", "等公安局办好", _YESTERDAY),
)
STANDING = views.CaseStanding(
    matter="居住证办理",
    number=_NUMBER,
    state="correction",
    received_at=_YESTERDAY,
    departments=_DEPARTMENTS,
    asked_again=views.AskedAgain(
        "市公安局", "租房合同缺第 2 页，手机号码少一位", ("手机号码",), ("房屋租赁合同",)
    ),
    mendable=True,
    can_withdraw=True,
    by_card=True,
)
GOING_ON = replace(STANDING, state="accepted", asked_again=None, departments=_DEPARTMENTS[1:], by_card=False)
CASES = views.Cases(
    "list",
    by_card=True,
    cases=(
        views.CaseCard("5e0c0f9e", "居住证办理", "correction", _YESTERDAY, _NUMBER, True),
        views.CaseCard(
            "6e0c0f9e",
            "灵活就业",
            "accepted",
            datetime(2026, 11, 3, 10, 0),
            "429006-20261103-000031-5",
            False,
        ),
        views.CaseCard(
            "7e0c0f9e",
            "医保参保缴费",
            "finished",
            datetime(2026, 9, 12, 9, 0),
            "429006-20260912-000004-2",
            False,
        ),
    ),
)
_REASONS = (
    ("not_accepted", "窗口或机器不收件"),
    ("many_trips", "跑了好几趟还没办成"),
    ("proof", "要的证明开不出来"),
    ("unclear", "说不清楚要什么"),
    ("passed_on", "几个部门推来推去"),
    ("too_long", "过了时间没回音"),
    ("cannot_operate", "机器我用不来"),
    ("other", "别的事"),
)
HARDSHIP = views.Hardship(
    tuple(views.Reason(code, text, code == "many_trips") for code, text in _REASONS), "居住证办理"
)
_PHONE = _field("phone", "手机号码", Check.PHONE, longest=11)
CONTACT = views.Form(
    (),
    (
        views.FormEntry(
            _field(
                "text",
                "想多说几句",
                Check.TEXT,
                hint="写什么事、卡在哪里",
                required=False,
                longest=200,
            ),
            "房东不在本地，开不了证明",
            "citizen",
        ),
        views.FormEntry(
            _field(
                "callback",
                "要不要给您回电话",
                Check.CHOICE,
                choices=(Choice("no", "不用"), Choice("yes", "要，姓名和电话一起送去")),
            ),
            "yes",
            "citizen",
        ),
        views.FormEntry(_PHONE, "19900000001", "citizen"),
    ),
    show_problems=False,
    about="hardship",
    today=TODAY,
)
CALLBACK = views.Form(
    (),
    (
        views.FormEntry(_PHONE, "", ""),
        views.FormEntry(
            _field(
                "when",
                "什么时候打给您方便",
                Check.CHOICE,
                choices=(
                    Choice("any", "都可以"),
                    Choice("morning", "上午"),
                    Choice("afternoon", "下午"),
                    Choice("evening", "傍晚"),
                ),
            ),
            "",
            "",
        ),
    ),
    show_problems=False,
    about="callback",
    today=TODAY,
)
POOR = tuple(
    views.Reason(code, text, code == "slow")
    for code, text in (
        ("unclear", "没说清楚要什么"),
        ("slow", "等得太久"),
        ("many_papers", "材料要得多"),
        ("hard", "操作太难"),
        ("device", "机器出毛病"),
        ("not_solved", "事情没办成"),
    )
)
RATED = replace(_AFTER, title="居住证办理", steps=STEPS, step=6, sample=True)
NOTED = views.Noted(
    "hardship", "T-000124-3", receipt="printed", phone="0728-4720110", hotline="12345", goes_back=True
)
MENDED = views.Noted(
    "correction", "T-000125-5", receipt="failed", offline=True, phone="0728-4720110", hotline="12345"
)
LOST = views.Noted("callback", "", trouble="S101", phone="0728-4720110", hotline="12345", goes_back=True)
TIPS = views.Tips(
    (
        views.Tip(
            "灵活就业一件事", "您办过居住证。在这里打零工、做小生意，可以看看参保和补贴怎么办。", True, True
        ),
        views.Tip("退休一件事", "到了能办退休的年纪前后，可以先看看要准备哪些材料。", False, True),
    )
)
TO_GO = views.NoticeToGo(
    "居住证办理“一件事”",
    "居住证办理“一件事”\n有不明白的，问这里：0728-4720110\n谁来办：市公安局\n要带什么：身份证、房屋租赁合同、房东身份证",
    online=False,
    paper="slip",
)


def _scenes() -> tuple[tuple[str, View, Chrome], ...]:
    return (
        ("finding", FINDING, _PLAIN),
        (
            "finding-offline",
            replace(FINDING, scanner=False, camera=True, offline=True),
            _PLAIN,
        ),
        ("finding-code", replace(FINDING, trouble="code.unknown"), _PLAIN),
        ("case-number", CASE_NUMBER, _PLAIN),
        ("own-card", views.PlaceCard(purpose="progress"), _PLAIN),
        ("cases", CASES, _HERS),
        ("cases-asking", views.Cases("asking", by_card=True), _HERS),
        ("cases-slow", views.Cases("asking", by_card=True, code="slow"), _HERS),
        ("cases-nothing", views.Cases("nothing", by_card=False, code="unknown"), _PLAIN),
        ("cases-offline", views.Cases("failed", by_card=True, code="offline"), _HERS),
        ("standing", STANDING, _HERS),
        ("standing-going-on", GOING_ON, _PLAIN),
        ("withdraw", views.Withdraw("居住证办理", _NUMBER, sure=False), _HERS),
        ("withdraw-sure", views.Withdraw("居住证办理", _NUMBER, sure=True), _HERS),
        ("noted-correction", MENDED, _AFTER),
        ("hardship", HARDSHIP, _HERS),
        ("hardship-contact", CONTACT, _HERS),
        ("callback", CALLBACK, _PLAIN),
        ("noted", NOTED, _AFTER),
        ("noted-printing", replace(NOTED, receipt="printing"), _AFTER),
        ("noted-lost", LOST, _AFTER),
        (
            "evaluate-poor",
            views.Evaluate(Level.DISSATISFIED, POOR, True, INDICATORS, offer_report=True),
            RATED,
        ),
        ("tips", TIPS, RATED),
        ("notice-to-go", TO_GO, _PLAIN),
        ("notice-to-go-printing", replace(TO_GO, paper="sheet", printing="printing"), _PLAIN),
        ("notice-to-go-printed", replace(TO_GO, paper="sheet", printing="printed"), _PLAIN),
    )


def scenes() -> tuple[tuple[str, Scene], ...]:
    """(name, scene)."""
    return tuple(
        (name, Scene(number, view, around)) for number, (name, view, around) in enumerate(_scenes(), 1)
    )
