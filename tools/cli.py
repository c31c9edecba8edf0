"""`python run_kiosk.py …`: reads arguments and hands over. Exit codes: 0 fine, 1 not fine, 2 bad input."""

import argparse
import gc
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from tools.bundle.arguments import add_bundle_verb
from tools.health.arguments import add_health_verb
from tools.release.verbs import add_release_verbs
from tools.setup.arguments import add_setup_verb
from tools.tending_arguments import add_tending_verb
from tools.trust_verbs import add_trust_verbs
from tools.where import CONFIG

_Verbs: TypeAlias = (
    "argparse._SubParsersAction[argparse.ArgumentParser]"  # argparse has no public name for it
)

ROOT = Path(__file__).resolve().parent.parent
_WITH_DEVICES = ("run", "doctor", "devices", "setup")  # these may be pointed at emulated chips and watchdogs


def parser() -> argparse.ArgumentParser:
    """Every verb. Imports of a verb's own module happen when it is chosen, so that `--help` is quick everywhere."""
    top = argparse.ArgumentParser(
        prog="run_kiosk.py", description="Self-service terminal for joint-service matters."
    )
    top.set_defaults(verb="run", config=CONFIG, profile=None)
    verbs = top.add_subparsers(title="verbs", metavar="VERB")
    _run(verbs)
    _demo(verbs)
    _doctor(verbs)
    _devices(verbs)
    _capture(verbs)
    _codes(verbs)
    _ocr(verbs)
    _voice(verbs)
    _outbox(verbs)
    _backend(verbs)
    _config(verbs)
    _catalogue(verbs)
    _screens(verbs)
    _docs(verbs)
    _soak(verbs)
    add_trust_verbs(verbs)
    add_setup_verb(verbs, _configured)
    add_release_verbs(verbs)
    add_tending_verb(verbs)
    add_bundle_verb(verbs)
    add_health_verb(verbs)
    return top


def _configured(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--config", type=Path, default=CONFIG, metavar="FILE", help="default: config/terminal.toml"
    )
    verb.add_argument("--profile", default=None, metavar="NAME", help="a profile of config/profiles")


def _run(verbs: _Verbs) -> None:
    run = verbs.add_parser("run", help="the kiosk of config/terminal.toml (also without a verb)")
    _configured(run)
    run.set_defaults(verb="run")
    uploader = verbs.add_parser("uploader", help="the process that empties the outbox")
    _configured(uploader)
    uploader.set_defaults(verb="uploader")
    enrol = verbs.add_parser("enrol", help="make this terminal known to the platform")
    _configured(enrol)
    how = enrol.add_mutually_exclusive_group(required=True)
    how.add_argument("--code", help="the operator's one-time code")
    how.add_argument("--renew-key", action="store_true", help="a new signing key for an enrolled terminal")
    enrol.set_defaults(verb="enrol")


def _demo(verbs: _Verbs) -> None:
    demo = verbs.add_parser(
        "demo", help="everything on emulated devices: a kiosk to try, or a whole visit by itself"
    )
    demo.add_argument(
        "--headless", action="store_true", help="walk a visit on a virtual screen and leave its pictures"
    )
    demo.add_argument(
        "--keys",
        action="store_true",
        help="with --headless: walk by the keypad alone, no pointer touches the glass",
    )
    demo.add_argument(
        "--offline", action="store_true", help="keep the backend down until the receipt is printed"
    )
    demo.add_argument(
        "--out", type=Path, default=Path("build/demo"), metavar="DIR", help="default: build/demo"
    )
    demo.set_defaults(verb="demo")


def _doctor(verbs: _Verbs) -> None:
    doctor = verbs.add_parser("doctor", help="one line per device and service: ok, or code and hint")
    _configured(doctor)
    doctor.add_argument("--json", action="store_true")
    doctor.add_argument(
        "--machine",
        type=Path,
        default=Path("/"),
        metavar="FOLDER",
        help="look at the machine whose proc, sys and run are laid out there, in place of this one",
    )
    doctor.add_argument("--services", action="store_true", help="no device: the face that runs may hold it")
    doctor.set_defaults(verb="doctor")


def _devices(verbs: _Verbs) -> None:
    devices = verbs.add_parser(
        "devices", help="list, suggest, probe, watch, test, report, record, replay, read, emulate"
    )
    what = devices.add_subparsers(dest="what", required=True, metavar="WHAT")
    listed = what.add_parser("list", help="every driver, and what it is proven on")
    listed.add_argument("--json", action="store_true")
    read = what.add_parser("read", help="read once from a device")
    read.add_argument("kind", choices=["id-card"])
    read.add_argument("--url", required=True, help="a device path or any pyserial URL")
    read.add_argument(
        "--timeout-s", type=float, default=30.0, metavar="N", help="how long to wait for a card"
    )
    read.add_argument("--json", action="store_true")
    emulate = what.add_parser("emulate", help="serve an emulated device until interrupted")
    emulate.add_argument("driver")
    where = emulate.add_mutually_exclusive_group()
    where.add_argument("--pty", type=Path, metavar="PATH", help="a link to the pseudo-terminal is made here")
    where.add_argument("--tcp", type=_port, metavar="PORT")
    where.add_argument(
        "--udp", type=_port, metavar="PORT", help="datagrams, as a tablet on the network speaks"
    )
    emulate.add_argument(
        "--control", type=_port, metavar="PORT", help="switch its physics here while it runs"
    )
    _technician(what)
    devices.set_defaults(verb="devices")


def _technician(what: _Verbs) -> None:
    suggest = what.add_parser("suggest", help="what hangs on this machine, as TOML to paste")
    suggest.add_argument(
        "--ask", action="store_true", help="also ask free serial ports; stop the kiosk first"
    )
    suggest.add_argument("--json", action="store_true")
    probe = what.add_parser("probe", help="open one configured device and say how it fares")
    probe.add_argument("name", help="its table in terminal.toml, e.g. id_card")
    probe.add_argument("--json", action="store_true")
    watch = what.add_parser("watch", help="how one device fares, live, until interrupted")
    watch.add_argument("name")
    watch.add_argument("--seconds", type=float, default=0.0, metavar="N", help="stop after so long")
    test = what.add_parser("test", help="let devices do what they are for; keeps the dated result")
    test.add_argument("name", nargs="*", help="all that are configured, when none is named")
    report = what.add_parser("report", help="the acceptance report of all tests, as PDF")
    report.add_argument("out", type=Path, metavar="OUT.pdf")
    record = what.add_parser("record", help="the test of one device, kept at the wire")
    record.add_argument("name")
    record.add_argument("tape", type=Path, metavar="TAPE.jsonl")
    record.add_argument("--test-media", action="store_true", help="no real card or code is used")
    replay = what.add_parser("replay", help="what the driver makes of a recorded session, as JSON")
    replay.add_argument("tape", type=Path, metavar="TAPE.jsonl")
    for asking in (test, record):
        asking.add_argument("--answer", choices=["pass", "fail"], help="do not ask a person")
    for configured in (probe, watch, test, report, record):
        _configured(configured)


def _capture(verbs: _Verbs) -> None:
    capture = verbs.add_parser(
        "capture", help="pages out of photographs, scans and PDFs, as the terminal makes them"
    )
    capture.add_argument("images", nargs="+", type=Path, metavar="IMAGE")
    capture.add_argument("--out", type=Path, metavar="FILE.pdf", help="bind the pages")
    capture.add_argument("--mode", choices=["colour", "grey", "bw"], default="colour")
    capture.add_argument(
        "--size",
        choices=["A4", "A5", "B5", "card", "photo-1-inch", "photo-2-inch", "free"],
        default="A4",
        help="what the slot asks for; another shape comes out in its own",
    )
    capture.add_argument(
        "--calibration", type=_scale, metavar="PX_PER_MM", help="the camera's scale on the desk"
    )
    capture.add_argument("--corners-only", action="store_true", help="find and stop")
    capture.add_argument(
        "--calibrate", action="store_true", help="the images show an A4 sheet: keep the scale"
    )
    capture.add_argument(
        "--device", default="", metavar="NAME", help="the camera's stable name, with --calibrate"
    )
    capture.add_argument(
        "--json", action="store_true", help="with --corners-only one object an image and line"
    )
    _configured(capture)
    capture.set_defaults(verb="capture")


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) <= 65535):
        raise argparse.ArgumentTypeError("a port is a number from 0 (any that is free) to 65535")
    return int(text)


def _scale(text: str) -> float:
    scale = float(text)
    if not 0.5 <= scale <= 60:
        raise argparse.ArgumentTypeError(f"{text} px/mm is no document camera's scale (0.5 to 60)")
    return scale


def _codes(verbs: _Verbs) -> None:
    codes = verbs.add_parser("codes", help="the codes in photographs: QR, Code 128, PDF417, Data Matrix …")
    codes.add_argument("images", nargs="+", type=Path, metavar="IMAGE")
    codes.add_argument("--json", action="store_true", help="one object an image and line")
    codes.set_defaults(verb="codes")


def _voice(verbs: _Verbs) -> None:
    voice = verbs.add_parser("voice", help="the screens' voice: sentences to record, say one, try everything")
    what = voice.add_subparsers(dest="what", required=True, metavar="WHAT")
    listed = what.add_parser("list", help="the sentences that can be recorded, by their keys")
    listed.add_argument("--missing", metavar="PACK", help="only what this pack lacks or says otherwise")
    shape = listed.add_mutually_exclusive_group()
    shape.add_argument("--toml", action="store_true", help="as the [said] table of a pack's index.toml")
    shape.add_argument("--json", action="store_true")
    said = what.add_parser("say", help="say this, as a screen would")
    said.add_argument("text", metavar="TEXT")
    said.add_argument("--volume", type=int, choices=range(11), default=None, metavar="0-10")
    said.add_argument("--rate", type=int, choices=range(-3, 4), default=0, metavar="-3-3")
    said.add_argument("--wav", type=Path, default=None, metavar="FILE", help="write it there instead")
    tried = what.add_parser("test", help="each engine, each pack, and a sentence to listen to")
    for one in (listed, said, tried):
        one.add_argument(
            "--language", default=None, metavar="TAG", help="zh-Hans or en; default: the terminal's"
        )
        _configured(one)
    voice.set_defaults(verb="voice")


def _ocr(verbs: _Verbs) -> None:
    ocr = verbs.add_parser("ocr", help="what an identity card, business licence or household register says")
    ocr.add_argument(
        "--kind", required=True, choices=["id-front", "id-back", "business-licence", "household"]
    )
    ocr.add_argument("image", type=Path, metavar="IMAGE", help="a photograph, or a page that is flat already")
    ocr.add_argument("--json", action="store_true")
    ocr.set_defaults(verb="ocr")


def _outbox(verbs: _Verbs) -> None:
    outbox = verbs.add_parser("outbox", help="what waits for delivery")
    what = outbox.add_subparsers(dest="what", required=True, metavar="WHAT")
    status = what.add_parser("status", help="counts and ages")
    listed = what.add_parser("list", help="what waits or needs a technician")
    listed.add_argument("--all", action="store_true", help="also what is delivered")
    listed.add_argument("--most", type=int, default=1000, metavar="N")
    show = what.add_parser("show", help="one case or message")
    retry = what.add_parser("retry", help="offer a case or message again at once")
    for one in (show, retry):
        one.add_argument("id", metavar="ID", help="its id, or the number on the receipt")
    export = what.add_parser("export", help="copy what waits, sealed, to a stick; removes nothing")
    export.add_argument("folder", type=Path, metavar="DIR")
    verify = what.add_parser("verify", help="check the database and every sealed file")
    rebuild = what.add_parser("rebuild", help="make the database anew from the spool; the old one is kept")
    drain = what.add_parser("drain", help="deliver from here until nothing waits")
    drain.add_argument("--timeout-s", type=float, default=600.0, metavar="N")
    for each in (status, listed, show, retry, export, verify, rebuild, drain):
        _configured(each)
    for told in (status, listed, show, export, verify, rebuild):
        told.add_argument("--json", action="store_true")
    outbox.set_defaults(verb="outbox")


def _backend(verbs: _Verbs) -> None:
    backend = verbs.add_parser("backend", help="the reference joint-service platform")
    what = backend.add_subparsers(dest="what", required=True, metavar="WHAT")
    serve = what.add_parser("serve", help="serve until interrupted")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8765, metavar="N")
    serve.add_argument("--data", type=Path, default=Path("build/backend"), metavar="DIR")
    imported = what.add_parser(
        "import", help="take in what a terminal exported to a stick; as often as you like"
    )
    imported.add_argument("folder", type=Path, metavar="DIR")
    imported.add_argument("--data", type=Path, default=Path("build/backend"), metavar="DIR")
    publish = what.add_parser("publish", help="hand a folder out to all terminals, signed, as a new version")
    publish.add_argument("name", choices=["catalogue", "config"])
    publish.add_argument("folder", type=Path, metavar="DIR")
    renewed = what.add_parser("new-recipient", help="a new key to seal to; what was sealed before opens on")
    renewed.add_argument("--days", type=int, metavar="N", help="until it expires; never, when not given")
    terminals = what.add_parser("terminals", help="every terminal ever enrolled")
    revoke = what.add_parser("revoke", help="refuse a terminal from now on; it is told so")
    restore = what.add_parser("restore", help="take a revocation back; it delivers on")
    forget = what.add_parser(
        "forget-key", help="a terminal lost its signing key: its token alone counts again"
    )
    for one in (revoke, restore, forget):
        one.add_argument("terminal", metavar="ID")
    for each in (imported, publish, renewed, terminals, revoke, restore, forget):
        each.add_argument("--json", action="store_true")
    for each in (publish, renewed, terminals, revoke, restore, forget):
        each.add_argument("--data", type=Path, default=Path("build/backend"), metavar="DIR")
    backend.set_defaults(verb="backend")


def _config(verbs: _Verbs) -> None:
    config = verbs.add_parser("config", help="check, show or describe the configuration")
    config.add_argument("what", choices=["check", "show", "schema"])
    _configured(config)
    config.set_defaults(verb="config")


def _catalogue(verbs: _Verbs) -> None:
    catalogue = verbs.add_parser("catalogue", help="check, list and try out the matters")
    catalogue.set_defaults(verb="catalogue")
    what = catalogue.add_subparsers(dest="what", required=True, metavar="WHAT")
    for name, said in (("check", "every mistake with file and line"), ("list", "all matters")):
        what.add_parser(name, help=said).add_argument("--json", action="store_true")
    show = what.add_parser("show", help="one matter, as it is in force")
    show.add_argument("code", metavar="CODE")
    show.add_argument("--json", action="store_true")
    simulate = what.add_parser("simulate", help="what a case asks for and what it saves")
    simulate.add_argument("code", metavar="CODE")
    simulate.add_argument(
        "--answers", type=Path, metavar="FILE", help="JSON: question → answer; else all items"
    )
    simulate.add_argument("--papers", action="store_true", help="every paper, no licence or promise instead")
    simulate.add_argument("--json", action="store_true")
    matrix = what.add_parser("matrix", help="every way to answer against items, fields and materials")
    matrix.add_argument("code", metavar="CODE")
    matrix.add_argument(
        "--out", type=Path, metavar="FILE", help="FILE.html, FILE.xlsx or FILE.tsv; else tab-separated"
    )
    guide = what.add_parser("guide", help="the guide (办事指南) and flow chart, as page and PDF")
    guide.add_argument("code", metavar="CODE")
    guide.add_argument(
        "--out", type=Path, required=True, metavar="DIR|FILE", help="FILE.html, FILE.pdf, or both"
    )
    guide.add_argument("--answers", type=Path, metavar="FILE", help="JSON: question → answer; else all items")
    guide.add_argument("--fonts", type=Path, metavar="DIR", help="default: build/fonts")
    _workbook(what)
    diff = what.add_parser("diff", help="what differs between two matters, days or folders")
    diff.add_argument("old", metavar="A", help="CODE, CODE@2026-01-01 or FOLDER:CODE")
    diff.add_argument("new", metavar="B")
    diff.add_argument("--json", action="store_true")


def _workbook(what: _Verbs) -> None:
    exported = what.add_parser("export", help="a workbook (.xlsx) with one sheet a part and drop-downs")
    exported.add_argument("file", type=Path, metavar="FILE.xlsx")
    exported.add_argument("codes", nargs="*", metavar="CODE", help="default: all matters")
    exported.add_argument("--template", action="store_true", help="no matter: to fill in a new one")
    imported = what.add_parser("import", help="take a workbook in; nothing is changed when anything is wrong")
    imported.add_argument("file", type=Path, metavar="FILE.xlsx")
    imported.add_argument("--check", action="store_true", help="only say what is wrong and what would change")
    for one in (exported, imported):
        one.add_argument("--folder", type=Path, metavar="DIR", help="default: config/catalogue")


def _screens(verbs: _Verbs) -> None:
    screens = verbs.add_parser("screens", help="pictures of every screen")
    what = screens.add_subparsers(dest="what", required=True, metavar="WHAT")
    gallery = what.add_parser(
        "gallery", help="every screen as PNG in every look, language, orientation, with an index page"
    )
    gallery.add_argument("folder", type=Path, metavar="DIR")
    gallery.add_argument("--usual", action="store_true", help="only as most people see them")
    what.add_parser("check", help="look over every screen in every size, language, orientation and reach")
    screens.set_defaults(verb="screens")


def _soak(verbs: _Verbs) -> None:
    soak = verbs.add_parser("soak", help="many accelerated visits with everything that can go wrong")
    soak.add_argument(
        "--visits", type=int, default=1000, metavar="N", help="in all, with those that were walked before"
    )
    soak.add_argument("--seed", type=int, default=1, metavar="S")
    soak.add_argument("--folder", type=Path, default=Path("build/soak"), metavar="DIR")
    soak.add_argument("--resume", action="store_true", help="go on where a soak was ended")
    soak.add_argument("--json", action="store_true", help="one line")
    soak.set_defaults(verb="soak")


def _docs(verbs: _Verbs) -> None:
    docs = verbs.add_parser("docs", help="write the generated pages of docs/")
    docs.add_argument("--check", action="store_true", help="exit 1 when a page is stale")
    docs.add_argument("--pictures", action="store_true", help="also draw the manual's pictures anew")
    docs.add_argument("--pdf", type=Path, metavar="OUT.pdf", help="also bind the technician's manual")
    docs.set_defaults(verb="docs")


def _know_emulated_chips() -> None:
    """`devices.rig.seams.register_seams`, without importing every emulator before the face is there."""
    from devices.signals.gpio_lines import Lines, LineWish, register_chips
    from devices.watchdog.watchdog_file import WatchdogFile, register_watchdogs

    def take(url: str, wishes: Sequence[LineWish]) -> Lines:
        from devices.rig.seams import RemoteLines

        return RemoteLines(url, wishes)

    def open_it(url: str) -> WatchdogFile:
        from devices.rig.seams import RemoteWatchdog

        return RemoteWatchdog(url)

    register_chips("emulated-gpio", take)
    register_watchdogs("emulated-watchdog", open_it)


def main(arguments: Sequence[str]) -> int:
    """Run one verb."""
    asked = parser().parse_args(arguments)
    if asked.verb == "run":
        gc.disable()  # what is imported stays; looking for rubbish in it takes a tenth of the start (tools/face.py)
        os.environ.setdefault(
            "PYDANTIC_DISABLE_PLUGINS", "__all__"
        )  # to look for some reads what every package says
    try:
        return _done(asked)
    finally:
        gc.enable()


def _done(asked: argparse.Namespace) -> int:
    if asked.verb in _WITH_DEVICES:
        _know_emulated_chips()
    match asked.verb:
        case "run":
            from tools.face import run as do
        case "uploader":
            from tools.uploader import run as do
        case "enrol":
            from tools.enrol import run as do
        case "demo":
            from tools.demo.demo import run as do
        case "doctor":
            from tools.doctor import run as do
        case "devices":
            from tools.devices import run as do
        case "capture":
            from tools.capture import run as do
        case "codes":
            from tools.codes import run as do
        case "ocr":
            from tools.ocr import run as do
        case "voice":
            from tools.voice import run as do
        case "outbox":
            from tools.outbox import run as do
        case "backend":
            from tools.backend import run as do
        case "config":
            from tools.config import run as do
        case "catalogue":
            from tools.catalogue import run as do
        case "screens":
            from tools.gallery import run as do
        case "log":
            from tools.log_verb import run as do
        case "retention":
            from tools.retention import run as do
        case "sbom":
            from tools.sbom import run as do
        case "training":
            from tools.training import run as do
        case "tending":
            from tools.tending_verb import run as do
        case "audit":
            from tools.audit import run as do
        case "setup":
            from tools.setup.verb import run as do
        case "release":
            from tools.release.verb import run as do
        case "version":
            from tools.version_verb import run as do
        case "health":
            from tools.health.verb import run as do
        case "support-bundle":
            from tools.bundle.verb import run as do
        case "soak":
            from tools.soak.soak import run as do
        case _:
            from tools.docs import run as do
    return do(asked)
