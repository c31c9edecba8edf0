"""Sample scenes inside a case: put together, spared, promised, delivered, saved. The citizen is invented."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from kiosk.catalogue.model import Check, Choice, Field
from kiosk.journey import views
from kiosk.journey.views import Chrome, Scene, View
from screens.samples_b import DONE, REVIEW, STEPS, TODAY

_N02 = views.Overview(
    saved=(views.Saved("forms", 2, 1), views.Saved("materials", 6, 3), views.Saved("visits", 2, 1)),
    stages=(
        views.OverviewStage(
            1,
            (views.OverviewOffice("天门市公安局", (("流动人口居住登记", True), ("居住证申领", True)), None),),
        ),
    ),
    promised_days=0,
    unknown_days=2,
    points=(),
    choices=(),
    earlier="",
    found=0,
)
_GRADUATE = views.Overview(
    saved=(views.Saved("forms", 5, 1), views.Saved("materials", 12, 4), views.Saved("visits", 5, 1)),
    stages=(
        views.OverviewStage(
            1,
            (
                views.OverviewOffice(
                    "天门市人力资源和社会保障局", (("就业登记", True), ("社会保障卡申领", True)), 5
                ),
                views.OverviewOffice("天门市税务局", (("灵活就业人员参保登记", False),), 1),
            ),
        ),
        views.OverviewStage(
            2, (views.OverviewOffice("天门市人力资源和社会保障局", (("灵活就业社保补贴", True),), 10),)
        ),
    ),
    promised_days=12,
    unknown_days=0,
    points=(
        views.InPersonPoint(("居民身份证申领",), "要当面采集指纹和照片", "就近的派出所", "", "", "12345"),
        views.InPersonPoint(
            ("机动车驾驶证换领",),
            "要当面体检",
            "天门市车辆管理所",
            "天门市示例大道 1 号",
            "周一至周五 8:30–17:30",
            "",
        ),
    ),
    choices=(
        views.ProofChoice(
            "01", "毕业证书", ("paper", "licence"), "licence", "高等教育学历电子证书", "教育部门", ""
        ),
        views.ProofChoice(
            "07", "灵活就业证明", ("paper", "promise"), "promise", "", "", "灵活就业情况承诺书"
        ),
        views.ProofChoice(
            "08", "居民户口簿", ("paper", "licence"), "paper", "电子居民户口簿", "公安部门", ""
        ),
    ),
    earlier="found",
    found=6,
)
_PROMISE = views.PromiseText(
    title="灵活就业情况承诺书",
    text="我承诺：目前灵活就业，所填从业情况属实，没有同时由单位缴纳社会保险。",
    false_means="承诺不实的，撤销办理结果，由本人承担后果，并记入信用记录。",
    instead_of=("灵活就业证明",),
    ticked=False,
    number=1,
    of=1,
)


def _field(name: str, label: str, check: Check, **more: object) -> Field:
    return replace(Field(name=name, label=label, check=check, section=""), **more)  # type: ignore[arg-type]


_WAYS = _field(
    "way",
    "办理结果",
    Check.CHOICE,
    choices=(Choice("window", "到窗口领"), Choice("post", "邮寄到家"), Choice("print", "在这台机器上打印")),
)
_DELIVERY = views.Form(
    known=(),
    asked=(views.FormEntry(_WAYS, "", ""),),
    show_problems=False,
    delivery=True,
    today=TODAY,
)
_BY_POST = views.Form(
    known=(
        views.FormEntry(
            _field("name", "收件人", Check.NAME, locked=True, prefill="card.name"), "王*", "answer"
        ),
    ),
    asked=(
        views.FormEntry(_WAYS, "post", "citizen"),
        views.FormEntry(_field("phone", "收件人手机", Check.PHONE), "13800001234", "answer"),
        views.FormEntry(
            _field("address", "寄到哪里", Check.ADDRESS), "天门市竟陵街道人民大道 8 号 2 栋 301 室", "answer"
        ),
    ),
    show_problems=False,
    delivery=True,
    today=TODAY,
)
_EARLIER_AT = datetime(2026, 3, 12, 10, 5)
_MATTER = "居住证办理一件事"
_PROPOSED = views.Form(
    known=(
        views.FormEntry(_field("name", "姓名", Check.NAME, locked=True, prefill="card.name"), "王*", "card"),
    ),
    asked=tuple(
        views.FormEntry(
            _field(name, label, check, section="本人"),
            value,
            "earlier",
            "form.from.confirm",
            from_matter=_MATTER,
            revealed=True,
            from_at=_EARLIER_AT,
        )
        for name, label, check, value in (
            ("phone", "手机号码", Check.PHONE, "13800001234"),
            ("residence_address", "现在的住址", Check.ADDRESS, "天门市竟陵街道人民大道 8 号 2 栋 301 室"),
        )
    ),
    show_problems=False,
    proposed=2,
    today=TODAY,
)


def _chrome(step: int, minutes: int) -> Chrome:
    return Chrome(
        title="高校毕业生就业",
        who="王* · 429***********0021",
        steps=STEPS,
        step=step,
        minutes_left=minutes,
        patience_left_s=88,
        sample=True,
        can_go_back=step < 6,
        can_leave=True,
    )


def _material(number: int, name: str, picture: str, **more: Any) -> views.MaterialCard:
    return views.MaterialCard(
        f"{number:02d}", name, "拍清楚，四个角都要看得见", "自己带来", picture, 1, **more
    )


_THINGS = views.Readiness(
    (
        _material(1, "本人银行卡", "credit-card-outline", card=True, copy=True),
        _material(2, "居民户口簿", "book-account-outline", licence=True),
        _material(3, "毕业证书", "school-outline", licence=True),
        _material(4, "劳动合同", "briefcase-outline", copy=True),
        _material(5, "档案转递单", "file-document-outline"),
        _material(6, "排水平面图", "pipe", promise=True),
    ),
    (),
)


def _scenes() -> tuple[tuple[str, View, Chrome], ...]:
    earlier = views.EarlierCases("高校毕业生就业", ("高等教育学历电子证书", "电子居民户口簿"), False)
    replaced = replace(
        REVIEW,
        replaced=(("毕业证书", "licence"), ("灵活就业证明", "promise")),
        delivery=(("办理结果", "邮寄到家"), ("寄到哪里", "天门市竟陵街道人民大道 8 号")),
        acts_for="李*",
        materials=REVIEW.materials[:1],
    )
    sign = views.SignView(
        "高校毕业生就业一件事", 6, "9f2c41d07be6a835", ("灵活就业情况承诺书",), acts_for="李*"
    )
    saved = views.Unfinished(datetime(2026, 11, 19, 16, 20), 3, saved=True)
    return (
        ("readiness-things", _THINGS, _chrome(0, 10)),
        ("earlier", earlier, _chrome(2, 8)),
        ("earlier-asking", replace(earlier, asking=True), _chrome(2, 8)),
        ("earlier-slow", replace(earlier, asking=True, slow=True), _chrome(2, 8)),
        ("overview", _N02, _chrome(2, 8)),
        ("overview-large", _GRADUATE, _chrome(2, 8)),
        ("promise", _PROMISE, _chrome(2, 7)),
        ("promise-read", replace(_PROMISE, ticked=True), _chrome(2, 7)),
        ("form-earlier", _PROPOSED, _chrome(3, 6)),
        ("delivery", _DELIVERY, _chrome(3, 6)),
        ("delivery-post", _BY_POST, _chrome(3, 6)),
        ("review-replaced", replaced, _chrome(5, 2)),
        ("sign-promise", sign, _chrome(5, 1)),
        ("unfinished-saved", saved, _chrome(1, 7)),
        ("leave-question-save", views.LeaveQuestion(False, True, 30), _chrome(4, 5)),
        ("done-saved", replace(DONE, saved=_N02.saved, receipt="printed"), _chrome(6, 0)),
        ("goodbye-saved", views.Goodbye(False, False, draft="saved", draft_days=30, card=True), Chrome()),
    )


def scenes() -> tuple[tuple[str, Scene], ...]:
    """(name, scene) in the order of a visit."""
    return tuple(
        (name, Scene(number, view, around)) for number, (name, view, around) in enumerate(_scenes(), 201)
    )
