"""The sheets that people lay under the emulated camera: invented Chinese documents, each marked 示例.

Everything on them is made up: persons, numbers (with valid GB 11643 check digits), houses, schools and
companies. None imitates an official layout closely enough to pass for one; each says 示例 across its face.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import yaml
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from devices.emulators.desk_pen import RED, Pen

A4_MM = (210.0, 297.0)
CARD_MM = (85.6, 54.0)  # ISO/IEC 7810 ID-1


@dataclass(frozen=True, slots=True)
class Person:
    """An invented citizen, as her papers name her."""

    name: str = "王小明"
    sex: str = "男"
    ethnicity: str = "汉"
    birth: str = "1990年3月7日"
    address: str = "湖北省天门市示例街道样本路 18 号 2 单元 301 室"
    number: str = "429006199003070019"


CITIZEN = Person()
OWNER = Person(
    "陈示例", "男", "汉", "1968年5月12日", "湖北省天门市示例街道样本路 18 号", "429006196805121312"
)


@dataclass(frozen=True, slots=True)
class SheetKind:
    """One sheet: a short name for knobs and scripts, a title for people, its true size, its drawing."""

    name: str
    title: str
    size_mm: tuple[float, float]  #: width, height as it is read
    draw: Callable[[Pen], None]


_FIXTURES = (
    ("设施", "数量", "状况", "备注"),
    ("空调", "2", "完好", "客厅、主卧"),
    ("热水器", "1", "完好", "燃气"),
    ("洗衣机", "1", "完好", "滚筒"),
    ("床及床垫", "2", "完好", ""),
    ("门钥匙", "3", "完好", "含单元门"),
)


@functools.cache
def _contract(name: str) -> tuple[tuple[str, str], ...]:
    """The clauses of a contract: heading, text."""
    texts = yaml.safe_load(Path(__file__).with_name("desk_clauses.yaml").read_text("utf-8"))
    return tuple((clause["heading"], clause["text"].format(a=CITIZEN.address)) for clause in texts[name])


def _clauses(pen: Pen, name: str) -> None:
    for heading, text in _contract(name):
        pen.text(heading, 4.6, bold=True)
        pen.paragraph(text, 4.2)


def _lease_1(pen: Pen) -> None:
    pen.title("房屋租赁合同")
    pen.text("合同编号：示例 2026-0301　　　　　　　　第 1 页 共 2 页", 3.6)
    pen.text(f"甲方（出租人）：{OWNER.name}　　证件号码：{OWNER.number}", 4.2)
    pen.text(f"乙方（承租人）：{CITIZEN.name}　　证件号码：{CITIZEN.number}", 4.2)
    pen.paragraph(
        "甲乙双方根据《中华人民共和国民法典》，在平等、自愿的基础上订立本合同。",
        4.2,
    )
    _clauses(pen, "lease-1")


def _lease_2(pen: Pen) -> None:
    pen.text("房屋租赁合同　　　　　　　　　　　　　　第 2 页 共 2 页", 3.6)
    _clauses(pen, "lease-2")
    pen.text("附件：房屋设施清单", 4.6, bold=True)
    pen.table(_FIXTURES, (40, 25, 35, 66))
    pen.gap(8)
    pen.text(f"甲方（签字）：{OWNER.name}　　　　　　　乙方（签字）：{CITIZEN.name}", 4.6)
    pen.text("日期：2026 年 2 月 20 日　　　　　　　日期：2026 年 2 月 20 日", 4.2)
    pen.seal("合同备案示例", (150, 232), 20)


def _id_front(pen: Pen) -> None:
    pen.tint((232, 241, 246))
    pen.at(5, 6, f"姓名　{CITIZEN.name}", 3.1)
    pen.at(5, 13, f"性别　{CITIZEN.sex}　民族 {CITIZEN.ethnicity}", 3.1)
    pen.at(5, 20, f"出生　{CITIZEN.birth}", 3.1)
    pen.at(5, 27, "住址　湖北省天门市示例街道", 3.1)
    pen.at(5, 32, "　　　样本路18号2单元301室", 3.1)
    pen.at(5, 44, f"公民身份号码　{CITIZEN.number}", 3.4, bold=True)
    pen.portrait((60, 7, 80, 34))
    pen.at(62, 37, "示例样本", 3.6, bold=True, colour=RED)


def _id_back(pen: Pen) -> None:
    pen.tint((224, 236, 240))
    pen.at(24, 8, "居民身份证", 7.0, bold=True)
    pen.at(24, 18, "示例样本　不得使用", 4.2, bold=True, colour=RED)
    pen.box((6, 7, 19, 20))
    pen.at(14, 37, "签发机关　天门市公安局（示例）", 3.1)
    pen.at(14, 44, "有效期限　2020.03.07-2040.03.07", 3.1)


def _owner_id(pen: Pen) -> None:
    pen.title("房主身份证复印件")
    pen.box((55, 62, 155, 125))
    pen.at(60, 72, f"姓名　{OWNER.name}", 3.6)
    pen.at(60, 80, f"性别　{OWNER.sex}　民族 {OWNER.ethnicity}", 3.6)
    pen.at(60, 88, f"出生　{OWNER.birth}", 3.6)
    pen.at(60, 96, "住址　湖北省天门市示例街道", 3.6)
    pen.at(60, 112, f"公民身份号码 {OWNER.number}", 3.6)
    pen.portrait((126, 68, 148, 98))
    pen.box((55, 140, 155, 203))
    pen.at(80, 152, "居民身份证", 8.0, bold=True)
    pen.at(66, 184, "签发机关　天门市公安局（示例）", 3.6)
    pen.at(66, 192, "有效期限　2018.05.12-长期", 3.6)
    pen.at(24, 222, "本复印件与原件一致，仅供办理居住证使用。", 4.6)
    pen.at(24, 234, f"提供人：{OWNER.name}　　2026 年 2 月 20 日", 4.6)


def _deed(pen: Pen) -> None:
    pen.title("不动产权证书（登记信息页）")
    pen.table(
        (
            ("权利人", OWNER.name),
            ("共有情况", "单独所有"),
            ("坐落", CITIZEN.address),
            ("不动产单元号", "429006 示例 GB00018 F00020301"),
            ("权利类型", "国有建设用地使用权／房屋所有权"),
            ("权利性质", "出让／市场化商品房"),
            ("用途", "城镇住宅用地／成套住宅"),
            ("面积", "房屋建筑面积 86.5 平方米"),
            ("使用期限", "2012 年 6 月 1 日起至 2082 年 5 月 31 日止"),
        ),
        (46, 120),
        row_mm=15,
    )
    pen.paragraph("权利其他状况：钢筋混凝土结构，专有面积 70.2 平方米，分摊面积 16.3 平方米。", 4.2)
    pen.seal("不动产登记示例", (140, 240), 21)


def _student_card(pen: Pen) -> None:
    pen.title("学生证")
    pen.text("天门示例职业学院", 6.0, bold=True)
    pen.portrait((150, 62, 182, 106))
    lines = (
        f"姓名：{CITIZEN.name}",
        f"性别：{CITIZEN.sex}",
        "院系：信息工程系",
        "专业：计算机应用技术",
        "学号：示例 20260318",
        "入学时间：2026 年 9 月",
        "有效期至：2029 年 6 月",
    )
    for line in lines:
        pen.text(line, 5.0)
    terms = (
        ("学年", "学期", "注册日期", "注册章"),
        ("2026-2027", "一", "9 月 1 日", "已注册"),
        ("2026-2027", "二", "2 月 24 日", "已注册"),
        ("2027-2028", "一", "", ""),
    )
    pen.table(terms, (48, 26, 46, 46))
    pen.paragraph("持证须知：本证供本人在校学习期间使用，不得转借、涂改。遗失应当及时申明并申请补办。", 4.2)
    pen.seal("示例学院学生处", (140, 236), 20)


def _labour_contract(pen: Pen) -> None:
    pen.title("劳动合同")
    pen.text("用人单位（甲方）：天门示例纺织有限公司", 4.2)
    pen.text(f"劳动者（乙方）：{CITIZEN.name}　　证件号码：{CITIZEN.number}", 4.2)
    _clauses(
        pen,
        "labour-contract",
    )
    pen.seal("示例纺织合同章", (140, 240), 20)


def _lodging_proof(pen: Pen) -> None:
    pen.title("住宿证明")
    pen.paragraph(
        f"兹证明 {CITIZEN.name}（证件号码 {CITIZEN.number}）自 2026 年 3 月 1 日起在我单位集体宿舍住宿，"
        "地址为湖北省天门市示例街道工业园 6 号宿舍楼 402 室。",
        5.4,
    )
    pen.paragraph("本证明供办理居住登记、申领居住证使用，所述情况属实，如有不实由我单位承担责任。", 5.4)
    pen.gap(24)
    pen.text("　　　　　　　　　　　天门示例纺织有限公司", 5.4)
    pen.text("　　　　　　　　　　　2026 年 3 月 2 日", 5.4)
    pen.text("经办人：李样本　　联系电话：0728-0000000", 4.6)
    pen.seal("示例纺织有限公司", (142, 162), 21)


def _kinship_proof(pen: Pen) -> None:
    pen.title("亲属关系证明")
    pen.paragraph(f"兹证明 {OWNER.name} 与 {CITIZEN.name} 系舅甥关系，二人共同居住于下列地址。", 5.4)
    pen.table(
        (
            ("姓名", "性别", "关系", "证件号码"),
            (OWNER.name, OWNER.sex, "舅父", OWNER.number),
            (CITIZEN.name, CITIZEN.sex, "外甥", CITIZEN.number),
        ),
        (34, 22, 30, 80),
        row_mm=14,
    )
    pen.paragraph(f"居住地址：{CITIZEN.address}。", 5.4)
    pen.paragraph("以上情况由申请人如实申报，本证明供办理居住证使用。", 5.4)
    pen.gap(16)
    pen.text("　　　　　　　　　　　示例社区居民委员会", 5.4)
    pen.text("　　　　　　　　　　　2026 年 3 月 2 日", 5.4)
    pen.seal("示例社区居委会", (142, 200), 21)


def _test_page(pen: Pen) -> None:
    """As `tools/technician/chores.py` prints it: frame, code, sizes of type."""
    pen.box((10, 10, 200, 287))
    pen.title("TEST PAGE 0123456789")
    pen.code("TEST-0000", (85, 45), 40)
    pen.gap(70)
    for height in (2.1, 2.8, 3.5, 4.2, 6.3):
        pen.text("The quick brown fox jumps over the lazy dog", height)


SHEETS: tuple[SheetKind, ...] = (
    SheetKind("lease-1", "房屋租赁合同 第 1 页", A4_MM, _lease_1),
    SheetKind("lease-2", "房屋租赁合同 第 2 页", A4_MM, _lease_2),
    SheetKind("id-front", "居民身份证 人像面", CARD_MM, _id_front),
    SheetKind("id-back", "居民身份证 国徽面", CARD_MM, _id_back),
    SheetKind("deed", "房产证", A4_MM, _deed),
    SheetKind("student-card", "学生证", A4_MM, _student_card),
    SheetKind("labour-contract", "劳动合同", A4_MM, _labour_contract),
    SheetKind("lodging-proof", "住宿证明", A4_MM, _lodging_proof),
    SheetKind("kinship-proof", "亲属关系证明", A4_MM, _kinship_proof),
    SheetKind("owner-id", "房主身份证", A4_MM, _owner_id),
    SheetKind("test-page", "自检页", A4_MM, _test_page),
)


def sheet_kind(name: str) -> SheetKind:
    """The sheet with this short name or title. Raises KeyError."""
    for kind in SHEETS:
        if name in (kind.name, kind.title):
            return kind
    raise KeyError(name)


@functools.lru_cache(maxsize=6)
def drawn(name: str, px_per_mm: float) -> NDArray[np.uint8]:
    """The sheet as printed: (height, width, 3) uint8, BGR, at `px_per_mm`. Read-only."""
    kind = sheet_kind(name)
    width, height = (round(side * px_per_mm) for side in kind.size_mm)
    image = Image.new("RGB", (width, height), (250, 249, 245))
    pen = Pen(ImageDraw.Draw(image), kind.size_mm, px_per_mm)
    pen.mark()
    kind.draw(pen)
    pixels: NDArray[np.uint8] = cv2.cvtColor(np.asarray(image), cv2.COLOR_RGB2BGR)
    pixels.setflags(write=False)
    return pixels
