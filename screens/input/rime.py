"""librime by ctypes: the plain C functions that Debian's librime1 1.8.5 exports, with the pinyin-simp tables.

Source: rime_api.h of librime 1.8.5 (struct layouts and flags); house style §13, trap 3.
librime learns what is chosen and writes it below its user folder. That folder stands in memory (/dev/shm), is
removed by `forget`, and leftovers of a process that was killed are removed by the next one.
"""

import ctypes
import functools
import os
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from screens.input.composition import MOST_CANDIDATES, Composition

LIBRARY = "librime.so.1"
_SHARED_DATA = Path("/usr/share/rime-data")
_SCHEMA = b"pinyin_simp"
TABLE = _SHARED_DATA / "build" / "pinyin_simp.table.bin"

#: X11 key symbols, which librime takes as key codes
_BACKSPACE = 0xFF08
_PAGE_DOWN = 0xFF56

#: candidates per page in pinyin_simp's schema (menu/page_size); a digit key chooses within the page
_PAGE_SIZE = 5

#: glog levels: 0 info … 3 fatal. Anything less than fatal could carry what was typed
_LOG_ONLY_FATAL = 3

_FOLDER_PREFIX = "pinyin-"


class _Traits(ctypes.Structure):
    _fields_ = [
        ("data_size", ctypes.c_int),
        ("shared_data_dir", ctypes.c_char_p),
        ("user_data_dir", ctypes.c_char_p),
        ("distribution_name", ctypes.c_char_p),
        ("distribution_code_name", ctypes.c_char_p),
        ("distribution_version", ctypes.c_char_p),
        ("app_name", ctypes.c_char_p),
        ("modules", ctypes.POINTER(ctypes.c_char_p)),
        ("min_log_level", ctypes.c_int),
        ("log_dir", ctypes.c_char_p),
        ("prebuilt_data_dir", ctypes.c_char_p),
        ("staging_dir", ctypes.c_char_p),
    ]


class _Candidate(ctypes.Structure):
    _fields_ = [("text", ctypes.c_char_p), ("comment", ctypes.c_char_p), ("reserved", ctypes.c_void_p)]


class _Composition(ctypes.Structure):
    _fields_ = [
        ("length", ctypes.c_int),
        ("cursor_pos", ctypes.c_int),
        ("sel_start", ctypes.c_int),
        ("sel_end", ctypes.c_int),
        ("preedit", ctypes.c_char_p),
    ]


class _Menu(ctypes.Structure):
    _fields_ = [
        ("page_size", ctypes.c_int),
        ("page_no", ctypes.c_int),
        ("is_last_page", ctypes.c_int),
        ("highlighted_candidate_index", ctypes.c_int),
        ("num_candidates", ctypes.c_int),
        ("candidates", ctypes.POINTER(_Candidate)),
        ("select_keys", ctypes.c_char_p),
    ]


class _Context(ctypes.Structure):
    _fields_ = [
        ("data_size", ctypes.c_int),
        ("composition", _Composition),
        ("menu", _Menu),
        ("commit_text_preview", ctypes.c_char_p),
        ("select_labels", ctypes.POINTER(ctypes.c_char_p)),
    ]


class _Commit(ctypes.Structure):
    _fields_ = [("data_size", ctypes.c_int), ("text", ctypes.c_char_p)]


class _CandidateList(ctypes.Structure):
    _fields_ = [("ptr", ctypes.c_void_p), ("index", ctypes.c_int), ("candidate", _Candidate)]


_SESSION = ctypes.c_size_t

_ARGUMENTS: dict[str, list[Any]] = {
    "RimeSetup": [ctypes.POINTER(_Traits)],
    "RimeInitialize": [ctypes.POINTER(_Traits)],
    "RimeFinalize": [],
    "RimeCreateSession": [],
    "RimeDestroySession": [_SESSION],
    "RimeSelectSchema": [_SESSION, ctypes.c_char_p],
    "RimeProcessKey": [_SESSION, ctypes.c_int, ctypes.c_int],
    "RimeClearComposition": [_SESSION],
    "RimeGetContext": [_SESSION, ctypes.POINTER(_Context)],
    "RimeFreeContext": [ctypes.POINTER(_Context)],
    "RimeGetCommit": [_SESSION, ctypes.POINTER(_Commit)],
    "RimeFreeCommit": [ctypes.POINTER(_Commit)],
    "RimeCandidateListBegin": [_SESSION, ctypes.POINTER(_CandidateList)],
    "RimeCandidateListNext": [ctypes.POINTER(_CandidateList)],
    "RimeCandidateListEnd": [ctypes.POINTER(_CandidateList)],
}


def installed(library: str = LIBRARY, table: Path = TABLE) -> bool:
    """Whether the library and its prebuilt tables are on this machine."""
    try:
        return table.exists() and ctypes.CDLL(library) is not None
    except OSError:
        return False


class RimeEngine:
    """A `PinyinEngine` on librime. Only one may be open in a process; `forget` closes it until the next key."""

    name = "rime"

    def __init__(self, scratch: Path | None = None) -> None:
        """`scratch`: where the folder of one visit is made; memory (/dev/shm) when not given."""
        self._scratch = scratch or _memory_folder()
        self._library = _load()
        _log_set_up()
        self._session = 0
        self._end: weakref.finalize[Any, RimeEngine] | None = None
        _sweep(self._scratch)

    def type(self, letter: str) -> Composition:
        self._library.RimeProcessKey(self._open(), ord(letter), 0)
        return self._composition()

    def erase(self) -> Composition:
        self._library.RimeProcessKey(self._open(), _BACKSPACE, 0)
        return self._composition()

    def choose(self, index: int) -> Composition:
        session = self._open()
        for _ in range(index // _PAGE_SIZE):
            self._library.RimeProcessKey(session, _PAGE_DOWN, 0)
        self._library.RimeProcessKey(session, ord("1") + index % _PAGE_SIZE, 0)
        return self._composition()

    def clear(self) -> None:
        if self._session:
            self._library.RimeClearComposition(self._session)

    def forget(self) -> None:
        if self._end is not None:
            self._end()
        self._session, self._end = 0, None

    def _open(self) -> int:
        """The session, opened at the first key of a visit with an empty user folder."""
        if not self._session:
            folder = Path(tempfile.mkdtemp(prefix=f"{_FOLDER_PREFIX}{os.getpid()}-", dir=self._scratch))
            traits = _traits(folder)
            self._library.RimeSetup(traits)
            self._library.RimeInitialize(traits)
            self._session = self._library.RimeCreateSession()
            self._end = weakref.finalize(self, _close, self._library, self._session, folder)
            self._library.RimeSelectSchema(self._session, _SCHEMA)
        return self._session

    def _composition(self) -> Composition:
        finished = self._commit()
        context = _sized(_Context())
        self._library.RimeGetContext(self._session, context)
        spelled = (context.composition.preedit or b"").decode()
        self._library.RimeFreeContext(context)
        return Composition(spelled, tuple(self._candidates()) if spelled else (), finished)

    def _commit(self) -> str:
        commit = _sized(_Commit())
        if not self._library.RimeGetCommit(self._session, commit):
            return ""
        text: bytes = commit.text or b""
        self._library.RimeFreeCommit(commit)
        return text.decode()

    def _candidates(self) -> Iterator[str]:
        rows = _CandidateList()
        if not self._library.RimeCandidateListBegin(self._session, rows):
            return
        for _ in range(MOST_CANDIDATES):
            if not self._library.RimeCandidateListNext(rows):
                break
            yield rows.candidate.text.decode()
        self._library.RimeCandidateListEnd(rows)


@functools.cache
def _load() -> ctypes.CDLL:
    """The library with its signatures, once per process."""
    library = ctypes.CDLL(LIBRARY)
    for name, arguments in _ARGUMENTS.items():
        getattr(library, name).argtypes = arguments
    library.RimeCreateSession.restype = _SESSION
    return library


@functools.cache
def _log_set_up() -> None:
    """Silence glog. A function of its own because setting it up twice ends the process."""
    traits = _traits(Path("/nonexistent"))
    traits.app_name = b"rime.kiosk"
    traits.min_log_level = _LOG_ONLY_FATAL
    traits.log_dir = b""  # the empty name means stderr: no log file is made
    _load().RimeSetup(traits)


def _traits(user_data: Path) -> _Traits:
    traits: _Traits = _sized(_Traits())
    traits.shared_data_dir = os.fsencode(_SHARED_DATA)
    traits.user_data_dir = os.fsencode(user_data)
    traits.distribution_name = traits.distribution_code_name = b"kiosk"
    traits.distribution_version = b"1"
    return traits


def _sized(structure: Any) -> Any:
    """librime's versioned structs count their size without the counter itself (RIME_STRUCT_INIT)."""
    structure.data_size = ctypes.sizeof(structure) - ctypes.sizeof(ctypes.c_int)
    return structure


def _close(library: ctypes.CDLL, session: int, folder: Path) -> None:
    library.RimeDestroySession(session)
    library.RimeFinalize()
    shutil.rmtree(folder)


def _memory_folder() -> Path:
    memory = Path("/dev/shm")
    return memory if os.access(memory, os.W_OK) else Path(tempfile.gettempdir())


def _sweep(scratch: Path) -> None:
    """Remove the folders of processes that no longer live: they were killed in the middle of a visit."""
    for folder in scratch.glob(f"{_FOLDER_PREFIX}*-*"):
        owner = folder.name.removeprefix(_FOLDER_PREFIX).split("-")[0]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            shutil.rmtree(folder, ignore_errors=True)
