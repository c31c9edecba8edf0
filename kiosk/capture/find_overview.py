"""From the overview's three maps to outlines: one for each core, its sides on the paper's rim."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.capture.find_lines import voted_quad
from kiosk.capture.outline import Quad, clockwise, four_sides, jaccard

Maps = NDArray[np.float32]  #: (3, height, width), 0…1: paper, edge, core

_SEED = 0.3  # chance of being a sheet's core, above which a pixel is one; small cards reach 0.5
_SURE_SEED = 0.6  # the same of a sheet's core beyond doubt: two that only touch below it are two
_HALF = 0.3  # of the larger part: what is less is a crumb that fell off
_SMALLEST = 5  # pixels of a core; a card that covers 2 % of the picture has 60
_MANY = 6  # cores that are told apart
_SPARE = 2  # cores looked at beyond what is wanted, for some may be wrong
_REACH = 5.0  # pixels of the maps: how far a side is looked for from where the outline put it
_STEP = 0.5
_STATIONS = 32
_PLAIN = 0.8  # worth above which no other outline is tried
_TEMPER = 0.4  # the product of two chances, so tempered that plain cases come out above 0.9
_STRAY = 0.25  # of a core: other cores in the same paper that are less than this are crumbs
_NEXT = np.array([1, 2, 3, 0])
_ALONG = np.linspace(0.04, 0.96, _STATIONS, dtype=np.float32)
_LOOKS = np.linspace(0.03, 0.97, 24, dtype=np.float32)
_DEPTHS = np.arange(-_REACH, _REACH + _STEP, _STEP, dtype=np.float32)
_NEARER = np.exp(-((_DEPTHS / _REACH) ** 2))
_EQUAL = 0.7  # pixels of the maps between outlines that need not both be tried; the rim is sought five away
_SAME = 0.4  # Jaccard above which two outlines are one sheet


@dataclass(frozen=True, slots=True)
class Guess:
    """An outline in the maps' pixels (the first one's middle at 0)."""

    quad: Quad
    strength: float  #: 0…1: how sure the overview is


def guesses(maps: Maps, most: int = 4) -> list[Guess]:
    """The sheets that the overview shows, the most convincing first; about `most` are wanted."""
    found: list[Guess] = []
    cores = _cores(maps[2])
    for label, size in enumerate(np.bincount(cores.ravel())[1 : most + 1 + _SPARE], start=1):
        if size < _SMALLEST:
            continue
        seed = cores == label
        best, held = _best(maps, seed, cores)
        if best is not None:
            found.append(Guess(best, float((held * maps[2][seed].mean()) ** _TEMPER)))
    found.sort(key=_rank, reverse=True)
    return _distinct(found)


def _cores(core: NDArray[np.float32]) -> NDArray[np.int32]:
    """Numbers the cores, the largest 1. One that falls into several where it must be surer is several sheets."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats((core > _SEED).astype(np.uint8), connectivity=4)
    _, sure = cv2.connectedComponents((core > _SURE_SEED).astype(np.uint8), connectivity=4)
    parts: list[NDArray[np.bool_]] = []
    for label in np.argsort(-stats[1:, cv2.CC_STAT_AREA], kind="stable")[:_MANY] + 1:
        whole = labels == label
        sizes = np.bincount(sure[whole])
        halves = [part for part in range(1, len(sizes)) if sizes[part] > _HALF * sizes[1:].max()]
        parts += [whole & (sure == part) for part in halves] if len(halves) > 1 else [whole]
    numbered = np.zeros(core.shape, np.int32)
    for number, part in enumerate(sorted(parts, key=np.count_nonzero, reverse=True), start=1):
        numbered[part] = number
    return numbered


def _best(maps: Maps, seed: NDArray[np.bool_], seeds: NDArray[np.int32]) -> tuple[Quad | None, float]:
    """The outline that explains the maps best. Plain cases are settled by the first mask that is looked at."""
    best, best_worth = None, 0.0
    tried: list[Quad] = []
    for roughs in _outlines(maps, seed, seeds):
        rough = roughs[int(_worths(maps, roughs).argmax())]
        if not _is_new(rough, tried):
            continue
        tried.append(rough)
        once = _on_rim(maps, rough)
        held = worth(maps, once)
        if held > best_worth:
            best, best_worth = once, held
        if best_worth > _PLAIN:
            break
    return (None if best is None else clockwise(best)), best_worth


def _rank(guess: Guess) -> float:
    """Larger sheets first among equally sure ones: a slip beside the form is not the form."""
    return float(guess.strength * cv2.contourArea(guess.quad) ** 0.25)


def _distinct(found: list[Guess]) -> list[Guess]:
    kept: list[Guess] = []
    for guess in found:
        if all(jaccard(guess.quad, other.quad) < _SAME for other in kept):
            kept.append(guess)
    return kept


def _outlines(maps: Maps, seed: NDArray[np.bool_], seeds: NDArray[np.int32]) -> Iterator[list[Quad]]:
    """Four-sided outlines of the paper around a core, from each mask some."""
    size = (maps.shape[2], maps.shape[1])
    shared = []
    for mask in _masks(maps):
        blob = _around(mask, seed)
        quads = _different(four_sides(_hull(blob), size))
        if (seeds[blob] > 0).sum() < (1 + _STRAY) * seed.sum():
            yield quads
        else:
            shared.append(quads)  # another core is in it: two sheets that touch
    yield from shared[-1:]


def _different(quads: Iterator[Quad]) -> list[Quad]:
    """Each outline once."""
    kept: list[Quad] = []
    for quad in quads:
        if _is_new(quad, kept):
            kept.append(quad)
    return kept


def _is_new(quad: Quad, others: list[Quad]) -> bool:
    return all(np.abs(quad - other).max() > _EQUAL for other in others)


def _hull(blob: NDArray[np.bool_]) -> NDArray[np.int32]:
    outlines, _ = cv2.findContours(blob.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return np.asarray(cv2.convexHull(max(outlines, key=cv2.contourArea)), np.int32)


def _masks(maps: Maps) -> Iterator[NDArray[np.bool_]]:
    """Where paper is, ever more narrowly: what clings to a sheet falls off where its edge is seen."""
    yield maps[0] > 0.5
    inside = maps[0] - maps[1] > 0.2
    yield inside
    opened = cv2.morphologyEx(inside.astype(np.uint8), cv2.MORPH_OPEN, np.ones((7, 7), np.uint8))
    yield np.asarray(opened > 0)
    yield maps[0] > 0.85


def _around(mask: NDArray[np.bool_], seed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The part of `mask` that hangs together with the seed."""
    _, labels = cv2.connectedComponents((mask | seed).astype(np.uint8), connectivity=4)
    return np.asarray(labels == labels[seed][0])


def _on_rim(maps: Maps, quad: Quad) -> Quad:
    """The outline with its sides where the maps say that paper ends."""
    along, depths = _ALONG, _DEPTHS
    begin, end = quad, quad[_NEXT]
    direction = (end - begin) / np.maximum(np.linalg.norm(end - begin, axis=1, keepdims=True), 1e-6)
    inward = np.stack([-direction[:, 1], direction[:, 0]], axis=1)
    places = begin[:, None] + along[None, :, None] * (end - begin)[:, None]
    looks = places[:, :, None] + depths[None, None, :, None] * inward[:, None, None]
    edge = _sampled(maps[1], looks)
    paper = _sampled(maps[0], looks)
    rise = np.zeros_like(paper)
    np.clip(paper[:, :, 2:] - paper[:, :, :-2], 0, 1, out=rise[:, :, 1:-1])
    vote = (edge + rise) ** 2 * _NEARER
    peak = vote.argmax(axis=2)
    window = np.abs(np.arange(len(depths)) - peak[..., None]) <= 3
    narrow = vote * window
    depth = (narrow * depths).sum(axis=2) / np.maximum(narrow.sum(axis=2), 1e-6)
    weight = np.take_along_axis(edge + rise, peak[..., None], axis=2)[..., 0] / 2
    weight = weight * _within(places, maps.shape[2], maps.shape[1])
    return voted_quad(quad, along, depth.astype(np.float32), weight.astype(np.float32), near=0.7)


def _within(places: NDArray[np.float32], width: int, height: int) -> NDArray[np.bool_]:
    x, y = places[..., 0], places[..., 1]
    return np.asarray((x > 0) & (y > 0) & (x < width - 1) & (y < height - 1))


def _sampled(plane: NDArray[np.float32], places: NDArray[np.float32]) -> NDArray[np.float32]:
    grid = np.ascontiguousarray(places.reshape(-1, places.shape[-2], 2), np.float32)
    seen = cv2.remap(plane, grid, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen.reshape(places.shape[:-1]), np.float32)


def worth(maps: Maps, quad: Quad) -> float:
    """How well an outline explains the maps, 0…1: paper inside, edges all along."""
    return float(_worths(maps, [quad])[0])


def _worths(maps: Maps, quads: list[Quad]) -> NDArray[np.float64]:
    """The same of several; looked up together, which costs hardly more than one."""
    begin = np.stack(quads)
    places = begin[:, :, None] + _LOOKS[None, None, :, None] * (begin[:, _NEXT] - begin)[:, :, None]
    inside = _within(places, maps.shape[2], maps.shape[1])
    count = inside.sum(axis=2)
    edge = _sampled(maps[1], places.reshape(-1, len(_LOOKS), 2)).reshape(inside.shape)
    held = np.where(count > 0, (edge * inside).sum(axis=2) / np.maximum(count, 1), 0.5)
    filled = np.array([_filled(maps[0], quad) for quad in quads])
    return np.asarray(0.5 * filled + 0.3 * held.mean(axis=1) + 0.2 * held.min(axis=1))


def _filled(paper: NDArray[np.float32], quad: Quad) -> float:
    """How much of the outline is paper."""
    mask = np.zeros(paper.shape, np.uint8)
    cv2.fillConvexPoly(mask, np.rint(quad * 16).astype(np.int32), 1, cv2.LINE_8, 4)
    return float(cv2.mean(paper, mask)[0])
