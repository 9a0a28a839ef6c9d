"""docs/benchmarks.md: the numbers of one run, as ratios and as measured, with a plot; prints the ratios."""

import datetime
import importlib.metadata
import json
import platform
import subprocess
from pathlib import Path
from string import Template

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt

TEMPLATE = Path(__file__).parent / "report_template.md"
PLOT = "benchmarks.svg"
COLOURS = {"limit": "#8a8f98", "Valence": "#2f6f5e", "FastAPI": "#b9803a", "Gradio": "#a24b5f"}


def write(results: list[dict], texts: Path | None, docs: Path) -> None:
    values = {
        "date": datetime.date.today().isoformat(),
        "processor": processor(),
        "cpus": len([line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("processor")]),
        "system": platform.platform(),
        "versions": ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES),
        "rustc": subprocess.run(["rustc", "--version"], capture_output=True, text=True, check=True).stdout.strip(),
        "texts": "SST-2's dev set" if texts else "texts made by `bench/texts.py`",
        "targets": "\n".join(targets(results)),
        "shares": "\n".join(shares(results)),
        "ratios": "\n".join(ratios(results)),
        "pages": "\n".join(pages(docs.parent / "target" / "lighthouse.json")),
        "limits": "\n".join(limits(results)),
        "loads": "\n".join(loads(results)),
    }
    (docs / "benchmarks.md").write_text(Template(TEMPLATE.read_text(encoding="utf-8")).substitute(values))
    plot(results, docs / PLOT)
    for heading in ("targets", "ratios"):
        print(f"\n{values[heading]}", flush=True)


PACKAGES = ["torch", "transformers", "gradio", "fastapi", "uvicorn", "onnxruntime"]


def processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def best(result: dict) -> dict:
    return max(result["limit"], key=lambda one: one["texts_per_second"])


def alone(result: dict) -> dict:
    """The bare run of single texts on one thread, which a lone client is compared with."""
    return next(one for one in result["limit"] if (one["sessions"], one["threads"], one["rows"]) == (1, 1, 1))


def at(result: dict, who: str, clients: int) -> object:
    return next(one for one in result["loads"][who] if one.clients == clients)


def targets(results: list[dict]) -> list[str]:
    """The goals for the bundled model, and short texts where they name none."""
    first = results[0]
    valence, one = at(first, "Valence", 64), at(first, "Valence", 1)
    largest = max(result["memory"] for result in results if result["shape"] == first["shape"])
    rows = [
        ("texts/s at 64 clients, of the limit", valence.texts_per_second / best(first)["texts_per_second"], 0.90, "≥"),
        ("p50 at 1 client over the bare run's, ms", one.p50_ms - alone(first)["p50_ms"], 0.5, "≤"),
        (
            "texts/s at 64 clients, of the Gradio app's",
            valence.texts_per_second / at(first, "Gradio", 64).texts_per_second,
            15,
            "≥",
        ),
        ("the Gradio app's p50 at 1 client, of Valence's", at(first, "Gradio", 1).p50_ms / one.p50_ms, 5, "≥"),
        ("resident memory after the loads of any length, MB", largest, 150, "≤"),
        ("padding among the tokens run", first["padding"], 0.10, "≤"),
    ]
    return [
        f"| {name} | {sign} {goal} | {value:.2f} | {'yes' if (value >= goal) == (sign == '≥') else '**no**'} |"
        for name, value, goal, sign in rows
    ]


def shares(results: list[dict]) -> list[str]:
    return [
        f"| {result['shape']} | {result['texts']} | "
        + " | ".join(f"{result['shares'][who]:.0%}" for who in ("sessions", "server", "client"))
        + f" | {result['memory']:.0f} |"
        for result in results
    ]


def pages(file: Path) -> list[str]:
    """What Lighthouse last found of each page (`make lighthouse`)."""
    found = json.loads(file.read_text()) if file.exists() else {}
    return [
        f"| {page} | {' / '.join(str(score) for score in one['scores'].values())} | {one['lcp']} | {one['bytes'] / 1000:.0f} |"
        for page, one in found.items()
    ]


def ratios(results: list[dict]) -> list[str]:
    rows = []
    for result in results:
        valence = at(result, "Valence", 64).texts_per_second
        cells = [f"{valence / best(result)['texts_per_second']:.2f}"]
        for peer in ("FastAPI", "Gradio"):
            cells.append(f"{valence / at(result, peer, 64).texts_per_second:.1f} ×")
            cells.append(f"{at(result, peer, 1).p50_ms / at(result, 'Valence', 1).p50_ms:.1f} ×")
        rows.append(f"| {result['shape']} | {result['texts']} | {' | '.join(cells)} |")
    return rows


def limits(results: list[dict]) -> list[str]:
    return [
        f"| {result['shape']} | {result['texts']} | {one['sessions']} × {one['threads']} | {one['rows']} "
        f"| {one['texts_per_second']:.0f} | {one['p50_ms']:.2f} |"
        for result in results
        for one in result["limit"]
    ]


def loads(results: list[dict]) -> list[str]:
    return [
        f"| {result['shape']} | {result['texts']} | {who} | {one.clients} | {one.texts_per_second:.0f} "
        f"| {one.p50_ms:.1f} | {one.p99_ms:.1f} | {one.errors} |"
        for result in results
        for who, some in result["loads"].items()
        for one in some
    ]


def plot(results: list[dict], file: Path) -> None:
    """Texts a second at 64 clients, beside the limit, on a logarithmic scale."""
    figure, axes = plt.subplots(1, len(results), figsize=(2.3 * len(results), 3.2), sharey=True)
    for axis, result in zip(axes, results, strict=True):
        values = {"limit": best(result)["texts_per_second"]}
        values |= {who: at(result, who, 64).texts_per_second for who in result["loads"]}
        bars = axis.bar(list(values), list(values.values()), color=[COLOURS[who] for who in values])
        axis.bar_label(bars, fmt="%.0f", fontsize=7)
        axis.set_yscale("log")
        axis.set_title(f"{result['shape']}\n{result['texts']}", fontsize=8)
        axis.tick_params(labelsize=7)
        axis.tick_params(axis="x", rotation=45)
        axis.spines[["top", "right"]].set_visible(False)
    axes[0].set_ylabel("texts a second, 64 clients", fontsize=8)
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})
