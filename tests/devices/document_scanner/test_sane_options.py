"""Options as scanimage lists them, and jobs in the words of different backends.

The list of `test` is real (scanimage 1.1.1); the lines of other backends are from their manuals, from memory.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.document_scanner import ColourMode, PaperSource, ScanJob
from devices.document_scanner.sane_options import parse_options, plan_for, sources_of
from devices.errors import Condition, Refused

TEST_BACKEND = """
All options specific to device `test:0':
  Scan Mode:
    --mode Gray|Color [Gray]
        Selects the scan mode (e.g., lineart, monochrome, or color).
    --depth 1|8|16 [8]
        Number of bits per sample, typical values are 1 for "line-art" and 8
        for multibit scans.
    --hand-scanner[=(yes|no)] [no]
        Simulate a hand-scanner.
    --three-pass[=(yes|no)] [inactive]
        Simulate a three-pass scanner. In color mode, three frames are
        transmitted.
    --resolution 1..1200dpi (in steps of 1) [50]
        Sets the resolution of the scanned image.
    --source Flatbed|Automatic Document Feeder [Flatbed]
        If Automatic Document Feeder is selected, the feeder will be 'empty'
        after 10 scans.
  Special Options:
    --print-options
        Print a list of all options.
    --red-gamma-table 0..255,... (in steps of 1) [advanced]
        Gamma-correction table for the red band.
  Geometry:
    -l 0..200mm (in steps of 1) [0]
        Top-left x position of scan area.
    -t 0..200mm (in steps of 1) [0]
        Top-left y position of scan area.
    -x 0..200mm (in steps of 1) [80]
        Width of scan-area.
    -y 0..200mm (in steps of 1) [100]
        Height of scan-area.
  Bool test options:
    --bool-hard-select[=(yes|no)] [inactive]
        (3/6) Bool test option that has hard select (and advanced)
    --fixed-constraint-range -42.17..32768us (in steps of 2) [inactive]
        (2/3) Fixed test option with unit microsecond and constraint range
    --string <string> [inactive]
        (1/3) String test option without constraint.
"""

FUJITSU = """
    --source ADF Front|ADF Back|ADF Duplex [ADF Front]
    --mode Lineart|Halftone|Gray|Color [Lineart]
    --resolution 50..600dpi (in steps of 1) [600]
    --page-width 0..221.121mm (in steps of 0.0211639) [215.872]
    --page-height 0..876.695mm (in steps of 0.0211639) [279.364]
    -l 0..215.872mm (in steps of 0.0211639) [0]
    -t 0..279.364mm (in steps of 0.0211639) [0]
    -x 0..215.872mm (in steps of 0.0211639) [215.872]
    -y 0..279.364mm (in steps of 0.0211639) [279.364]
    --page-loaded[=(yes|no)] [yes] [hardware]
    --cover-open[=(yes|no)] [no] [hardware]
"""
BROTHER = """
    --mode Black & White|Gray[Error Diffusion]|True Gray|24bit Color|24bit Color[Fast] [24bit Color[Fast]]
    --resolution 100|150|200|300|400|600|1200|2400|4800|9600dpi [200]
    --source FlatBed|Automatic Document Feeder(left aligned)|Automatic Document Feeder(left aligned,Duplex) [FlatBed]
    -x 0..215.9mm (in steps of 0.0999908) [215.88]
    -y 0..355.6mm (in steps of 0.0999908) [355.567]
"""
EPSON2 = """
    --mode Lineart|Gray|Color [Lineart]
    --depth 8|16 [inactive]
    --resolution 100|200|400dpi [100]
    --source Flatbed|Automatic Document Feeder [Flatbed]
    --adf-mode Simplex|Duplex [inactive]
"""
KVS = """
    --resolution 100..600dpi (in steps of 10) [100]
    --duplex[=(yes|no)] [no]
"""


def plan(listed: str, source: PaperSource, **job: object) -> tuple[str, ...]:
    return plan_for(parse_options(listed), ScanJob(source=source, **job)).arguments  # type: ignore[arg-type]


def test_options_are_read_from_the_real_list() -> None:
    options = parse_options(TEST_BACKEND)
    assert set(options) == {
        "--mode", "--depth", "--hand-scanner", "--three-pass", "--resolution", "--source", "--print-options",
        "--red-gamma-table", "-l", "-t", "-x", "-y", "--bool-hard-select", "--fixed-constraint-range", "--string",
    }  # fmt: skip
    assert options["--mode"].choices == ("Gray", "Color")
    assert options["--source"].choices == ("Flatbed", "Automatic Document Feeder")
    assert options["--source"].now == "Flatbed"
    assert options["--three-pass"].choices == ("yes", "no")
    assert not options["--three-pass"].active
    resolution = options["--resolution"]
    assert (resolution.low, resolution.high, resolution.step, resolution.now) == (1, 1200, 1, "50")
    assert (options["-x"].low, options["-x"].high) == (0, 200)
    assert (options["--fixed-constraint-range"].low, options["--fixed-constraint-range"].step) == (-42.17, 2)
    assert options["--string"].choices == ()


def test_sensors_and_names_with_brackets() -> None:
    assert parse_options(FUJITSU)["--page-loaded"].now == "yes"
    mode = parse_options(BROTHER)["--mode"]
    assert mode.choices[-1] == mode.now == "24bit Color[Fast]"
    assert parse_options(BROTHER)["--resolution"].choices[-1] == "9600"


def test_a_job_in_the_words_of_the_test_backend() -> None:
    assert plan(TEST_BACKEND, PaperSource.FEEDER) == (
        "--source=Automatic Document Feeder", "--mode=Color", "--depth=8", "--resolution=300",
        "-l", "0", "-t", "0", "-x", "200", "-y", "200",
    )  # fmt: skip
    grey = plan(TEST_BACKEND, PaperSource.FLATBED, mode=ColourMode.GREY, area_mm=(85.6, 54.0))
    assert grey[:2] == ("--source=Flatbed", "--mode=Gray")
    assert grey[-4:] == ("-x", "85.6", "-y", "54")


@pytest.mark.parametrize(
    ("listed", "source", "said"),
    [
        (FUJITSU, PaperSource.FEEDER, ("--source=ADF Front",)),
        (FUJITSU, PaperSource.FEEDER_DUPLEX, ("--source=ADF Duplex",)),
        (BROTHER, PaperSource.FLATBED, ("--source=FlatBed",)),
        (BROTHER, PaperSource.FEEDER, ("--source=Automatic Document Feeder(left aligned)",)),
        (BROTHER, PaperSource.FEEDER_DUPLEX, ("--source=Automatic Document Feeder(left aligned,Duplex)",)),
        (EPSON2, PaperSource.FEEDER, ("--source=Automatic Document Feeder", "--adf-mode=Simplex")),
        (EPSON2, PaperSource.FEEDER_DUPLEX, ("--source=Automatic Document Feeder", "--adf-mode=Duplex")),
        (KVS, PaperSource.FEEDER_DUPLEX, ("--duplex=yes",)),
        ("    --source fb|adf [adf]", PaperSource.FEEDER, ("--source=adf",)),
        ("    --source Normal|ADF|ADF Back|ADF Duplex [Normal]", PaperSource.FEEDER, ("--source=ADF",)),
        (
            "    --source Document Table|ADF [Document Table]",
            PaperSource.FLATBED,
            ("--source=Document Table",),
        ),
    ],
)
def test_sources_go_by_many_names(listed: str, source: PaperSource, said: tuple[str, ...]) -> None:
    assert plan(listed, source)[: len(said)] == said


@pytest.mark.parametrize(
    ("listed", "source"),
    [
        (TEST_BACKEND, PaperSource.FEEDER_DUPLEX),
        (FUJITSU, PaperSource.FLATBED),
        ("    --source Normal|Transparency|Negative [Normal]", PaperSource.FEEDER),
    ],
)
def test_a_source_that_is_not_there_is_refused(listed: str, source: PaperSource) -> None:
    with pytest.raises(Refused) as refused:
        plan(listed, source)
    assert refused.value.condition is Condition.BAD_COMMAND
    assert source not in sources_of(parse_options(listed))


def test_the_technician_may_name_the_source() -> None:
    job = ScanJob(source=PaperSource.FEEDER_DUPLEX)
    said = plan_for(parse_options(TEST_BACKEND), job, {PaperSource.FEEDER_DUPLEX: "Both"}).arguments
    assert said[0] == "--source=Both"


def test_the_colours_that_are_asked_for() -> None:
    assert "--mode=24bit Color" in plan(BROTHER, PaperSource.FEEDER)
    assert "--mode=True Gray" in plan(BROTHER, PaperSource.FEEDER, mode=ColourMode.GREY)
    assert "--depth=8" not in plan(EPSON2, PaperSource.FEEDER)  # inactive


@pytest.mark.parametrize(
    ("offered", "asked", "chosen"),
    [
        ("100|200|400dpi [100]", 300, 400),
        ("100|200|400dpi [100]", 200, 200),
        ("75|150dpi [75]", 300, 150),
        ("50..600dpi (in steps of 1) [600]", 300, 300),
        ("100..600dpi (in steps of 7) [100]", 200, 205),
        ("100..250dpi (in steps of 100) [100]", 300, 200),
        ("100..250dpi [100]", 300, 250),
        ("300..600dpi (in steps of 300) [300]", 200, 300),
        ("auto||75|100|200|300dpi [auto]", 250, 300),
    ],
)
def test_the_resolution_is_one_that_is_offered(offered: str, asked: int, chosen: int) -> None:
    made = plan_for(parse_options(f"    --resolution {offered}"), ScanJob(resolution_dpi=asked))
    assert made.resolution_dpi == chosen
    assert made.arguments == (f"--resolution={chosen}",)


def test_a_long_sheet_needs_the_feeders_own_page_size() -> None:
    said = plan(FUJITSU, PaperSource.FEEDER)
    assert said.index("--page-height=297") < said.index("-y")
    assert said[-2:] == ("-y", "297")  # more than the list offers: the page grows with --page-height


@given(st.text(max_size=300))
def test_no_text_is_too_strange(text: str) -> None:
    options = parse_options("    --source " + text + "\n" + text)
    for source in sources_of(options):
        assert isinstance(plan_for(options, ScanJob(source=source)).arguments, tuple)


@pytest.mark.parametrize("job", [{"resolution_dpi": 150}, {"most_pages": 0}, {"area_mm": (0, 5)}])
def test_jobs_that_make_no_sense(job: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="must lie between"):
        ScanJob(**job)  # type: ignore[arg-type]
