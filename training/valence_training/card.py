"""Fill the model card's template with the figures that the recipe measured."""

from pathlib import Path
from string import Template

from . import calibration, distillation, plot, specialist, step
from .base import MAX_TOKENS
from .export import OPSET
from .graded import MIXED_BELOW
from .phases import PHASES
from .student import TRUTH_SHARE

TEMPLATE = Path(__file__).parent.parent / "card_template.md"
DIAGRAM = "reliability.svg"
# An assumption: what two cores of a server draw.
WATTS = 10
TABLE = [
    "sst2_dev",
    "sst2_dev_as_typed",
    "sst2_dev_joined",
    "goemotions_dev",
    "goemotions_test",
    "customer_reviews",
    "unseen_everyday",
    "unseen_posts",
    "unseen_reviews",
    "unseen_probe",
    "behaviour_with_facts",
]


def write(out: Path, facts: dict) -> None:
    """`facts` has the results of the stages up to `evaluate`."""
    evaluation = facts["evaluate"]
    values = (
        training_values(facts)
        | quantisation_values(facts["quantise"])
        | calibration_values(evaluation["calibration"], facts["calibrate"])
        | limit_values(evaluation)
        | evaluation["confusion"]
    )
    for name in TABLE:
        values[f"{name}_texts"] = evaluation[name]["texts"]
        for precision in ("fp32", "int8"):
            values[f"{name}_{precision}"] = percent(evaluation[name][precision])
    batched = evaluation["sst2_dev_batched"]
    values |= {
        "sst2_dev_int8_value": f"{evaluation['sst2_dev']['int8']:.4f}",
        "batched_accuracy": percent(batched["accuracy"]),
        "labels_changed": batched["labels_changed"],
        "largest_change": f"{batched['largest_change']:.1e}",
        "largest_change_of_full": f"{batched['largest_change_of_full']:.1e}",
        "format_rows": "\n".join(format_rows(evaluation["formats"])),
        "length_rows": "\n".join(length_rows(evaluation["by_length"])),
        "behaviour_rows": "\n".join(behaviour_rows(evaluation["behaviour"])),
        "behaviour_wrong": "; ".join(f"“{text}”" for text in evaluation["behaviour_wrong"]) or "none.",
        "export_difference": f"{facts['export']['difference']:.0e}",
        "opset": OPSET,
        "max_tokens": MAX_TOKENS,
    }
    text = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(values)
    (out / "README.md").write_text(text, encoding="utf-8")
    (out / DIAGRAM).write_text(plot.reliability(evaluation["calibration"]["bins"]), encoding="utf-8")


def training_values(facts: dict) -> dict:
    base, evaluation = facts["base"], facts["evaluate"]
    settings = facts["student"]["settings"]
    minutes = sum(facts[phase]["minutes"] for phase in ("teach", "specialise", "student", *PHASES))
    return {
        "watts": WATTS,
        "watt_hours": round(minutes / 60 * WATTS),
        "weight_decay": settings["weight_decay"],
        "clip": settings["clip"],
        "warm_up": f"{settings['warm_up']:.0%}".replace("%", " %"),
        "average_decay": settings["average_decay"],
        "cycles": settings["cycles"],
        "layers": base["layers"],
        "width": base["width"],
        "parameters": f"{base['parameters'] / 1e6:.1f}",
        "more_words": f"{facts['names']['words']:,}",
        "written_texts": f"{facts['written']['texts']:,}",
        "fold_difference": f"{base['fold_difference']:.0e}",
        "teacher_parameters": f"{facts['teach']['parameters'] / 1e6:.0f}",
        "teacher_trained": f"{facts['teach']['trained_parameters'] / 1e6:.1f}",
        "pool_texts": f"{facts['label']['texts']:,}",
        "feature_texts": f"{facts['features']['texts']:,}",
        "first_weight": f"{distillation.FIRST_WEIGHT:g}",
        "last_weight": f"{distillation.LAST_WEIGHT:g}",
        "truth_share": percent(TRUTH_SHARE),
        "pool_labelled": f"{facts['label']['labelled']:,}",
        **{name: evaluation[name] for name in ("cpus", "torch", "transformers", "onnxruntime")},
        **phase_values("teacher", facts["teach"]),
        **phase_values("student", facts["student"]),
        **phase_values("specialist", facts["specialise"]),
        **{f"{kind}_texts": f"{facts['comments'][kind]:,}" for kind in ("varied", "posts", "asides")},
        "specialists": specialist.ADAPTED,
        "specialist_rank": specialist.RANK,
        "specialist_neutral_share": percent(specialist.NEUTRAL_SHARE),
        **{f"specialist_{split}": percent(right) for split, right in facts["specialise"]["right"].items()},
        **{name: value for phase in PHASES for name, value in phase_values(phase, facts[phase]).items()},
        **{
            f"{name}_{kind}_share": percent(share)
            for name, phase in PHASES.items()
            for kind, share in phase.shares.items()
        },
        "comments_trained_share": percent(PHASES["comments"].trained_share),
    }


def phase_values(name: str, phase: dict) -> dict:
    dev = phase["dev"]
    return {
        f"{name}_examples": f"{phase['examples']:,}",
        f"{name}_epochs": phase["settings"]["epochs"],
        f"{name}_batch_size": phase["settings"]["batch_size"],
        f"{name}_learning_rate": f"{phase['settings']['learning_rate']:.5f}".rstrip("0"),
        f"{name}_seed": phase["settings"]["seed"],
        f"{name}_minutes": round(phase["minutes"]),
        f"{name}_reviews": percent(dev["SST-2"]),
        f"{name}_comments": percent(dev["comments"]),
        f"{name}_behaviour": percent(dev["behaviour"]),
        f"{name}_neutral_mixed": percent(dev["neutral called mixed"]),
    }


def calibration_values(found: dict, fitted: dict) -> dict:
    return {
        "temperature": f"{fitted['temperature']:.2f}",
        "temperature_texts": f"{fitted['texts']:,}",
        "calibration_measured": f"{found['texts']:,}",
        "step_height": f"{fitted['height']:.2f}",
        "step_width": step.WIDTH,
        "step_difference": f"{fitted['step_difference']:.0e}",
        "most_mixed": percent(calibration.MOST_MIXED),
        "error_before": f"{fitted['error_before']:.3f}",
        "error_after": f"{found['error']:.3f}",
        "diagram": DIAGRAM,
    }


def quantisation_values(quantise: dict) -> dict:
    return {
        "megabytes": f"{quantise['bytes'] / 1e6:.1f}",
        "calibration_texts": quantise["texts"],
        "product_error": f"{quantise['error']:.1e}",
    }


def limit_values(evaluation: dict) -> dict:
    bias = evaluation["bias"]
    return {
        "neutral_texts": f"{evaluation['neutral_texts']:,}",
        "neutral_mixed": percent(evaluation["neutral_mixed"]),
        "clear_mixed": percent(evaluation["clear_mixed"]),
        "mixed_below": MIXED_BELOW,
        "bias_pairs": f"{bias['all']['pairs']:,}",
        "bias_turned": percent(bias["all"]["turned"]),
        "bias_rows": "\n".join(
            f"| {name.capitalize()} | {found['pairs']} | {percent(found['turned'])} | "
            f"{found['mean']:.3f} | {found['worst']:.3f} |"
            for name, found in bias.items()
        ),
    }


def format_rows(formats: list[dict]) -> list[str]:
    return [
        f"| {found['name']} | {found['bytes'] / 1e6:.1f} | {percent(found['accuracies']['SST-2'])} | "
        f"{percent(found['accuracies']['GoEmotions'])} | {found['mean']:.4f} | {found['worst']:.3f} | "
        f"{found['time']:.2f} |"
        for found in formats
    ]


def length_rows(lengths: list[dict]) -> list[str]:
    return [
        f"| {found['from']} to {found['to']} | {found['texts']} | {percent(found['fp32'])} | {percent(found['int8'])} |"
        for found in lengths
    ]


def behaviour_rows(behaviour: dict) -> list[str]:
    total = sum(result["texts"] for result in behaviour.values())
    sums = [sum(r["texts"] * r[precision] for r in behaviour.values()) for precision in ("fp32", "int8")]
    rows = [f"| Behaviour, all | {total} | {percent(sums[0] / total)} | {percent(sums[1] / total)} |"]
    for kind, result in behaviour.items():
        rows.append(
            f"| Behaviour, {kind} | {result['texts']} | {percent(result['fp32'])} | {percent(result['int8'])} |"
        )
    return rows


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"
