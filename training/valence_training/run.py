"""One run of the recipe: its folders, and the texts that its stages share."""

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from transformers import AutoTokenizer, DistilBertForSequenceClassification

from . import asides, base, data, films, label, phases, pool, posts, specialist, student, wheels, written
from .data import Example
from .neighbours import Neighbours


@dataclass(frozen=True)
class Run:
    """Stages write into `work` only; what is ready is copied to `out`, `golden` and `kept`."""

    data: Path
    work: Path
    out: Path
    golden: Path
    kept: Path
    seed: int
    # Of the texts that the recipe makes itself; below 1 only to try the recipe.
    share: float = 1.0
    base_wheel: wheels.Wheel = base.WHEEL

    @property
    def student_base(self) -> Path:
        return self.work / "student-base"

    @property
    def model_folder(self) -> Path:
        return self.work / "model"

    @property
    def onnx_file(self) -> Path:
        return self.work / "onnx" / "model.onnx"

    @property
    def bundle(self) -> Path:
        """The model folder as it grows."""
        return self.work / "bundle"

    @property
    def golden_made(self) -> Path:
        return self.work / "golden"

    @property
    def teacher_made(self) -> Path:
        return self.work / "teacher-kept"

    @property
    def specialist_made(self) -> Path:
        return self.work / specialist.FOLDER

    @property
    def quantised_file(self) -> Path:
        return self.bundle / "onnx" / "model_quantized.onnx"

    def given(self, stage: str) -> tuple[Path, Path] | None:
        """The folder in `work` that is ready with this stage, and the one that it is copied to."""
        return {
            "label": (self.teacher_made, self.kept),
            "specialise": (self.specialist_made, self.kept),
            "card": (self.bundle, self.out),
            "golden": (self.golden_made, self.golden),
        }.get(stage)

    def neighbours(self) -> Neighbours:
        base = DistilBertForSequenceClassification.from_pretrained(self.student_base)
        return Neighbours(base, AutoTokenizer.from_pretrained(self.student_base))

    def pool(self) -> list[pool.Entry]:
        sentences = films.sentences(self.work, self.share)
        return pool.build(self.data, self.neighbours(), sentences, self.seed, self.share)

    def varied_comments(self) -> list[str]:
        """New comments, made of those in the data."""
        found = specialist.comments(self.data, self.seed)
        return specialist.varied(found, self.neighbours(), data.held_out_texts(self.data, self.seed))

    def posts(self) -> list[str]:
        return posts.texts(self.work, data.held_out_texts(self.data, self.seed))

    def kinds(self) -> tuple[phases.Kinds, list[Example]]:
        """The examples of each public set, the written ones and those with asides, and the examples of the whole pool."""
        entries = self.pool()
        taught, origins = student.examples(entries, label.load(pool.as_read(entries), self.work), self.seed)
        kinds = defaultdict(list)
        for example, origin in zip(taught, origins, strict=True):
            kinds[entries[origin].source].append(example)
        measured = data.held_out_texts(self.data, self.seed)
        kinds["written"] = written.texts(measured, self.seed)
        kinds["asides"] = asides.texts(measured, self.seed, round(self.share * asides.TEXTS))
        return kinds, taught

    def facts(self, stage: str) -> dict:
        return json.loads((self.work / f"{stage}.json").read_text())
