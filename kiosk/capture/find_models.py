"""The finder's two networks, loaded when first needed and kept: no torch, one thread, no spinning while idle."""

import functools
import hashlib
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kiosk.capture.find_net import Planes

if TYPE_CHECKING:
    import onnxruntime

_FILES = ("overview.onnx", "side.onnx")


@dataclass(frozen=True, slots=True)
class Models:
    """What a picture is held against."""

    _overview: "onnxruntime.InferenceSession"
    _side: "onnxruntime.InferenceSession"

    def overview(self, planes: Planes) -> NDArray[np.float32]:
        """Chances 0…1 (3, 96, 128) of paper, edge and core for the whole picture's planes (4, 192, 256)."""
        (logits,) = self._overview.run(None, {"shown": planes[None]})
        return np.asarray(_chance(logits[0]), np.float32)

    def side(self, planes: NDArray[np.float32]) -> NDArray[np.float32]:
        """Chances 0…1 (4, 33, 24) that a side runs at one of 32 depths, or (the last) at none."""
        (logits,) = self._side.run(None, {"shown": planes})
        raised = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(raised / raised.sum(axis=1, keepdims=True), np.float32)


def _chance(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))), np.float32)


def read_models() -> tuple[bytes, ...] | None:
    """The models' files as they are shipped; None when one is missing."""
    folder = resources.files("kiosk.capture") / "models"
    try:
        return tuple((folder / name).read_bytes() for name in _FILES)
    except OSError:
        return None


def loaded(files: tuple[bytes, ...] | None) -> Models | None:
    """The networks in `files`; None when there are none or they are no networks."""
    if files is None:
        return None
    import onnxruntime  # as late as possible: a face that starts imports this module

    try:
        return Models(
            *(onnxruntime.InferenceSession(held, _options(), ["CPUExecutionProvider"]) for held in files)
        )
    except _not_loaded():
        return None


def _not_loaded() -> tuple[type[Exception], ...]:
    """What onnxruntime raises for bytes that are no network."""
    import onnxruntime

    state = onnxruntime.capi.onnxruntime_pybind11_state
    return tuple(getattr(state, name) for name in _NOT_LOADED)


_NOT_LOADED = (
    "InvalidProtobuf",
    "InvalidGraph",
    "InvalidArgument",
    "Fail",
    "NotImplemented",
    "RuntimeException",
)


def _options() -> "onnxruntime.SessionOptions":
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # the other core is the face's
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # as quick without, and 17 MB smaller
    options.log_severity_level = 4  # a model that cannot be loaded is told by `identity`, not on stderr
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options


@functools.cache
def models() -> Models | None:
    """The shipped networks; None when they are missing or damaged, and then the classical way is gone."""
    return loaded(read_models())


def identity() -> str:
    """What finds sheets on this terminal, for the technician: the models' first digits, or "classical"."""
    files = read_models()
    if files is None or models() is None:
        return "classical"
    return "networks " + " ".join(hashlib.sha256(held).hexdigest()[:12] for held in files)
