"""Sample scenes of whoever looks after the terminal."""

from dataclasses import replace

from kiosk.journey import views
from kiosk.journey.views import Chrome, Scene, View
from kiosk.setup.views import SetupTouch, SetupWork
from kiosk.tending.events import Bundled, Line
from kiosk.tending.roles import MAY, Role
from screens import samples_a, samples_b

_DOOR = views.TendingDoor("person", "", 0, ("pin", "card", "stick"), "open")
#: as the fault tree has them for D101
_STEPS = (
    "数据线松了：拔下插紧，看设备灯亮不亮。",
    "没有电：换插座，量一下电源适配器。",
    "换过口子或换过设备：运行 run_kiosk.py devices suggest 找到它，改 terminal.toml 里的 url；"
    "换了型号要重新运行 deploy/usb-allow.sh。",
)
_HEALTH = (
    Line("id_card", "身份证阅读器", "05.03-20260101-0012345678", "good", "devices"),
    Line("document_camera", "高拍仪", "D101", "wrong", "devices", _STEPS),
    Line("receipt_printer", "凭条打印机", "正常", "good", "devices"),
    Line(
        "receipt_printer.paper", "凭条打印机 · 纸", "快用完了，约 2 天", "notice", "supplies", ("换凭条纸",)
    ),
    Line("outbox", "待送队列", "待送 3 件，卡住 0 件", "good", "queue"),
    Line("link", "网络", "通", "good", "link"),
    Line("clock", "时钟", "准，差 0.2 秒", "good", "machine"),
    Line("storage", "存储", "剩 41 GB", "good", "machine"),
    Line("temperature", "温度", "52 ℃", "good", "machine"),
    Line("version", "程序", "版本 0.1.0", "plain", "versions"),
)
_TESTS = (
    Line("receipt_printer", "凭条打印机", "2026-11-20 09:12 · 通过 · 07", "good"),
    Line("document_camera", "高拍仪", "2026-11-20 09:15 · 没通过 · 07", "wrong"),
    Line("sound", "声音", "还没有测过", "plain"),
    Line("touch", "触摸屏", "还没有测过", "plain"),
)
_WAYS = (
    Line("stick", "写到U盘", "U盘插好了，可以写", "good"),
    Line("platform", "发给平台", "网络通", "good"),
)
_ADJUSTS = (
    Line("touch", "触摸校准", "点五个十字"),
    Line("camera", "高拍仪校准", "放一张空白 A4 纸"),
    Line("margins", "打印位置", "现在：右移 0.5 毫米，下移 0.0 毫米"),
    Line("sound", "音量", "现在：6（共 10 级）"),
    Line("rollback", "改回上一版配置", "现在是第 7 版，2026-11-20 09:40，technician 07"),
)
_CHANGED = ("- volume = 6", "+ volume = 8")
_WRITE, _AGREE = "看看改了什么，再写进配置", "就这样写进配置吗？"
_WRITTEN = "写好了，这是第 8 版。退出维护以后界面自己重启一次"
_NAME = "tiantianshun-TM-0007-20261122-1630.zip"
_LOG = (
    Line("verdict", "日志完整，没有改动", "查了 1204 条，到第 1204 条都有本机密钥的签名", "good"),
    Line("1204", "有人没能进入维护（pin，wrong）", "1204 · 11-21 09:40:12"),
    Line("1203", "办件已送到平台", "1203 · 11-21 09:31:55"),
)


def _tended(who: str = "技术员 07", *, back: bool = True) -> Chrome:
    return Chrome(
        title="维护模式", who=who, tended=True, patience_left_s=171, can_go_back=back, can_speak=False
    )


def _acts(role: Role) -> views.TendingList:
    return views.TendingList("acts", tuple(Line(act.value, "") for act in MAY[role]))


def _scenes() -> tuple[tuple[str, View, Chrome], ...]:
    inside, door = _tended(), _tended("", back=False)
    step = views.Refilling("paper_roll", 3, 4)
    trial = views.DeviceTest(
        "document_camera", ("预览画面 1280×960", "请在灯下放自检页：测打印机打出来的那张"), "", "running"
    )
    told = (
        *trial.told,
        "照片 4208×3120，清晰度 412，用时 1.2 秒",
        "纸面亮度 212（100 以上可用）",
        "字的边缘 1.2 像素（1.7 以下清楚）",
        "看到自检页了：照片只在这里给您看一下，不保存",
    )
    return (
        ("tending-door", _DOOR, door),
        (
            "tending-door-pin",
            replace(_DOOR, field="pin", person="07", length=4, state="refused", why="wrong"),
            door,
        ),
        ("tending-door-wait", replace(_DOOR, state="waiting", why="wait", wait_s=57), door),
        ("tending-door-unset", replace(_DOOR, ways=(), state="closed"), door),
        ("handover", views.Handover(), _tended(back=False)),
        ("tending-acts-staff", _acts(Role.STAFF), _tended("专区人员 21", back=False)),
        ("tending-acts", _acts(Role.TECHNICIAN), _tended(back=False)),
        ("tending-health", views.TendingList("health", _HEALTH, main="again"), inside),
        (
            "tending-mend",
            views.TendingList(
                "mend",
                tuple(Line(f"step.{at}", step) for at, step in enumerate(_STEPS, start=1)),
                title="高拍仪",
                code="D101",
            ),
            inside,
        ),
        ("tending-tests", views.TendingList("tests", _TESTS), inside),
        ("tending-log", views.TendingList("log", _LOG), _tended("审计员 12")),
        ("tending-training", views.TendingList("training", (), main="start"), _tended("专区人员 21")),
        ("tending-bundle", views.TendingList("bundle", _WAYS, main="again"), inside),
        ("bundling", views.Bundling("stick", stage="gather", done=5, of=11), inside),
        (
            "bundling-done",
            views.Bundling("stick", "done", "hand", came_to=Bundled("", _NAME, 214, 37)),
            inside,
        ),
        ("bundling-failed", views.Bundling("stick", "failed", came_to=Bundled("F134")), inside),
        ("tending-adjust", views.TendingList("adjust", _ADJUSTS), inside),
        ("adjust-touch", SetupTouch(3, 5, 0.9, 0.9, may_skip=False), inside),
        (
            "adjust-agree",
            SetupWork("settle", _WRITE, "第 2 步，共 2 步", _CHANGED, "asking", _AGREE),
            replace(inside, can_go_back=False),
        ),
        (
            "adjust-done",
            SetupWork("settle", "做好了", "", (*_CHANGED, _WRITTEN), "done"),
            replace(inside, can_go_back=False),
        ),
        ("refill-step", step, inside),
        (
            "refill-asking",
            replace(step, number=4, state="asking", question="凭条出来了吗？字清楚吗？"),
            inside,
        ),
        ("refill-toner", views.Refilling("toner", 3, 4), inside),
        ("device-test", trial, inside),
        (
            "device-test-asking",
            replace(
                trial,
                told=told,
                question="画面大小和清晰度对吗？",
                state="asking",
                picture=samples_b.sheet_picture(480),
            ),
            inside,
        ),
        (
            "device-test-error",
            replace(trial, state="error", code="D101", hint="找不到设备：看电源和数据线，再核对位置。"),
            inside,
        ),
        ("touch-test", views.TouchTest(frozenset({0, 1, 2, 5, 9}), 4, 6), inside),
        ("version-proof", views.VersionProof("TTSV1:" + "0123456789abcdef" * 40, "0.1.0"), inside),
        (
            "help-training",
            views.Help(samples_a.PLACE, samples_a.HOURS, samples_a.PHONE, "12345"),
            replace(samples_a.chrome(3, known=True), training=True),
        ),
        (
            "place-card-training",
            views.PlaceCard(),
            replace(samples_a.chrome(1, minutes=9), training=True),
        ),
    )


def scenes() -> tuple[tuple[str, Scene], ...]:
    """(name, scene)."""
    return tuple(
        (name, Scene(number, view, around)) for number, (name, view, around) in enumerate(_scenes(), 301)
    )
