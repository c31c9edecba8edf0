"""Sample scenes of setting a terminal up. Place and addresses are invented."""

from datetime import datetime

from kiosk.catalogue.model import Check, Choice, Field
from kiosk.journey import views
from kiosk.journey.surroundings import CHINA
from kiosk.journey.views import Chrome, FormEntry, Scene, View
from kiosk.setup.on_glass import BAR
from kiosk.setup.views import SetupList, SetupStep, SetupTouch, SetupWork

_STEPS = (
    SetupStep("language", "语言", "pass"),
    SetupStep("site", "地点", "pass"),
    SetupStep("network", "网络", "pass", "连接平台用时 41 毫秒"),
    SetupStep("time", "时间", "skipped"),
    SetupStep("find", "找设备", "pass", "找到 6 个可能的设备"),
    SetupStep("devices", "选设备", "pass"),
    SetupStep("enrol", "登记", "pass", "终端编号 TM-0001"),
    SetupStep("device.id_card", "试设备：身份证阅读器", "error", "D102 设备超时：断电 10 秒再通电"),
    SetupStep("device.document_camera", "试设备：高拍仪", "open"),
    SetupStep("camera", "高拍仪校准", "open"),
    SetupStep("touch", "触摸校准", "open"),
    SetupStep("finish", "写配置和验收", "open"),
)
_DONE = tuple(
    SetupStep(step.key, step.title, "pass", step.note if step.result == "pass" else "") for step in _STEPS
)
_PROGRESS = "第 3 步，共 12 步"


def _chrome(step: int = -1, *, back: bool = True) -> Chrome:
    return Chrome(
        title="安装向导",
        steps=BAR if step >= 0 else (),
        step=step,
        can_go_back=back and step >= 0,
        can_speak=False,
        tended=True,
    )


def _entry(name: str, label: str, value: str, *choices: str, hint: str = "", problem: str = "") -> FormEntry:
    offered = tuple(Choice(choice, choice) for choice in choices)
    check = Check.CHOICE if choices else Check.TEXT
    field = Field(
        name=name,
        label=label,
        check=check,
        section="",
        hint=hint,
        choices=offered,
        secret="none",
        longest=200,
    )
    return FormEntry(field, value, "citizen", problem)


def _form(sentence: str, *asked: FormEntry, wrong: bool = False, can_scan: bool = False) -> views.SetupForm:
    return views.SetupForm(
        known=(),
        asked=asked,
        show_problems=wrong,
        today=datetime(2026, 11, 22, tzinfo=CHINA),
        sentence=sentence,
        progress=_PROGRESS,
        typed=frozenset(entry.field.name for entry in asked),
        can_scan=can_scan,
        may_skip=can_scan,
    )


def _network() -> views.SetupForm:
    return _form(
        "怎样上网，平台在哪里",
        _entry(
            "network.way", "怎样上网", "固定地址", "不改，已经能上网", "自动获取（DHCP）", "固定地址", "4G"
        ),
        _entry("network.address", "IPv4 地址和前缀", "192.168.1.255/24", problem="setup.problem.W107"),
        _entry("network.gateway", "IPv4 网关", "", hint="例如 192.168.1.1"),
        _entry("network.dns", "域名服务器", "", hint="几个之间用空格隔开"),
        _entry("platform.url", "平台网址", "https://ywt.example.cn"),
        wrong=True,
    )


def _scenes() -> tuple[tuple[str, View, Chrome], ...]:
    code = _entry("enrol.code", "一次性编码", "", hint="已经登记过的终端可以留空")
    told = ("请放一张身份证（30 秒内）", "读到了：resident，照片 1024 字节")
    card = SetupWork(
        "device.id_card", "试一试：身份证阅读器", _PROGRESS, told, "asking", "读出的种类对吗？", True
    )
    no_sheet = "W203 没有看到一张完整的 A4 纸：纸要平放、四边露出来、底下颜色不同"
    lay = "在高拍仪下平放一张空白 A4 纸，四边都露出来，然后开始"
    return (
        ("setup-list", SetupList(_STEPS, "begun"), _chrome()),
        ("setup-finished", SetupList(_DONE, "finished"), _chrome()),
        ("setup-network", _network(), _chrome(1)),
        ("setup-enrol", _form("填平台给的一次性编码，或扫它的二维码", code, can_scan=True), _chrome(3)),
        (
            "setup-find",
            SetupWork("find", "把设备都接上、通电，然后开始找", _PROGRESS, (), "ready"),
            _chrome(2),
        ),
        ("setup-card", card, _chrome(4)),
        ("setup-camera", SetupWork("camera", lay, _PROGRESS, (no_sheet,), "failed", "", True), _chrome(5)),
        (
            "setup-working",
            SetupWork("camera", lay, _PROGRESS, told[:1], "working", "", True),
            _chrome(5, back=False),
        ),
        ("setup-touch", SetupTouch(1, 5, 0.1, 0.1), _chrome(5)),
    )


def scenes() -> tuple[tuple[str, Scene], ...]:
    """(name, scene), in the order of a set-up."""
    return tuple((name, Scene(0, view, chrome)) for name, view, chrome in _scenes())
