"""Pictures of screens as files: light, and small ones that are still honest. No Kivy here."""

from pathlib import Path

from PIL import Image


def save(picture: Image.Image, path: Path, colours: int = 256) -> None:
    """Write a PNG with a palette: where that loses nothing that an eye sees, goldens stay light."""
    light = picture.quantize(colors=colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    light.save(path, optimize=True)


def smaller(picture: Image.Image, times: int = 3) -> Image.Image:
    """So many times smaller, each pixel the mean of those that it stands for."""
    return picture.reduce(times)
