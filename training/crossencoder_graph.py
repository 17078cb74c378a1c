"""Draws the inference graph: the arithmetic of crossencoder_model.py, its matrices in int8.

Needs the `onnx` package; whoever only reads stances does not, the graph ships as a file.
"""

from __future__ import annotations

from pathlib import Path

import onnx
from onnx import TensorProto, helper

from mkdocs_echo_plugin.stance.crossencoder_build import WEIGHTS, Shape, layout

_ORT = "com.microsoft"


def graph(shape: Shape) -> onnx.ModelProto:
    """A model with inputs ids, sides, present (int64, pairs x tokens) and output logits (float, pairs x 3)."""
    nodes: list[onnx.NodeProto] = []

    def add(op: str, inputs: list[str], output: str, domain: str = "", **attributes: object) -> str:
        nodes.append(helper.make_node(op, inputs, [output], domain=domain, name=output, **attributes))
        return output

    def dense(x: str, name: str) -> str:
        inputs = [x, name, f"{name}.scale", "", f"{name}.bias"]
        return add("DynamicQuantizeMatMul", inputs, f"{name}.y", _ORT)

    def skip(x: str, residual: str, norm: str) -> str:
        inputs = [x, residual, f"{norm}.weight", f"{norm}.bias"]
        return add("SkipLayerNormalization", inputs, f"{norm}.y", _ORT, epsilon=1e-12)

    words = add("Cast", [add("Gather", ["words", "ids"], "words.int8")], "words.float", to=TensorProto.FLOAT)
    words = add("Mul", [words, add("Gather", ["words.scale", "ids"], "words.scales")], "words.y")
    length = add("Slice", [add("Shape", ["ids"], "ids.shape"), "one", "two"], "length")
    places = add("Slice", ["places", "zero", length, "zero"], "places.y")
    x = add(
        "Add",
        [add("Add", [words, places], "words.places"), add("Gather", ["sides", "sides_in"], "sides.y")],
        "sum",
    )
    x = add("LayerNormalization", [x, "norm.weight", "norm.bias"], "norm.y", axis=-1, epsilon=1e-12)
    mask = add("Cast", ["present"], "mask", to=TensorProto.INT32)
    for i in range(shape.layers):
        at = f"layers.{i}"
        nodes.append(
            helper.make_node("Split", [dense(x, f"{at}.qkv")], [f"{at}.q", f"{at}.k", f"{at}.v"], axis=2, num_outputs=3)
        )
        inputs = [f"{at}.q", f"{at}.k", f"{at}.v", "", mask]
        attended = add("MultiHeadAttention", inputs, f"{at}.attended", _ORT, num_heads=shape.heads)
        x = skip(dense(attended, f"{at}.out"), x, f"{at}.norm1")
        x = skip(dense(add("Gelu", [dense(x, f"{at}.up")], f"{at}.gelu", _ORT), f"{at}.down"), x, f"{at}.norm2")
    here = add("Cast", ["present"], "here", to=TensorProto.FLOAT)
    reply = add("Mul", [add("Cast", ["sides_in"], "sides.float", to=TensorProto.FLOAT), here], "reply")
    parent = add("Sub", [here, reply], "parent")
    pools = [add("Gather", [x, "first"], "pool.first", axis=1)]
    for side in (reply, parent):
        row = add("Unsqueeze", [side, "one"], f"{side}.row")
        total = add("Squeeze", [add("MatMul", [row, x], f"{side}.sum"), "one"], f"{side}.total")
        count = add("Max", [add("ReduceSum", [side, "one"], f"{side}.n", keepdims=1), "unit"], f"{side}.count")
        pools.append(add("Div", [total, count], f"pool.{side}"))
    add("Gemm", [add("Concat", pools, "pools", axis=1), "head.weight", "head.bias"], "logits")

    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["pairs", "tokens"])
        for name in ("ids", "sides_in", "present")
    ]
    output = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["pairs", 3])
    constants = [
        helper.make_tensor(name, TensorProto.INT64, [1], [value])
        for name, value in (("zero", 0), ("one", 1), ("two", 2))
    ]
    constants += [
        helper.make_tensor("first", TensorProto.INT64, [], [0]),
        helper.make_tensor("unit", TensorProto.FLOAT, [1], [1.0]),
    ]
    for slot in layout(shape):
        tensor = TensorProto(name=slot.name, dims=slot.dims, data_location=TensorProto.EXTERNAL)
        tensor.data_type = TensorProto.INT8 if slot.kind == "int8" else TensorProto.FLOAT
        for key, value in (("location", WEIGHTS), ("offset", slot.offset), ("length", slot.length)):
            tensor.external_data.add(key=key, value=str(value))
        constants.append(tensor)
    made = helper.make_graph(nodes, "crossencoder", inputs, [output], constants)
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid(_ORT, 1)]
    return helper.make_model(made, opset_imports=opsets, ir_version=9)


def save(shape: Shape, path: Path) -> None:
    """Write the graph; its weights lie beside it in the file that `crossencoder_build.pack` fills."""
    path.write_bytes(graph(shape).SerializeToString())
