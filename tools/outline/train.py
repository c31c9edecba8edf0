"""Train the finder's networks on generated scenes: `python -m tools.outline.train overview|side --pool FOLDER …`.

Run it with an interpreter that has torch (2.9.1 made the shipped models), from the project's root. One process makes
scenes and writes them into a ring (`scenes`); each network is trained by another one that reads from it, for a given
number of minutes, and leaves `<name>.pt` and `<name>.onnx` in the pool's folder every few minutes.
"""

import argparse
import math
from collections.abc import Callable
from pathlib import Path
from threading import Event
from time import perf_counter

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from kiosk.capture.find_net import DEPTHS, HEIGHT, STATIONS, WIDTH
from tools.outline.lessons import SCENES, Example, Pool, overview, sides
from tools.outline.net import Overview, Side
from tools.outline.scenes import World
from tools.outline.surfaces import Chance

_RENEW = 12_000  # scenes after which the banks of surfaces and papers are made anew
_ENOUGH = 600  # scenes there before a network begins
_FONTS = Path("build/fonts")
_KEEP_S = 150.0
_EMA = 0.998


def make_scenes(folder: Path, seed: int) -> None:
    """Fill the pool for ever."""
    pool = Pool(folder, SCENES, create=True)
    while True:
        world = World(seed, _FONTS)
        for _ in range(_RENEW):
            pool.put(world.scene())
        seed += 1


def _overview_loss(logits: Tensor, answer: Tensor) -> Tensor:
    near = 1 + 2 * answer[:, 1:2]
    loss = functional.binary_cross_entropy_with_logits(logits, answer, reduction="none")
    weights = torch.tensor([1.0, 1.0, 0.5]).view(1, 3, 1, 1)
    return (loss * weights * near).mean()


def _side_loss(logits: Tensor, depth: Tensor) -> Tensor:
    """Cross entropy with the two looks between which the side runs; the 33rd answer is "none"."""
    logits, depth = logits.transpose(1, 2).reshape(-1, DEPTHS + 1), depth.reshape(-1)
    chances = functional.log_softmax(logits, dim=1)
    seen = depth >= 0
    low = depth.clamp(0, DEPTHS - 1.001).floor()
    part = depth - low
    first = chances.gather(1, low.long()[:, None])[:, 0]
    second = chances.gather(1, low.long()[:, None] + 1)[:, 0]
    right = torch.where(seen, (1 - part) * first + part * second, chances[:, DEPTHS] * 0.5)
    places = torch.arange(DEPTHS, dtype=torch.float32)
    mean = (functional.softmax(logits[:, :DEPTHS], dim=1) * places).sum(dim=1)
    off = functional.smooth_l1_loss(mean, depth, reduction="none", beta=0.5) * seen
    return -right.mean() + 0.15 * off.mean()


Lesson = Callable[[Pool, Chance], Example]
Loss = Callable[[Tensor, Tensor], Tensor]
_COURSES: dict[str, tuple[Callable[[], torch.nn.Module], Lesson, Loss, int, tuple[int, ...]]] = {
    "overview": (Overview, overview, _overview_loss, 24, (1, 4, HEIGHT, WIDTH)),
    "side": (Side, sides, _side_loss, 16, (4, 4, DEPTHS, STATIONS)),
}


def train(name: str, folder: Path, seed: int, minutes: float, rate: float, start: Path | None) -> None:
    """Teach one network for `minutes`; the rate of learning falls to nothing by then."""
    make, lesson, loss_of, batch, shape = _COURSES[name]
    torch.manual_seed(seed)
    chance = np.random.default_rng(seed)
    pool = Pool(folder, SCENES, create=False)
    net = make()
    if start is not None:
        net.load_state_dict(torch.load(start))
    net = net.to(memory_format=torch.channels_last)
    kept = torch.optim.swa_utils.AveragedModel(
        net, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(_EMA), use_buffers=True
    )
    optimiser = torch.optim.AdamW(net.parameters(), rate, weight_decay=0.01)
    begun, saved, steps, mean = perf_counter(), perf_counter(), 0, 1.0
    while (spent := (perf_counter() - begun) / (minutes * 60)) < 1:
        warm = min(1.0, (steps + 1) / 200)
        for group in optimiser.param_groups:
            group["lr"] = rate * warm * (0.5 + 0.5 * math.cos(math.pi * spent))
        shown, answer = _batch(pool, chance, lesson, batch)
        with torch.autocast("cpu", torch.bfloat16):
            logits = net(shown)
        loss = loss_of(logits.float(), answer)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        optimiser.step()
        kept.update_parameters(net)
        steps += 1
        mean += (loss.item() - mean) * 0.01
        if steps % 100 == 0:
            speed = steps * batch / (perf_counter() - begun)
            print(f"{name} step {steps} loss {mean:.4f} {speed:.0f}/s pool {int(pool.made[0])}", flush=True)  # noqa: T201
        if perf_counter() - saved > _KEEP_S:
            saved = perf_counter()
            export(kept.module, folder / name, shape)
    export(kept.module, folder / name, shape)


def _batch(pool: Pool, chance: Chance, lesson: Lesson, count: int) -> tuple[Tensor, Tensor]:
    pairs = [lesson(pool, chance) for _ in range(count)]
    shown = torch.from_numpy(np.stack([pair[0] for pair in pairs]))
    answer = torch.from_numpy(np.stack([pair[1] for pair in pairs]))
    if shown.ndim == 5:  # four strips of each
        shown, answer = shown.flatten(0, 1), answer.flatten(0, 1)
    return shown.to(memory_format=torch.channels_last), answer


def export(net: torch.nn.Module, stem: Path, shape: tuple[int, ...]) -> None:
    """Weights as they are now, for torch and for the kiosk."""
    torch.save(net.state_dict(), stem.with_suffix(".pt"))
    net.eval()
    temporary = stem.with_suffix(".part")
    torch.onnx.export(
        net,
        (torch.zeros(shape),),
        str(temporary),
        opset_version=17,
        dynamo=False,
        input_names=["shown"],
        output_names=["logits"],
    )
    temporary.replace(stem.with_suffix(".onnx"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["scenes", *_COURSES])
    parser.add_argument("--pool", type=Path, required=True, help="a folder, best in memory")
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--minutes", type=float, default=45)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--start", type=Path, help="weights (.pt) to go on from")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    torch.set_num_threads(options.threads)
    options.pool.mkdir(parents=True, exist_ok=True)
    if options.what == "scenes":
        make_scenes(options.pool, options.seed)
    else:
        while (
            not (options.pool / "made").exists() or Pool(options.pool, SCENES, create=False).made[0] < _ENOUGH
        ):
            Event().wait(1.0)  # scenes are being made
        train(options.what, options.pool, options.seed, options.minutes, options.rate, options.start)


if __name__ == "__main__":
    main()
