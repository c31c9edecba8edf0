"""The two networks, in torch: where sheets lie in a whole picture, and where exactly a side runs in a strip.

Plain narrow convolutions: on one core without a graphics chip they run nearer to the processor's limit than the
depthwise kind. Imports torch; only training does that.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

Shape = int | tuple[int, int]


def _conv(inward: int, outward: int, stride: Shape = 1, spread: Shape = 1, size: int = 3) -> nn.Module:
    reach = (spread, spread) if isinstance(spread, int) else spread
    padding = (reach[0] * (size // 2), reach[1] * (size // 2))
    return nn.Sequential(
        nn.Conv2d(inward, outward, size, stride, padding, reach, bias=False),
        nn.BatchNorm2d(outward),
        nn.ReLU(inplace=True),
    )


class _Residual(nn.Module):
    def __init__(self, width: int, spread: Shape = 1) -> None:
        super().__init__()
        self.first = _conv(width, width, 1, spread)
        self.second = nn.Sequential(nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width))

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(x + self.second(self.first(x)))


class Overview(nn.Module):
    """(n, 4, 192, 256) -> logits (n, 3, 96, 128): paper, its edges, its core."""

    def __init__(self, widths: tuple[int, int, int, int] = (16, 24, 48, 96)) -> None:
        super().__init__()
        a, b, c, d = widths
        self.stem = _conv(4, a, 2)
        self.quarter = nn.Sequential(_conv(a, b, 2), _conv(b, b))
        self.eighth = nn.Sequential(_conv(b, c, 2), _Residual(c))
        self.sixteenth = nn.Sequential(
            _conv(c, d, 2), _Residual(d), _Residual(d, 2), _Residual(d, 4), _Residual(d, 2)
        )
        self.up_eighth, self.mix_eighth = _conv(d, c, size=1), _conv(c, c)
        self.up_quarter, self.mix_quarter = _conv(c, b, size=1), _conv(b, b)
        self.out = nn.Conv2d(b, 12, 3, 1, 1)
        self.fine = nn.Conv2d(a, 3, 3, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        half = self.stem(x)
        quarter = self.quarter(half)
        eighth = self.eighth(quarter)
        deep = self.up_eighth(self.sixteenth(eighth))
        mixed = self.mix_eighth(functional.interpolate(deep, scale_factor=2, mode="nearest") + eighth)
        raised = functional.interpolate(self.up_quarter(mixed), scale_factor=2, mode="nearest")
        mixed = self.mix_quarter(raised + quarter)
        return functional.pixel_shuffle(self.out(mixed), 2) + self.fine(half)


class Side(nn.Module):
    """(n, 4, 32 across, 96 along) -> logits (n, 33, 24): at which of 32 depths the side runs, and whether at none."""

    def __init__(self, width: int = 24) -> None:
        super().__init__()
        self.first = nn.Sequential(_conv(4, 12, (1, 2)), _conv(12, 16))
        self.body = nn.Sequential(
            _conv(16, width, 2),
            _Residual(width),
            _Residual(width, 2),
            _Residual(width, (1, 4)),
            _Residual(width, (2, 8)),
        )
        self.out = nn.Conv2d(width, 2, 3, 1, 1)
        self.fine = nn.Conv2d(16, 1, 3, (1, 2), 1)
        self.none = nn.Conv2d(width, 1, (16, 1))

    def forward(self, x: Tensor) -> Tensor:
        first = self.first(x)
        body = self.body(first)
        two = self.out(body)  # (n, 2, 16, 24): two depths for each of the 16
        depths = two.transpose(1, 2).reshape(two.shape[0], 32, 24) + self.fine(first)[:, 0]
        return torch.cat([depths, self.none(body)[:, 0]], dim=1)
