"""Invented citizens and firms. Regions are real (GB/T 2260), everybody and everything in them is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from numpy.random import Generator

from kiosk.domain.identity import check_digit
from kiosk.reading.numbers import USCC_SIGNS, uscc_check

T = TypeVar("T")

# The surnames that are commonest (police statistics of 2020), and some two-character ones.
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟"
    "谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_DOUBLE = ("欧阳", "上官", "司马", "诸葛", "令狐", "皇甫")
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国志文斌辉鹏飞波宇浩然子轩雨欣怡佳琪思涵"
    "晨曦梓萱瑞博泽楠嘉懿昊天祥云凤春燕荣富贵德才永福长生金水木林火炎土坤乾巍峻岚嵩崇淑贞慧颖琳瑶璐璇珺"
    "钰铭锐锋钧钦铮骏驰骁彪豹翔翰墨笙箫筠竹菊荷莲蓉薇蕾茜茹荟芸芝若兮之一二三丹青朱赤白黑卫东旭晖昕昱"
    "婧婉婷妍姝娴媛嫣毓沁泓澜淼渊溪滢潇濛灏炜烨焕煜燊睿瞳睦禾稷穆笃谦逊诚信讷谨邦域基垚培堃增"
)
_ETHNICITIES = ("汉",) * 12 + ("土家", "回", "苗", "满", "壮", "侗", "蒙古", "维吾尔")
_TOWNS = (
    "竟陵街道",
    "杨林街道",
    "侯口街道",
    "岳口镇",
    "皂市镇",
    "张港镇",
    "多宝镇",
    "干驿镇",
    "横林镇",
    "渔薪镇",
    "蒋湖农场",
)
_STREETS = ("示例路", "样本街", "例题大道", "范文路", "样张巷", "示例大道", "模拟路")
_REGIONS = (("429006", "湖北省天门市"), ("420106", "湖北省武汉市武昌区"), ("421003", "湖北省荆州市荆州区"))
_OTHER_REGIONS = (
    ("440305", "广东省深圳市南山区"),
    ("510104", "四川省成都市锦江区"),
    ("370102", "山东省济南市历下区"),
)
_TRADES = (
    "餐饮管理",
    "农业科技",
    "建筑工程",
    "商贸",
    "电子商务",
    "物业服务",
    "物流",
    "纺织",
    "文化传媒",
    "食品",
)
_FIRM_KINDS = (
    ("有限公司", "有限责任公司(自然人投资或控股)"),
    ("有限公司", "有限责任公司(自然人独资)"),
    ("有限责任公司", "其他有限责任公司"),
    ("股份有限公司", "股份有限公司(非上市、自然人投资或控股)"),
    ("店", "个体工商户"),
    ("农民专业合作社", "农民专业合作社"),
)
_CAPITALS = (
    "壹拾万圆整",
    "伍拾万圆整",
    "壹佰万圆整",
    "贰佰万元整",
    "伍佰万圆整",
    "壹仟万圆整",
    "叁佰捌拾万元整",
)
_SCOPES = (
    "餐饮服务",
    "食品销售",
    "农产品的生产、销售、加工",
    "建筑材料销售",
    "日用百货销售",
    "软件开发",
    "技术服务",
    "住房租赁",
    "服装制造",
    "道路货物运输",
    "会议及展览服务",
    "货物进出口",
)
RELATIONS = ("户主", "妻", "夫", "子", "长子", "次子", "女", "长女", "父亲", "母亲", "儿媳", "孙子", "孙女")


@dataclass(frozen=True, slots=True)
class Person:
    """What an identity card and a household register say of somebody who does not exist."""

    name: str
    sex: str
    ethnicity: str
    birth: date
    address: str
    number: str
    authority: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Firm:
    """What a business licence says of a firm that does not exist."""

    uscc: str
    name: str
    type: str
    legal_person: str
    capital: str
    established: date
    address: str
    scope: str


def person(dice: Generator) -> Person:
    """Somebody."""
    region, where = _pick(dice, _REGIONS * 3 + _OTHER_REGIONS)
    birth = date(1938, 1, 1) + timedelta(days=int(dice.integers(0, 31000)))
    order = int(dice.integers(1, 999))
    first = f"{region}{birth:%Y%m%d}{order:03d}"
    valid_from = date(2008, 1, 1) + timedelta(days=int(dice.integers(0, 6500)))
    years = _pick(dice, (5, 10, 20, 20, 0))
    return Person(
        name=name(dice),
        sex="男" if order % 2 else "女",
        ethnicity=_pick(dice, _ETHNICITIES),
        birth=birth,
        address=address(dice, where),
        number=first + check_digit(first),
        authority=where.removeprefix("湖北省")
        .removeprefix("广东省")
        .removeprefix("四川省")
        .removeprefix("山东省")
        + ("公安局" if where.endswith("市") else "分局"),
        valid_from=valid_from,
        valid_to=_later(valid_from, years) if years else None,
    )


def firm(dice: Generator) -> Firm:
    """Some firm."""
    region, where = _pick(dice, _REGIONS)
    ending, kind = _pick(dice, _FIRM_KINDS)
    trade = _pick(dice, _TRADES)
    own = "".join(_pick(dice, _GIVEN) for _ in range(2))
    body = "".join(_pick(dice, USCC_SIGNS) for _ in range(9))
    first = f"{'92' if kind == '个体工商户' else '91'}{region}{body}"
    scopes = dice.permutation(len(_SCOPES))[: int(dice.integers(2, 7))]
    return Firm(
        uscc=first + uscc_check(first),
        name=f"{where.removeprefix('湖北省')[:3]}示例{own}{trade}{ending}",
        type=kind,
        legal_person=name(dice),
        capital=_pick(dice, _CAPITALS),
        established=date(2003, 1, 1) + timedelta(days=int(dice.integers(0, 8300))),
        address=address(dice, where),
        scope="；".join(_SCOPES[place] for place in scopes) + "。",
    )


def name(dice: Generator) -> str:
    """Two to four characters."""
    surname = _pick(dice, _DOUBLE) if dice.random() < 0.04 else _pick(dice, _SURNAMES)
    return surname + "".join(_pick(dice, _GIVEN) for _ in range(1 if dice.random() < 0.25 else 2))


def address(dice: Generator, where: str) -> str:
    """Somewhere that is not."""
    house = int(dice.integers(1, 399))
    if dice.random() < 0.4:
        return f"{where}{_pick(dice, _TOWNS)}示例村{_pick(dice, '一二三四五六七八九')}组{house}号"
    street = f"{where}{_pick(dice, _TOWNS)}{_pick(dice, _STREETS)}{house}号"
    if dice.random() < 0.5:
        street += (
            f"{int(dice.integers(1, 30))}栋{int(dice.integers(1, 4))}单元{int(dice.integers(101, 2900))}室"
        )
    return street


def _pick(dice: Generator, things: Sequence[T]) -> T:
    return things[int(dice.integers(0, len(things)))]


def _later(day: date, years: int) -> date:
    leap = day.month == 2 and day.day == 29
    return day.replace(year=day.year + years, day=28 if leap else day.day)
