"""A sheet of paper that is printed, stamped and written on in millimetres."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from bench.desks.fonts import Hand, font

Ink = tuple[int, int, int]  #: BGR
MEASURING = 0.2  # pixels per mm: too coarse to be looked at
BLACK: Ink = (38, 34, 32)
RED: Ink = (52, 44, 205)
BLUE: Ink = (150, 62, 28)

_LANGUAGE = """
申请人 经办人 法定代表人 联系电话 统一社会信用代码 经营场所 经营范围 注册资本 成立日期
身份证件号码 住所 邮政编码 食品经营许可 营业执照 公共场所卫生 消防安全检查 承诺书
授权委托书 租赁合同 甲方 乙方 房屋坐落 建筑面积 平方米 租金 人民币 押金 期限 自 至
止 双方协商一致 根据有关法律法规的规定 本人承诺所提交的材料真实有效 如有虚假
愿承担相应法律责任 户主 与户主关系 曾用名 性别 民族 出生地 籍贯 受理编号 收件日期
审批意见 备注 盖章 签名 年 月 日 一式两份 特此证明 设施设备清单 布局流程图
从业人员健康证明 管理制度 服务窗口 一件事一次办 天门市 竟陵街道 样张 办理结果 送达方式
自取 邮寄
"""
_WORDS = _LANGUAGE.split()


@dataclass(slots=True)
class Paper:
    """A cut sheet: what it shows and where it is. Both planes are `px_per_mm` fine and equally large."""

    bgr: NDArray[np.uint8]  #: (height, width, 3)
    alpha: NDArray[np.uint8]  #: (height, width): 255 where there is paper
    size_mm: tuple[float, float]
    px_per_mm: float
    margin_mm: float = 0.0  #: planes reach this far beyond the sheet on every side
    tints: bool = True  #: whether the white of the paper stock colours it; not so for plastic and leather


class Sheet:
    """A sheet while it is being printed. Everything in millimetres from its top left."""

    def __init__(
        self, size_mm: tuple[float, float], px_per_mm: float, dice: Generator, colour: Ink = (255, 255, 255)
    ):
        self.size_mm = size_mm
        self.scale = px_per_mm
        self.dice = dice
        wide, high = (max(8, round(side * px_per_mm)) for side in size_mm)
        self.image = Image.new("RGB", (wide, high), colour)  # BGR order throughout
        self._pen = ImageDraw.Draw(self.image)

    @property
    def measured(self) -> bool:
        """Whether only its size is asked for (a sheet's first throw), so that nobody will read it."""
        return self.scale < MEASURING * 1.01

    def words(self, count: int) -> str:
        """About so many characters of the language of forms."""
        text = ""
        if self.measured:
            return text
        while len(text) < count:
            word = str(self.dice.choice(_WORDS))
            if self.dice.uniform() < 0.15:
                word += "".join(
                    str(digit) for digit in self.dice.integers(0, 10, int(self.dice.integers(2, 12)))
                )
            text += word + ("，" if self.dice.uniform() < 0.2 else "")
        return text[:count]

    def text(self, x: float, y: float, text: str, mm: float, hand: Hand = "serif", ink: Ink = BLACK) -> None:
        """A line with its top left at (x, y); `mm` is the height of a character."""
        if self.measured:
            return
        self._pen.text((x * self.scale, y * self.scale), text, ink, font(hand, round(mm * self.scale)))

    def middle(self, y: float, text: str, mm: float, hand: Hand = "bold", ink: Ink = BLACK) -> None:
        """A line in the middle of the sheet's width."""
        if self.measured:
            return
        place = (self.size_mm[0] / 2 * self.scale, y * self.scale)
        self._pen.text(place, text, ink, font(hand, round(mm * self.scale)), anchor="ma")

    def box(
        self, x: float, y: float, wide: float, high: float, ink: Ink | None, line_mm: float = 0.25
    ) -> None:
        """A frame."""
        corners = [x * self.scale, y * self.scale, (x + wide) * self.scale, (y + high) * self.scale]
        self._pen.rectangle(corners, outline=ink, width=self._line(line_mm))

    def filled(self, x: float, y: float, wide: float, high: float, ink: Ink) -> None:
        """A plain area."""
        corners = [x * self.scale, y * self.scale, (x + wide) * self.scale, (y + high) * self.scale]
        self._pen.rectangle(corners, fill=ink)

    def line(
        self, x: float, y: float, to_x: float, to_y: float, ink: Ink = BLACK, line_mm: float = 0.25
    ) -> None:
        """A straight line."""
        ends = [x * self.scale, y * self.scale, to_x * self.scale, to_y * self.scale]
        self._pen.line(ends, ink, self._line(line_mm))

    def ellipse(self, x: float, y: float, radii: tuple[float, float], ink: Ink, line_mm: float = 0.0) -> None:
        """An ellipse about (x, y), filled when it has no line."""
        wide, high = radii
        corners = [
            (x - wide) * self.scale,
            (y - high) * self.scale,
            (x + wide) * self.scale,
            (y + high) * self.scale,
        ]
        if line_mm:
            self._pen.ellipse(corners, outline=ink, width=self._line(line_mm))
        else:
            self._pen.ellipse(corners, fill=ink)

    def shape(self, points: list[tuple[float, float]], ink: Ink) -> None:
        """A filled polygon."""
        self._pen.polygon([(x * self.scale, y * self.scale) for x, y in points], fill=ink)

    def paragraph(
        self, x: float, y: float, wide: float, until: float, mm: float, hand: Hand, ink: Ink
    ) -> float:
        """Lines of writing down to `until`; returns where they end."""
        pitch = mm * float(self.dice.uniform(1.45, 2.0))
        each = max(2, int(wide / mm))
        while y + mm < until:
            length = each if self.dice.uniform() < 0.75 else int(self.dice.integers(2, each + 1))
            self.text(x, y, self.words(length), mm, hand, ink)
            y += pitch
        return y

    def seal(self, x: float, y: float, radius: float = 20.0, ink: Ink = RED) -> None:
        """A round red seal about (x, y), transparent like ink."""
        if self.measured:
            return
        reach = round(radius * self.scale) + 2
        stamp = Image.new("L", (2 * reach, 2 * reach), 0)
        pen = ImageDraw.Draw(stamp)
        line = max(1, round(radius * 0.06 * self.scale))
        pen.ellipse([1, 1, 2 * reach - 2, 2 * reach - 2], outline=255, width=line)
        star = [
            (reach + r * math.sin(turn), reach - r * math.cos(turn))
            for turn, r in ((i * math.pi / 5, reach * (0.3 if i % 2 == 0 else 0.12)) for i in range(10))
        ]
        pen.polygon(star, fill=255)
        face = font("serif", round(radius * 0.26 * self.scale))
        for place, sign in enumerate("天门市政务服务局样张"):
            turn = (place - 4.5) * 0.46
            centre = (reach + reach * 0.74 * math.sin(turn), reach - reach * 0.74 * math.cos(turn))
            pen.text(centre, sign, 255, face, anchor="mm")
        strength = float(self.dice.uniform(0.55, 0.95))
        turned = stamp.rotate(float(self.dice.normal(0, 12))).point([round(v * strength) for v in range(256)])
        at = (round(x * self.scale) - reach, round(y * self.scale) - reach)
        self.image.paste(Image.new("RGB", turned.size, ink), at, turned)

    def picture(self, x: float, y: float, wide: float, high: float) -> None:
        """A photograph of nothing in particular: soft colours, a horizon, shapes."""
        size = (max(4, round(wide * self.scale)), max(4, round(high * self.scale)))
        coarse = self.dice.uniform(10, 245, (int(self.dice.integers(3, 7)), int(self.dice.integers(3, 7)), 3))
        plane = cv2.resize(coarse.astype(np.float32), size, interpolation=cv2.INTER_CUBIC)
        finer = self.dice.normal(0, 22, (24, 32, 1)).astype(np.float32)
        plane = np.clip(plane + cv2.resize(finer, size, interpolation=cv2.INTER_CUBIC)[:, :, None], 0, 255)
        drawn = np.ascontiguousarray(plane.astype(np.uint8))
        for _ in range(int(self.dice.integers(2, 7))):
            centre = (int(self.dice.integers(0, size[0])), int(self.dice.integers(0, size[1])))
            axes = (
                int(self.dice.integers(2, size[0] // 3 + 4)),
                int(self.dice.integers(2, size[1] // 3 + 4)),
            )
            shade = tuple(int(part) for part in self.dice.integers(0, 255, 3))
            cv2.ellipse(drawn, centre, axes, float(self.dice.uniform(0, 180)), 0, 360, shade, -1, cv2.LINE_AA)
        self.image.paste(Image.fromarray(drawn), (round(x * self.scale), round(y * self.scale)))

    def portrait(self, x: float, y: float, wide: float, high: float) -> None:
        """A passport photograph of nobody: a head and shoulders on a plain ground."""
        ground: Ink = [(230, 190, 120), (250, 250, 250), (70, 60, 200)][int(self.dice.integers(0, 3))]
        self.filled(x, y, wide, high, ground)
        skin = int(self.dice.integers(0, 25))
        middle = x + wide / 2
        self.shape(
            [(x + wide * 0.08, y + high), (x + wide * 0.3, y + high * 0.72), (x + wide * 0.7, y + high * 0.72),
             (x + wide * 0.92, y + high)],
            (70 + skin, 60, 55),
        )  # fmt: skip
        self.ellipse(middle, y + high * 0.4, (wide * 0.25, high * 0.29), (30, 28, 28))
        self.ellipse(
            middle, y + high * 0.46, (wide * 0.21, high * 0.25), (150 + skin, 175 + skin, 215 + skin)
        )

    def paper(self, *, rounded_mm: float = 0.0, tints: bool = True) -> Paper:
        """The sheet cut out, with rounded corners if it is a card."""
        bgr = np.asarray(self.image, np.uint8)
        alpha = np.full(bgr.shape[:2], 255, np.uint8)
        if rounded_mm:
            alpha = _rounded(bgr.shape[1], bgr.shape[0], rounded_mm * self.scale)
        return Paper(bgr, alpha, self.size_mm, self.scale, tints=tints)

    def _line(self, mm: float) -> int:
        return max(1, round(mm * self.scale))


def _rounded(width: int, height: int, radius: float) -> NDArray[np.uint8]:
    """A plane whose corners are rounded; its edge is as soft as a pixel."""
    x = np.maximum(np.abs(np.arange(width) - (width - 1) / 2) - (width / 2 - radius), 0)[None, :]
    y = np.maximum(np.abs(np.arange(height) - (height - 1) / 2) - (height / 2 - radius), 0)[:, None]
    return np.asarray(np.clip(radius - np.hypot(x, y) + 0.5, 0, 1) * 255, np.uint8)
