"""The guide as one HTML page that needs nothing else: headings, tables and the flow chart as SVG."""

from collections.abc import Iterable
from html import escape

from kiosk.catalogue.flow_chart import ARROW, LEADING, PAD, TEXT, WIDTH, Band, ChartBox
from kiosk.catalogue.guide_parts import GuideSection

_STYLE = """
body{font-family:"Noto Sans SC","Microsoft YaHei",sans-serif;max-width:210mm;margin:0 auto;padding:8mm}
body{color:#1b1f24;line-height:1.6}
h1{font-size:1.7em;margin:0 0 .2em}
h2{font-size:1.15em;margin:1.4em 0 .4em;border-left:5px solid #1f4e79;padding-left:.5em}
table{border-collapse:collapse;width:100%}
td,th{border:1px solid #b8c1cc;padding:.3em .6em;text-align:left;vertical-align:top}
th{background:#e8eef5}td{white-space:pre-line}
.sample{background:#b3261e;color:#fff;border-radius:4px;padding:.1em .6em;font-size:.6em;vertical-align:middle}
svg{width:100%;height:auto}
ul{padding-left:1.3em;margin:.3em 0}
@media print{h2{break-after:avoid}tr{break-inside:avoid}}
"""
_FILL = {True: "#1f4e79", False: "#ffffff"}


def guide_page(title: str, sample: str, sections: Iterable[GuideSection], chart: tuple[Band, ...]) -> str:
    """The whole page. `sample`: what stands beside the title of a matter whose package is ours; "" otherwise."""
    badge = f' <span class="sample">{escape(sample)}</span>' if sample else ""
    body = "".join(_section(section, chart) for section in sections)
    return (
        f'<!doctype html>\n<html lang="zh-Hans"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head>\n<body><h1>{escape(title)}{badge}</h1>\n{body}</body></html>\n"
    )


def _section(section: GuideSection, chart: tuple[Band, ...]) -> str:
    head = f"<h2>{escape(section.title)}</h2>\n"
    if section.name == "flow" and chart:
        return head + svg(chart)
    if not section.columns:
        return head + "<ul>" + "".join(f"<li>{escape(row[0])}</li>" for row in section.rows) + "</ul>\n"
    heads = "".join(f"<th>{escape(section.columns[at])}</th>" for at in section.shown)
    rows = "".join(
        f"<tr>{''.join(f'<td>{escape(row[at])}</td>' for at in section.shown)}</tr>\n" for row in section.rows
    )
    return f"{head}<table><thead><tr>{heads}</tr></thead><tbody>\n{rows}</tbody></table>\n"


def svg(chart: tuple[Band, ...]) -> str:
    """The flow chart, one user unit a millimetre."""
    drawn, top = [], 0.0
    for number, band in enumerate(chart):
        if number:
            drawn.append(_arrow(top))
            top += ARROW
        if band.label:
            middle = top + band.height / 2 + TEXT / 3
            drawn.append(f'<text x="0" y="{middle:.1f}" class="l">{escape(band.label)}</text>')
        drawn += [_box(box, top) for box in band.boxes]
        top += band.height
    style = f"text{{font-size:{TEXT}px}}.h,.l{{font-weight:bold}}.n{{fill:#5a6572}}.w{{fill:#fff}}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 {WIDTH + 2:.1f} {top + 2:.1f}" role="img">'
        f"<style>{style}</style>\n{''.join(drawn)}</svg>\n"
    )


def _arrow(top: float) -> str:
    x, tip = WIDTH / 2, top + ARROW - 0.6
    return (
        f'<path d="M{x:.1f} {top + 0.6:.1f}V{tip - 2:.1f}" stroke="#1f4e79" stroke-width=".7"/>'
        f'<path d="M{x - 1.6:.1f} {tip - 2.2:.1f}h3.2l-1.6 2.2z" fill="#1f4e79"/>\n'
    )


def _box(box: ChartBox, top: float) -> str:
    y = top + box.y
    shape = (
        f'<rect x="{box.x:.1f}" y="{y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" '
        f'rx="{3 if box.ends else 1.5}" fill="{_FILL[box.ends]}" stroke="#1f4e79" stroke-width=".5"/>'
    )
    texts = []
    for number, line in enumerate(box.lines):
        base = y + PAD + number * LEADING + (LEADING + TEXT) / 2 - 0.6
        kind = "h w" if box.ends else line.kind[0]
        x, anchor = (box.x + box.width / 2, ' text-anchor="middle"') if box.ends else (box.x + PAD, "")
        texts.append(f'<text x="{x:.1f}" y="{base:.1f}" class="{kind}"{anchor}>{escape(line.text)}</text>')
    return shape + "".join(texts) + "\n"
