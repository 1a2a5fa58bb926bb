"""Charts as SVG, from the data of a report. Readable in print and without colour: lines differ by
dashes and marks, areas by hatching, and what matters is written beside it. No picture is shared:
each chart is a Figure of its own (pyplot would share one)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from io import StringIO
from itertools import pairwise
from threading import Lock
from typing import TYPE_CHECKING, Any

from cases.reports import labels
from cases.reports.periods import MONTHS_EN, MONTHS_TR
from cases.reports.wording import number, span, value, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Content = Mapping[str, Any]

INK, GREY, PALE = "#1b2a41", "#7a8699", "#dfe5ee"
TONES = ("#1b2a41", "#b8c4d6", "#5f7c9e", "#e4e9f0", "#8aa0bd", "#3f5b7d", "#cfd8e4", "#9aa5b4")
HATCHES = ("", "///", "", "...", "\\\\\\", "xx", "", "--")
WIDE = (7.2, 2.7)
SIZES: Mapping[str, tuple[float, float]] = {
    "stacked": (7.2, 3.1),
    "pareto": (7.2, 3.1),
    "levels": (7.2, 1.5),
    "strip": (7.2, 3.1),
    "province": (7.2, 3.1),
}
"""Width and height in inches, of those that are not as the others."""
_SETTINGS: Any = {
    "svg.fonttype": "path",
    "svg.hashsalt": "basvuru",  # the same data gives the same bytes
    "font.size": 8.5,
    "hatch.linewidth": 0.5,
    "axes.edgecolor": GREY,
    "axes.linewidth": 0.6,
}
_ONE_AT_A_TIME = Lock()
"""Settings of matplotlib are of the whole process."""


def draw(content: Content, name: str, language: str = "tr") -> str:
    """The chart of that name as SVG. Raises KeyError for a name that there is not."""
    import matplotlib  # noqa: PLC0415  half a second, needed only where something is drawn
    from matplotlib.figure import Figure  # noqa: PLC0415

    size = SIZES.get(name, WIDE)
    with _ONE_AT_A_TIME, matplotlib.rc_context(_SETTINGS):
        figure = Figure(figsize=size, layout="constrained")
        axes = figure.subplots()
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(length=2.5, width=0.6, colors=INK)
        CHARTS[name](axes, content, language)
        out = StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Title": word(name, language)})
    return out.getvalue()


def _trend(axes: "Axes", content: Content, language: str) -> None:
    points = content["trend"]["points"]
    names = [_tick(p["start"], content["trend"]["period"], language) for p in points]
    at = range(len(points))
    lines = (("received", "-", "o"), ("closed", "--", "s"), ("open", ":", "^"))
    ends = _apart([points[-1][key] for key, _, _ in lines], _peak(points) / 12)
    tones = (INK, "#5f7c9e", GREY)
    for (key, dash, mark), tone, end in zip(lines, tones, ends, strict=True):
        values = [p[key] for p in points]
        width = 1.8 if key == "received" else 1.4
        axes.plot(at, values, dash, color=tone, marker=mark, markersize=3.2, linewidth=width,
                  label=word(key, language))  # fmt: skip
        axes.annotate(number(values[-1], 0, language), (len(points) - 1, end), (5, -3),
                      textcoords="offset points", fontsize=8, color=tone)  # fmt: skip
    step = max(1, len(points) // 10)
    axes.set_xticks(list(at)[::-step][::-1], names[::-step][::-1])
    axes.set_ylim(bottom=0)
    _counts(axes, language)
    axes.legend(frameon=False, ncols=3, loc="lower left", bbox_to_anchor=(0, 1), borderpad=0)


def _stacked(axes: "Axes", content: Content, language: str) -> None:
    rows = content["stacked"]
    types = _by_size(rows, "type")
    channels = _by_size(rows, "channel")
    counts = {(row["channel"], row["type"]): row["count"] for row in rows}
    left = [0] * len(channels)
    for index, kind in enumerate(types):
        widths = [counts.get((channel, kind), 0) for channel in channels]
        axes.barh(range(len(channels)), widths, left=left, height=0.7,
                  color=TONES[index % 8], hatch=HATCHES[index % 8], edgecolor="white",
                  linewidth=0.4, label=labels.shown(content, "type", kind, language))  # fmt: skip
        left = [a + b for a, b in zip(left, widths, strict=True)]
    for place, total in enumerate(left):
        axes.annotate(number(total, 0, language), (total, place), (4, -3),
                      textcoords="offset points", fontsize=8)  # fmt: skip
    names = [labels.shown(content, "channel", c, language) for c in channels]
    axes.set_yticks(range(len(channels)), names)
    axes.invert_yaxis()
    _counts(axes, language, across=True)
    axes.margins(x=0.08)
    axes.legend(frameon=False, fontsize=8, ncols=4, loc="lower left", bbox_to_anchor=(0, 1))


def _pareto(axes: "Axes", content: Content, language: str) -> None:
    rows = content["causes"][:12]
    at = range(len(rows))
    axes.bar(at, [row["count"] for row in rows], color="#b8c4d6", edgecolor=INK, linewidth=0.5)
    for place, row in zip(at, rows, strict=True):
        # at the foot of the bar, where the line of shares never runs
        axes.annotate(number(row["count"], 0, language), (place, 0), (0, 3),
                      textcoords="offset points", ha="center", fontsize=8)  # fmt: skip
    names = [labels.shown(content, "cause", row["key"], language) for row in rows]
    axes.set_xticks(at, [_wrapped(name) for name in names], fontsize=7.5)
    _counts(axes, language)
    axes.margins(y=0.12)
    share = axes.twinx()
    share.plot(at, [row["running"] for row in rows], "-o", color=INK, markersize=3, linewidth=1.4,
               label=word("pareto_line", language))  # fmt: skip
    share.axhline(80, color=INK, linestyle=(0, (5, 3)), linewidth=0.9)
    share.set_ylim(0, 105)
    steps = [0, 20, 40, 60, 80, 100]
    share.set_yticks(steps, [_percent(n, language) for n in steps])
    share.spines["top"].set_visible(False)
    share.legend(frameon=False, loc="center right", fontsize=8)


def _ageing(axes: "Axes", content: Content, language: str) -> None:
    rows = content["ageing"]
    names = [span(row["from"], row["to"]) for row in rows]
    tones = ("#e4e9f0", "#cfd8e4", "#9db0c8", "#5f7c9e", "#1b2a41")
    bars = axes.bar(range(len(rows)), [row["count"] for row in rows], color=tones, edgecolor=INK,
                    linewidth=0.5, width=0.65)  # fmt: skip
    axes.bar_label(bars, [number(row["count"], 0, language) for row in rows], padding=2)
    axes.set_xticks(range(len(rows)), names)
    axes.set_xlabel(word("working_days", language))
    _counts(axes, language)
    axes.margins(y=0.12)


def _heat(axes: "Axes", content: Content, language: str) -> None:
    from matplotlib.colors import LinearSegmentedColormap  # noqa: PLC0415

    grid = content["heat"]
    peak = max(max(row) for row in grid) or 1
    tones = LinearSegmentedColormap.from_list("ink", ["#ffffff", INK])
    axes.imshow(grid, cmap=tones, aspect="auto", vmin=0, vmax=peak)
    for weekday, row in enumerate(grid):
        for hour, count in enumerate(row):
            if count:
                axes.text(hour, weekday, str(count), ha="center", va="center", fontsize=6.2,
                          color="white" if count > peak * 0.45 else INK)  # fmt: skip
    axes.set_yticks(range(7), [labels.WEEKDAYS[i][language != "tr"] for i in range(7)])
    axes.set_xticks(range(24), [f"{hour:02d}" for hour in range(24)], fontsize=7.5)
    axes.set_xlabel(word("hour", language))
    for x in (8.5, 17.5):
        axes.axvline(x, color=INK, linewidth=0.7, linestyle=(0, (4, 3)))


def _control(axes: "Axes", content: Content, language: str) -> None:
    data = content["control"]
    points = data["points"]
    at = range(len(points))
    axes.plot(at, [p["count"] for p in points], "-o", color=INK, markersize=3.2, linewidth=1.3)
    if data["mean"] is not None:
        axes.axhline(data["mean"], color=GREY, linewidth=1, label=word("mean", language))
        for limit, text in ((data["lower"], ""), (data["upper"], word("limits", language))):
            axes.axhline(limit, color=INK, linestyle=(0, (5, 3)), linewidth=0.9, label=text or None)
        axes.legend(frameon=False, ncols=2, loc="lower left", bbox_to_anchor=(0, 1), borderpad=0)
        for level in (data["mean"], data["lower"], data["upper"]):
            axes.annotate(number(level, 0, language), (1, level), (3, -3), fontsize=8,
                          xycoords=("axes fraction", "data"), textcoords="offset points",
                          annotation_clip=False)  # fmt: skip
        for place, point in enumerate(points):
            if not data["lower"] <= point["count"] <= data["upper"]:
                axes.plot(place, point["count"], "D", color="white", markeredgecolor=INK,
                          markersize=7, markeredgewidth=1.4)  # fmt: skip
                axes.annotate(number(point["count"], 0, language), (place, point["count"]), (7, 2),
                              textcoords="offset points", fontsize=8)  # fmt: skip
    axes.set_xticks(list(at)[::3], [_tick(p["start"], "week", language) for p in points][::3])
    axes.set_xlabel(word("week", language))
    axes.set_ylim(bottom=0)
    _counts(axes, language)


def _durations(axes: "Axes", content: Content, language: str) -> None:
    rows = content["durations"]
    bars = axes.bar([r["days"] for r in rows], [r["count"] for r in rows], color="#9db0c8",
                    edgecolor=INK, linewidth=0.5, width=0.85)  # fmt: skip
    axes.bar_label(bars, [_bare(r["count"], language) for r in rows], padding=1, fontsize=6.8)
    axes.set_xticks(range(21), [*map(str, range(20)), "20+"])
    axes.axvline(15.5, color=INK, linestyle=(0, (5, 3)), linewidth=0.9)
    axes.annotate(f"15 {word('working_days', language)}", (15.5, 1), (4, -8), fontsize=8,
                  xycoords=("data", "axes fraction"), textcoords="offset points")  # fmt: skip
    axes.set_xlabel(word("working_days", language))
    _counts(axes, language)
    axes.margins(y=0.1)


def _levels(axes: "Axes", content: Content, language: str) -> None:
    """Bullets: how far the bar is from 100 per cent, with a mark where the period before was."""
    rows = levels(content)
    at = range(len(rows))
    axes.barh(at, [100] * len(rows), height=0.72, color=PALE)
    axes.barh(at, [row["value"] for row in rows], height=0.36, color="#5f7c9e", edgecolor=INK,
              linewidth=0.5)  # fmt: skip
    before = [(row["previous"], place) for place, row in enumerate(rows) if row["previous"]]
    if before:
        axes.plot(*zip(*before, strict=True), "|", color=INK, markersize=15, markeredgewidth=2,
                  label=word("previous", language))  # fmt: skip
        axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), borderpad=0)
    for place, row in enumerate(rows):
        axes.annotate(value(row["value"], "percent", language), (100, place), (5, -3),
                      textcoords="offset points", fontsize=8.5, fontweight="bold")  # fmt: skip
    kept = content["definitions"]
    axes.set_yticks(at, [kept[row["name"]][language] for row in rows])
    axes.invert_yaxis()
    steps = range(0, 101, 20)
    axes.set_xticks(steps, [_percent(n, language) for n in steps])
    axes.set_xlim(0, 107)


def _strip(axes: "Axes", content: Content, language: str) -> None:
    """From the fastest tenth to the slowest; the box holds the middle half, the bar its median."""
    rows = content["strip"]
    at = range(len(rows))
    axes.hlines(at, [r["p10"] for r in rows], [r["p90"] for r in rows], color=INK, linewidth=1)
    axes.barh(at, [max(r["p75"] - r["p25"], 0.12) for r in rows], left=[r["p25"] for r in rows],
              height=0.56, color="#b8c4d6", edgecolor=INK, linewidth=0.6,
              label=word("middle_half", language))  # fmt: skip
    axes.plot([r["p50"] for r in rows], at, "|", color=INK, markersize=11, markeredgewidth=2.4,
              label=word("median", language))  # fmt: skip
    names = [
        f"{labels.shown(content, 'branch', r['key'], language)} ({number(r['rows'], 0, language)})"
        for r in rows
    ]
    axes.set_yticks(at, names)
    axes.invert_yaxis()
    axes.set_xlim(left=0)
    axes.set_xlabel(word("working_days", language))
    _counts(axes, language, across=True)
    axes.margins(x=0.08)
    axes.legend(frameon=False, ncols=2, loc="lower left", bbox_to_anchor=(0, 1), borderpad=0)


def _province(axes: "Axes", content: Content, language: str) -> None:
    rows = provinces(content)
    counts = [row["received"]["value"] for row in rows]
    bars = axes.barh(range(len(rows)), counts, height=0.68, color="#9db0c8", edgecolor=INK,
                     linewidth=0.5)  # fmt: skip
    axes.bar_label(bars, [number(n, 0, language) for n in counts], padding=3, fontsize=8)
    names = [labels.shown(content, "province", row["key"], language) for row in rows]
    axes.set_yticks(range(len(rows)), names)
    axes.invert_yaxis()
    axes.margins(x=0.08)
    _counts(axes, language, across=True)


CHARTS: Mapping[str, Callable[["Axes", Content, str], None]] = {
    "trend": _trend,
    "stacked": _stacked,
    "pareto": _pareto,
    "ageing": _ageing,
    "heat": _heat,
    "control": _control,
    "durations": _durations,
    "levels": _levels,
    "strip": _strip,
    "province": _province,
}
STANDARD: Sequence[str] = (
    *("trend", "levels", "stacked", "pareto", "ageing", "durations"),
    *("strip", "heat", "control", "province"),
)
_SHORTER: Mapping[str, Sequence[str]] = {
    "daily": ("trend", "levels", "ageing"),
    "weekly": ("trend", "levels", "stacked", "pareto", "ageing", "heat", "durations", "control"),
}
_LEVELS = ("legal", "sla", "acknowledged_in_hour")


def wanted(content: Content) -> list[str]:
    """Charts of a report that have something to show, in their order; an older report may lack
    what newer ones are drawn from."""
    names = _SHORTER.get(content["kind"], STANDARD)
    return [name for name in names if _has_data(content, name)]


def height(name: str) -> int:
    """Height in pixels of a chart that is 720 wide."""
    return round(100 * SIZES.get(name, WIDE)[1])


def levels(content: Content) -> list[Mapping[str, Any]]:
    """Shares of what was done in time, as far as there was anything to be done."""
    rows = {row["name"]: row for row in content["figures"]}
    kept = [rows[name] for name in _LEVELS if name in rows]
    return [row for row in kept if row["value"] is not None]


def provinces(content: Content) -> list[Mapping[str, Any]]:
    """Rows of the table by province that have one and received something."""
    rows = [r for t in content["tables"] if t["dimension"] == "province" for r in t["rows"]]
    return [row for row in rows if row["key"] and row["received"]["value"]]


def _has_data(content: Content, name: str) -> bool:
    match name:
        case "heat":
            return any(map(any, content["heat"]))
        case "ageing" | "durations":
            return any(row["count"] for row in content[name])
        case "trend" | "control":
            return bool(content[name]["points"])
        case "levels":
            return bool(levels(content))
        case "province":
            return bool(provinces(content))
    return bool(content.get("causes" if name == "pareto" else name))


def _by_size(rows: Sequence[Mapping[str, Any]], key: str) -> list[str]:
    sums: dict[str, int] = {}
    for row in rows:
        sums[row[key]] = sums.get(row[key], 0) + row["count"]
    return sorted(sums, key=lambda one: -sums[one])


def _percent(step: int, language: str) -> str:
    return f"%{step}" if language == "tr" else f"{step} %"


def _bare(count: int, language: str) -> str:
    return number(count, 0, language) if count else ""


def _counts(axes: "Axes", language: str, *, across: bool = False) -> None:
    """Whole numbers with separators, and light lines to read them by."""
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415

    axis = axes.xaxis if across else axes.yaxis
    axis.set_major_locator(MaxNLocator(5, integer=True))
    axis.set_major_formatter(lambda value, _: number(value, 0, language))
    axes.grid(axis="x" if across else "y", color=PALE, linewidth=0.6)
    axes.set_axisbelow(True)


def _tick(start: str, period: str, language: str) -> str:
    day = date.fromisoformat(start)
    if period == "month":
        month = (MONTHS_TR if language == "tr" else MONTHS_EN)[day.month - 1]
        return f"{month[:3]} {day:%y}"
    return f"{day:%d.%m.}"


def _apart(values: Sequence[float], least: float) -> list[float]:
    """Where labels stand beside these values without covering each other."""
    order = sorted(range(len(values)), key=lambda i: values[i])
    out = [float(value) for value in values]
    for lower, upper in pairwise(order):
        out[upper] = max(out[upper], out[lower] + least)
    return out


def _peak(points: Sequence[Mapping[str, Any]]) -> float:
    return max(max(p["received"], p["closed"], p["open"]) for p in points) or 1


def _wrapped(name: str) -> str:
    """In lines of about ten letters, without what stands in brackets."""
    lines: list[str] = [""]
    for part in name.partition(" (")[0].split():
        fits = len(lines[-1]) + len(part) < 10 or not lines[-1]
        lines[-1:] = [f"{lines[-1]} {part}".strip()] if fits else [lines[-1], part]
    return "\n".join(lines[:3])
