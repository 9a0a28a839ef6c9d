"""An ONNX graph under construction: nodes, and the values that they are given."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from ..export import OPSET

IR_VERSION = 8
# ONNX Runtime's own operators, which fuse what the standard has in several.
FUSED = "com.microsoft"


class Graph:
    """Every method gives the name of what it adds, for the nodes that use it."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.values: dict[str, np.ndarray] = {}

    def value(self, name: str, array: np.ndarray) -> str:
        self.values[name] = np.asarray(array)
        return name

    def indices(self, *numbers: int) -> str:
        return self.value(f"indices {' '.join(map(str, numbers))}", np.array(numbers, dtype=np.int64))

    def add(self, operator: str, inputs: list[str], name: str, domain: str = "", **attributes: object) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [name], name=name, domain=domain, **attributes))
        return name

    def fused(self, operator: str, inputs: list[str], name: str, **attributes: object) -> str:
        return self.add(operator, inputs, name, FUSED, **attributes)

    def save(self, file: Path, labels: int) -> None:
        rows = ["batch", "sequence"]
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT64, rows) for name in ("input_ids", "attention_mask")
        ]
        logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", labels])
        values = [numpy_helper.from_array(array, name) for name, array in self.values.items()]
        graph = helper.make_graph(self.nodes, "distilbert", inputs, [logits], values)
        versions = [helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, 1)]
        model = helper.make_model(graph, opset_imports=versions, producer_name="valence", ir_version=IR_VERSION)
        file.parent.mkdir(parents=True, exist_ok=True)
        onnx.save(model, file)
