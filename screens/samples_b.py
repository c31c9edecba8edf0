"""Sample scenes from the situation to the goodbye, for gallery and golden tests. The citizen is invented."""

from dataclasses import replace
from datetime import datetime

import cv2
import numpy as np
from numpy.typing import NDArray

from devices.evaluator import Level
from kiosk.catalogue.model import Check, Choice, Field, Question
from kiosk.journey import views
from kiosk.journey.look import Look
from kiosk.journey.privacy import Veil
from kiosk.journey.views import Chrome, Scene, View
from kiosk.preview import LivePicture

INDICATORS = tuple(
    views.Reason(code, text, code == "guide")
    for code, text in (
        ("efficiency", "办事效率"),
        ("guide", "办事指南精确度"),
        ("convenience", "办事便捷度"),
        ("operation", "平台操作性"),
    )
)
STEPS = ("notice", "identity", "situation", "form", "material", "sign", "rate")
#: somebody stands beside her
HELPED = Look(companion=True)
TODAY = datetime(2026, 11, 21, 9, 41)


def _chrome(step: int, minutes: int, *, offline: bool = False, quiet: bool = False) -> Chrome:
    """The surroundings of a residence-permit visit at this step; `quiet` while nothing may be left."""
    return Chrome(
        title="居住证办理",
        who="王* · 429***********0021",
        steps=STEPS,
        step=step,
        minutes_left=minutes,
        patience_left_s=None if quiet else 88,
        sample=True,
        offline=offline,
        can_go_back=step < 6 and not quiet,
        can_leave=not quiet,
    )


# --- situation ---

HOUSING = Question(
    name="housing",
    text="您现在住的是哪一种房子？",
    choices=(
        Choice("rented", "出租房屋", "租来的房子"),
        Choice("owned", "自有房屋", "自己买的房子"),
        Choice("employer", "单位内部", "单位的宿舍或工棚"),
        Choice("school", "学校就读", "住在学校里"),
        Choice("relative", "亲属房屋", "住在亲属家"),
    ),
)

# --- form ---

_PERSON = "申请人"
_LIVING = "现在的居住情况"
_EMERGENCY = "紧急联系人"


def _field(name: str, label: str, check: Check, section: str, **more: object) -> Field:
    return replace(Field(name=name, label=label, check=check, section=section), **more)  # type: ignore[arg-type]


_CARD = tuple(
    views.FormEntry(_field(name, label, check, _PERSON, prefill=f"card.{name}", locked=True), value, "card")
    for name, label, check, value in (
        ("name", "姓名", Check.NAME, "王小明"),
        ("sex", "性别", Check.TEXT, "女"),
        ("ethnicity", "民族", Check.TEXT, "汉"),
        ("birth", "出生日期", Check.DATE, "1990-01-01"),
        ("number", "证件号码", Check.ID_NUMBER, "429006199001010021"),
        ("address", "证件上的住址", Check.ADDRESS, "湖北省天门市岳口镇健康路 12 号"),
    )
)
_PURPOSES = (
    Choice("work", "务工"),
    Choice("business", "经商"),
    Choice("study", "上学"),
    Choice("family", "投靠亲友"),
    Choice("other", "其他"),
)
_ASKED = (
    _field("phone", "手机号码", Check.PHONE, _PERSON, hint="11 位，办理结果会通知到这个号码", longest=11),
    _field("residence_address", "现在的住址", Check.ADDRESS, _LIVING, hint="写到门牌号"),
    _field("residence_since", "从哪天起住在这里", Check.DATE, _LIVING, hint="记不清就写大概的日子"),
    _field("residence_purpose", "来这里居住是为了", Check.CHOICE, _LIVING, choices=_PURPOSES),
    _field("emergency_contact", "紧急联系人", Check.NAME, _EMERGENCY, hint="可以不填", required=False),
)


def _form(values: dict[str, str], problems: dict[str, str]) -> views.Form:
    asked = tuple(
        views.FormEntry(
            field,
            values.get(field.name, ""),
            "citizen" if field.name in values else "",
            problems.get(field.name, ""),
        )
        for field in _ASKED
    )
    return views.Form(_CARD, asked, bool(problems), today=TODAY)


FORM_EMPTY = _form({}, {})
FORM_FULL = _form(
    {
        "phone": "13800001234",
        "residence_address": "天门市竟陵街道人民大道 8 号 2 栋 301 室",
        "residence_since": "2026-03-01",
        "residence_purpose": "work",
    },
    {},
)
FORM_WRONG = _form(
    {"phone": "1380000", "residence_address": "天门市竟陵街道人民大道 8 号 2 栋 301 室"},
    {
        "phone": "form.problem.phone",
        "residence_since": "form.problem.missing",
        "residence_purpose": "form.problem.missing",
    },
)

# --- pictures: a sheet of grey lines is enough to see where a page goes ---


def _sheet(seed: int) -> NDArray[np.uint8]:
    """A page of print-like lines with a red seal, (1400, 990, 3) BGR."""
    random = np.random.default_rng(seed)
    page = np.full((1400, 990, 3), 246, np.uint8)
    cv2.rectangle(page, (300, 90), (690, 140), (60, 60, 60), -1)
    for row in range(24):
        y = 220 + row * 42
        right = 860 if row % 6 != 5 else int(random.integers(300, 700))
        for x in range(120, right, 26):
            if random.random() > 0.12:
                cv2.rectangle(page, (x, y), (x + 18, y + 20), (90, 90, 90), -1)
    cv2.circle(page, (740, 1230), 92, (60, 60, 200), 8)
    return page


def _jpeg(picture: NDArray[np.uint8], longest: int) -> bytes:
    factor = longest / max(picture.shape)
    small = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return bytes(cv2.imencode(".jpg", small)[1])


def sheet_picture(longest: int) -> bytes:
    """An invented sheet as JPEG, so many pixels long."""
    return _jpeg(_sheet(3), longest)


def live_picture(steady: float, *, laid: bool = True) -> LivePicture:
    """A frame of the document camera: a desk, a sheet at an angle when `laid`; `steady` as in `LivePicture`."""
    random = np.random.default_rng(7)
    grain = cv2.resize(random.integers(0, 40, (48, 64), np.uint8), (960, 720), interpolation=cv2.INTER_CUBIC)
    desk = np.empty((720, 960, 3), np.uint8)
    desk[:] = (52, 78, 112)
    desk = cv2.add(desk, cv2.merge([grain, grain, grain]))
    if not laid:
        return LivePicture(desk, None, steady)
    corners = np.array([[262, 96], [742, 64], [778, 652], [236, 672]], np.float32)
    sheet = _sheet(3)
    high, wide = sheet.shape[:2]
    flat = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    warp = cv2.getPerspectiveTransform(flat, corners)
    seen = cv2.warpPerspective(sheet, warp, (960, 720), flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.full((high, wide), 255, np.uint8), warp, (960, 720))
    desk[mask > 127] = seen[mask > 127]
    return LivePicture(desk, corners, steady)


LEASE = views.MaterialCard(
    "01", "租房合同或备案证明", "有双方签名的每一页都拍", "房东或住房部门", "file-sign", 2
)
_PAGES = tuple(views.PageCard(_jpeg(_sheet(seed), 320)) for seed in (3, 4, 5, 6))
CAPTURE = views.Capture(LEASE, 2, 3, 1, 10, (), "none", False)

# --- hand in ---

REVIEW = views.Review(
    matter="居住证办理一件事",
    items=("流动人口居住登记", "居住证申领"),
    situations=(("给谁办居住证？", "内地居民"), ("这次办哪一样？", "首次申领"), (HOUSING.text, "出租房屋")),
    fields=(
        ("姓名", "王*"),
        ("证件号码", "429***********0021"),
        ("手机号码", "138****1234"),
        ("现在的住址", "天门市竟陵街道****"),
        ("从哪天起住在这里", "2026-03-01"),
        ("来这里居住是为了", "务工"),
        ("紧急联系人", ""),
    ),
    materials=(
        views.ReviewMaterial("00", "申报人身份证", _PAGES[:2]),
        views.ReviewMaterial("01", "租房合同或备案证明", _PAGES[:3]),
        views.ReviewMaterial("02", "房主身份证复印件", _PAGES[3:]),
    ),
    secrets="masked",
)
NUMBER = "429006-20261121-000001-0"
LOCAL = "T-000123-4"
DONE = views.Done(
    received=True,
    number=NUMBER,
    receipt="printing",
    receipt_trouble="",
    qr=NUMBER,
    next_steps=(
        "材料送到公安机关审核",
        "有问题会打您的手机，需要补正时再告诉您补哪一样",
        "凭办件编号可以查进度",
    ),
    pages=6,
    tips=True,
)
_GOOD = (("clear", "说得清楚"), ("quick", "办得快"), ("few_papers", "材料要得少"), ("easy", "操作简单"))


def _capturing() -> tuple[tuple[str, View, Chrome], ...]:
    around = _chrome(4, 5)
    one, two = _PAGES[:1], _PAGES[:2]
    return (
        ("capture-none", CAPTURE, around),
        ("capture-steady", replace(CAPTURE, page=2, taken=one, sheet="steady"), around),
        ("capture-taking", replace(CAPTURE, page=2, taken=one, sheet="steady", taking=True), around),
        ("capture-trouble", replace(CAPTURE, page=2, taken=one, sheet="moving", trouble="no_sheet"), around),
        ("capture-broken", replace(CAPTURE, trouble="D101"), around),
        ("capture-enough", replace(CAPTURE, page=3, taken=two, sheet="none", enough=True), around),
        ("check-page", views.CheckPage(LEASE, 1, _jpeg(_sheet(3), 1400)), around),
        (
            "check-page-blurred",
            views.CheckPage(LEASE, 1, _jpeg(_sheet(4), 1400), ("blurred", "glare")),
            around,
        ),
        (
            "check-page-covered",
            views.CheckPage(LEASE, 1, _jpeg(_sheet(5), 1400), ("covered", "dark", "duplicate")),
            around,
        ),
        (
            "check-page-phone",
            views.CheckPage(LEASE, 1, _jpeg(_sheet(5), 1400), ("dark", "no_sheet"), brought=True),
            around,
        ),
    )


def _brought() -> tuple[tuple[str, View, Chrome], ...]:
    """Her phone and her stick bring the pages."""
    around = replace(_chrome(4, 5), patience_left_s=288)
    url = "https://ywt.tianmen.example.cn/u/7K2M9QXD4RTB6HWZ"
    phone = views.Phone(LEASE, "waiting", url, 5, max_pages=10)
    opened = replace(phone, state="opened", minutes_left=3)
    names = ("租房合…1)1", "租房合…1)2", "IMG_…118", "IMG_…119", "户口本…扫描件", "身份…")
    files = tuple(
        views.FileCard(number, name, number in (1, 5), _PAGES[number % 4].thumbnail, "F112" * (number == 5))
        for number, name in enumerate(names, start=1)
    )
    files = (*files[:4], replace(files[4], picture=b""), replace(files[5], picture=b""))
    stick = views.Stick(LEASE, "in", files, max_pages=10)
    ways = replace(CAPTURE, phone=True, stick=True)
    return (
        ("capture-ways", ways, _chrome(4, 5)),
        ("phone-asking", replace(phone, state="asking", url="", minutes_left=0), around),
        ("phone-slow", replace(phone, state="asking", url="", minutes_left=0, slow=True), around),
        ("phone", phone, around),
        ("phone-opened", opened, around),
        ("phone-arrived", replace(opened, arrived=2, working=True, kept=2, enough=True), around),
        ("phone-unreadable", replace(opened, arrived=1, trouble="F107"), around),
        ("phone-over", replace(phone, state="over", url="", minutes_left=0), _chrome(4, 5)),
        (
            "phone-no-link",
            replace(phone, state="over", url="", trouble="U101"),
            replace(_chrome(4, 5), offline=True),
        ),
        ("stick", stick, _chrome(4, 5)),
        ("stick-looking", replace(stick, state="looking", files=()), _chrome(4, 5)),
        ("stick-many", replace(stick, files=_many(files), kept=2, enough=True, working=True), _chrome(4, 5)),
        ("stick-nothing", replace(stick, files=()), _chrome(4, 5)),
        ("stick-out", replace(stick, state="out", files=(), trouble="F132"), _chrome(4, 5)),
    )


def _many(files: tuple[views.FileCard, ...]) -> tuple[views.FileCard, ...]:
    return tuple(replace(files[number % 4], number=number + 1) for number in range(16))


def _ending() -> tuple[tuple[str, View, Chrome], ...]:
    waiting, end = _chrome(5, 0, quiet=True), _chrome(6, 0)
    stored = replace(DONE, received=False, number=LOCAL, qr=LOCAL, receipt="printed")
    failed = replace(DONE, receipt="failed", receipt_trouble="condition.paper_out", tips=False)
    reasons = tuple(views.Reason(code, text, code == "quick") for code, text in _GOOD)
    return (
        ("review", REVIEW, _chrome(5, 2)),
        ("review-helped", Veil().over(REVIEW), replace(_chrome(5, 2), look=HELPED)),
        ("sign-papers", views.SignView(REVIEW.matter, 24, ""), _chrome(5, 1)),
        ("sign", views.SignView(REVIEW.matter, 6, "9f2c41d07be6a835"), _chrome(5, 1)),
        ("handing-in", views.HandingIn("sealing"), waiting),
        ("handing-in-saved", views.HandingIn("saved", LOCAL), replace(waiting, offline=True)),
        ("done", DONE, end),
        ("done-stored", stored, replace(end, offline=True)),
        ("done-no-paper", failed, end),
        ("evaluate", views.Evaluate(None, (), keypad=True), end),
        (
            "evaluate-chosen",
            views.Evaluate(Level.SATISFIED, reasons, keypad=True, indicators=INDICATORS),
            end,
        ),
        ("goodbye", views.Goodbye(handed_in=True, slip=True, card=True, papers=True), Chrome()),
        (
            "goodbye-stick",
            views.Goodbye(handed_in=True, slip=True, stick=True, card=True, papers=True),
            Chrome(),
        ),
        ("goodbye-cut", views.Goodbye(False, False, draft="cut", draft_days=3, card=True), Chrome()),
        ("goodbye-left", views.Goodbye(handed_in=False, slip=False), Chrome()),
        ("goodbye-withdrawn", views.Goodbye(True, True, card=True, sent="withdrawal"), Chrome()),
    )


def scenes() -> tuple[tuple[str, Scene], ...]:
    """(name, scene) in the order of a visit."""
    around = _chrome(3, 7)
    shown: tuple[tuple[str, View, Chrome], ...] = (
        ("situation", views.Situation(HOUSING, 3, 3, ""), _chrome(2, 8)),
        ("situation-chosen", views.Situation(HOUSING, 3, 3, "rented"), _chrome(2, 8)),
        ("form", FORM_EMPTY, around),
        ("form-full", FORM_FULL, around),
        ("form-wrong", FORM_WRONG, around),
        *_capturing(),
        *_brought(),
        *_ending(),
    )
    return tuple(
        (name, Scene(number, view, chrome)) for number, (name, view, chrome) in enumerate(shown, 101)
    )
