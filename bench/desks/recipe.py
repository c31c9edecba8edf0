"""The peer: the contour recipe that every tutorial of document scanning gives, as it is given there."""

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.desks.camera import Pixels

_HEIGHT = 500  # pixels; the tutorials' own
_LARGEST = 5  # contours looked at


def contour_recipe(pixels: Pixels) -> NDArray[np.float32] | None:
    """Grey, blur, Canny, the largest contours, the first that comes down to four corners."""
    ratio = pixels.shape[0] / _HEIGHT
    small = cv2.resize(pixels, (round(pixels.shape[1] / ratio), _HEIGHT))
    grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), (5, 5), 0)
    edged = cv2.Canny(grey, 75, 200)
    contours = cv2.findContours(edged, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)[0]
    for contour in sorted(contours, key=cv2.contourArea, reverse=True)[:_LARGEST]:
        corners = cv2.approxPolyDP(contour, 0.02 * cv2.arcLength(contour, True), True)
        if len(corners) == 4:
            return np.asarray(corners.reshape(4, 2) * ratio, np.float32)
    return None
