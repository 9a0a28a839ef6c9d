"""Fill the model card's template with the figures that the recipe measured."""

from pathlib import Path
from string import Template

from .base import MAX_TOKENS
from .evaluate import CONFIDENT
from .export import OPSET

TEMPLATE = Path(__file__).parent.parent / "card_template.md"
TABLE = ["sst2_dev", "sst2_dev_as_typed", "goemotions_dev", "goemotions_test", "customer_reviews"]


def write(out: Path, facts: dict) -> None:
    """`facts` has the results of the stages: mix, reviews, export, quantise, evaluate."""
    evaluation = facts["evaluate"]
    values = (
        training_values(facts["mix"], facts["reviews"])
        | quantisation_values(facts["quantise"])
        | limit_values(evaluation)
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
        "behaviour_rows": "\n".join(behaviour_rows(evaluation["behaviour"])),
        "behaviour_wrong": "; ".join(f"“{text}”" for text in evaluation["behaviour_wrong"]) or "none.",
        "export_difference": f"{facts['export']['difference']:.0e}",
        "onnxruntime": evaluation["onnxruntime"],
        "opset": OPSET,
        "max_tokens": MAX_TOKENS,
    }
    text = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(values)
    (out / "README.md").write_text(text, encoding="utf-8")


def training_values(mix: dict, reviews: dict) -> dict:
    settings = mix["settings"]
    return {
        "batch_size": settings["batch_size"],
        "weight_decay": settings["weight_decay"],
        "clip": settings["clip"],
        "warm_up": f"{settings['warm_up']:.0%}".replace("%", " %"),
        "average_decay": reviews["settings"]["average_decay"],
        "layers": mix["layers"],
        "width": mix["width"],
        "parameters": f"{mix['parameters'] / 1e6:.1f}",
        "fold_difference": f"{mix['fold_difference']:.0e}",
        "minutes": round(mix["minutes"] + reviews["minutes"]),
        "cpus": mix["cpus"],
        "torch": mix["torch"],
        "transformers": mix["transformers"],
        **phase_values("mix", mix),
        **phase_values("reviews", reviews),
    }


def phase_values(name: str, phase: dict) -> dict:
    return {
        f"{name}_examples": f"{phase['examples']:,}",
        f"{name}_epochs": phase["settings"]["epochs"],
        f"{name}_learning_rate": phase["settings"]["learning_rate"],
        f"{name}_seed": phase["settings"]["seed"],
        f"{name}_accuracies": ", ".join(percent(accuracy) for accuracy in phase["accuracies"]),
    }


def quantisation_values(quantise: dict) -> dict:
    return {
        "megabytes": f"{quantise['bytes'] / 1e6:.1f}",
        "calibration_texts": quantise["texts"],
        "product_error": f"{quantise['error']:.1e}",
    }


def limit_values(evaluation: dict) -> dict:
    split = evaluation["split_sets"]
    return {
        "neutral_texts": f"{evaluation['neutral_texts']:,}",
        "neutral_confident": percent(evaluation["neutral_confident"]),
        "confident": CONFIDENT,
        "split_sets": percent(sum(split.values()) / len(split)),
        "split_by_attribute": ", ".join(f"{attribute} {percent(part)}" for attribute, part in split.items()),
    }


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
