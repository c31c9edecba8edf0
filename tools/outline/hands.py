"""Fingers on a sheet's edge, and whole hands that lie on the desk."""

import cv2
import numpy as np

from tools.outline.surfaces import Chance, Pixels
from tools.outline.things import Points, box, capsule, shade_under


def hand(picture: Pixels, middle: Points, size: float, chance: Chance) -> None:
    """A hand lying flat: fingers spread, a palm and an arm that comes from somewhere."""
    turn = chance.uniform(0, 2 * np.pi)
    skin = np.array([chance.uniform(45, 175), chance.uniform(65, 195), chance.uniform(95, 240)])
    outwards = np.array([np.cos(turn), np.sin(turn)])
    wide = size * chance.uniform(0.13, 0.2)
    wrist = middle - outwards * size * chance.uniform(1.5, 4)
    shade_under(picture, box((float(middle[0]), float(middle[1])), size, size * 0.7, turn), chance)
    sleeve = np.clip(skin * chance.uniform(0.2, 1.2, 3), 0, 255) if chance.random() < 0.4 else skin * 0.97
    capsule(picture, wrist, middle - outwards * 0.3 * size, size * 0.5, sleeve)
    cv2.circle(
        picture, np.rint(middle).astype(int).tolist(), int(size * 0.34), skin.tolist(), -1, cv2.LINE_AA
    )
    spread = chance.uniform(0.1, 0.32)
    for number in range(5):
        lean = turn + (number - 2) * spread * (1.6 if number == 4 else 1.0)
        tip = middle + np.array([np.cos(lean), np.sin(lean)]) * size * chance.uniform(0.6, 0.9)
        capsule(picture, middle, tip, wide, skin * 0.9)
        capsule(picture, middle, tip, wide * 0.75, skin)


def finger(picture: Pixels, tip: Points, chance: Chance) -> None:
    """A finger or several of a hand, coming from outside and ending at `tip`."""
    height, width = picture.shape[:2]
    away = tip - np.array([width / 2, height / 2]) + chance.normal(0, 60, 2)
    away /= max(1.0, float(np.linalg.norm(away)))
    thick = chance.uniform(14, 60)
    skin = np.array([chance.uniform(70, 160), chance.uniform(100, 185), chance.uniform(150, 235)])
    aside = np.array([-away[1], away[0]])
    for number in range(int(chance.choice([1, 1, 1, 2, 4]))):
        end = tip + aside * thick * 1.15 * number + away * chance.uniform(-0.4, 0.6) * thick
        start = end + away * 700
        middle = end + away * 60
        turn = float(np.arctan2(away[1], away[0]))
        shade_under(picture, box((float(middle[0]), float(middle[1])), 120, thick, turn), chance)
        capsule(picture, start, end, thick, skin * 0.86)
        capsule(picture, start, end - away, thick * 0.75, skin)
        if chance.random() < 0.5:
            nail = np.rint(end - away * thick * 0.1).astype(int).tolist()
            axes = (max(1, int(thick * 0.28)), max(1, int(thick * 0.22)))
            cv2.ellipse(
                picture,
                nail,
                axes,
                float(np.degrees(turn)),
                0,
                360,
                np.clip(skin + 28, 0, 255).tolist(),
                -1,
                cv2.LINE_AA,
            )
    if chance.random() < 0.3:
        palm = tip + away * chance.uniform(2.5, 5) * thick
        cv2.circle(
            picture,
            np.rint(palm).astype(int).tolist(),
            int(thick * 2),
            (skin * 0.95).tolist(),
            -1,
            cv2.LINE_AA,
        )
