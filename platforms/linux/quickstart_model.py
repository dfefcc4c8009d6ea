#!/usr/bin/env python3
"""Trains a small convolutional network on Fashion-MNIST in NumPy and writes it as a TFLite file,
with labels and a picture from the test set, for the quickstart.
usage: quickstart_model.py TFLITE_SCHEMA OUTPUT_FOLDER
"""
import gzip
import json
import pathlib
import struct
import subprocess
import sys

import numpy as np

DATA = pathlib.Path("/usr/share/datasets/fashion-mnist")
LABELS = ("T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag",
          "ankle boot")
FILTER, STRIDE, CHANNELS = 5, 2, 8
SIDE = (28 - FILTER) // STRIDE + 1


def load(name, header):
    """An IDX file without its header."""
    path = next(DATA.rglob(name + "*"))
    data = gzip.open(path).read() if path.suffix == ".gz" else path.read_bytes()
    return np.frombuffer(data, np.uint8, offset=header)


def patches(pictures):
    """[n, 28, 28] -> [n, positions, taps]: the operand of the convolution."""
    windows = np.lib.stride_tricks.sliding_window_view(pictures, (FILTER, FILTER), axis=(1, 2))
    windows = windows[:, ::STRIDE, ::STRIDE]
    return windows.reshape(len(pictures), SIDE * SIDE, FILTER * FILTER)


def forward(weights, pictures):
    columns = patches(pictures)
    hidden = np.maximum(columns @ weights["filter"].T + weights["filter_bias"], 0)
    logits = hidden.reshape(len(pictures), -1) @ weights["dense"].T + weights["dense_bias"]
    exponentials = np.exp(logits - logits.max(1, keepdims=True))
    return columns, hidden, exponentials / exponentials.sum(1, keepdims=True)


def gradients(weights, pictures, labels):
    columns, hidden, probabilities = forward(weights, pictures)
    d_logits = probabilities
    d_logits[np.arange(len(labels)), labels] -= 1
    d_logits /= len(labels)
    d_hidden = (d_logits @ weights["dense"]).reshape(hidden.shape) * (hidden > 0)
    return {"dense": d_logits.T @ hidden.reshape(len(labels), -1), "dense_bias": d_logits.sum(0),
            "filter": np.einsum("npc,npt->ct", d_hidden, columns, optimize=True),
            "filter_bias": d_hidden.sum((0, 1))}


def train(pictures, labels, epochs=3, batch=100):
    random = np.random.default_rng(1)
    features = SIDE * SIDE * CHANNELS
    weights = {"filter": random.normal(0, 0.2, (CHANNELS, FILTER * FILTER)),
               "filter_bias": np.zeros(CHANNELS),
               "dense": random.normal(0, features ** -0.5, (10, features)),
               "dense_bias": np.zeros(10)}
    weights = {name: value.astype(np.float32) for name, value in weights.items()}
    momentum = {name: np.zeros_like(value) for name, value in weights.items()}
    for epoch in range(epochs):
        order = random.permutation(len(labels))
        for start in range(0, len(order), batch):
            chosen = order[start:start + batch]
            for name, gradient in gradients(weights, pictures[chosen], labels[chosen]).items():
                momentum[name] = 0.9 * momentum[name] - 0.02 * gradient.astype(np.float32)
                weights[name] += momentum[name]
        print(f"  epoch {epoch + 1} of {epochs}", flush=True)
    return weights


def write_tflite(weights, schema, folder):
    """The schema's compiler makes the file from JSON."""
    tensors, buffers = [], [{}]

    def tensor(name, shape, data=None, type_name="FLOAT32"):
        if data is not None:
            buffers.append({"data": list(data.tobytes())})
        tensors.append({"name": name, "shape": list(shape), "type": type_name,
                        "buffer": 0 if data is None else len(buffers) - 1})
        return len(tensors) - 1

    picture = tensor("picture", (1, 28, 28, 1))
    kernel = tensor("filter", (CHANNELS, FILTER, FILTER, 1), weights["filter"])
    kernel_bias = tensor("filter_bias", (CHANNELS,), weights["filter_bias"])
    hidden = tensor("hidden", (1, SIDE, SIDE, CHANNELS))
    new_shape = tensor("flat_shape", (2,), np.array([1, SIDE * SIDE * CHANNELS], np.int32),
                       "INT32")
    flat = tensor("flat", (1, SIDE * SIDE * CHANNELS))
    dense = tensor("dense", weights["dense"].shape, weights["dense"])
    dense_bias = tensor("dense_bias", (10,), weights["dense_bias"])
    logits = tensor("logits", (1, 10))
    clothes = tensor("clothes", (1, 10))
    # Builtin operators of the format: CONV_2D, RESHAPE, FULLY_CONNECTED, SOFTMAX.
    codes = [{"deprecated_builtin_code": code, "builtin_code": code} for code in (3, 22, 9, 25)]
    operators = [
        {"opcode_index": 0, "inputs": [picture, kernel, kernel_bias], "outputs": [hidden],
         "builtin_options_type": "Conv2DOptions",
         "builtin_options": {"padding": "VALID", "stride_w": STRIDE, "stride_h": STRIDE,
                             "activation": "RELU"}},
        {"opcode_index": 1, "inputs": [hidden, new_shape], "outputs": [flat],
         "builtin_options_type": "ReshapeOptions", "builtin_options": {}},
        {"opcode_index": 2, "inputs": [flat, dense, dense_bias], "outputs": [logits],
         "builtin_options_type": "FullyConnectedOptions", "builtin_options": {}},
        {"opcode_index": 3, "inputs": [logits], "outputs": [clothes],
         "builtin_options_type": "SoftmaxOptions", "builtin_options": {"beta": 1.0}}]
    model = {"version": 3, "operator_codes": codes, "description": "Mote quickstart",
             "subgraphs": [{"tensors": tensors, "inputs": [picture], "outputs": [clothes],
                            "operators": operators, "name": "main"}],
             "buffers": buffers}
    source = folder / "clothes.json"
    source.write_text(json.dumps(model))
    subprocess.run(["flatc", "--binary", "-o", folder, schema, source], check=True)
    (folder / "clothes.tflite").unlink(missing_ok=True)
    next(path for path in folder.glob("clothes.*") if path.suffix in (".tfl", ".bin")).rename(
        folder / "clothes.tflite")


def write_bmp(picture, path):
    """24-bit BMP: header, then rows from the bottom, each a multiple of four bytes."""
    height, width = picture.shape
    rows = np.repeat(picture[::-1, :, None], 3, axis=2).reshape(height, width * 3)
    rows = np.pad(rows, ((0, 0), (0, -width * 3 % 4)))
    header = struct.pack("<2sIHHI", b"BM", 54 + rows.size, 0, 0, 54)
    header += struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, rows.size, 2835, 2835, 0, 0)
    path.write_bytes(header + rows.tobytes())


def main():
    schema, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    pictures = load("train-images-idx3-ubyte", 16).reshape(-1, 28, 28)
    labels = load("train-labels-idx1-ubyte", 8)
    test_pictures = load("t10k-images-idx3-ubyte", 16).reshape(-1, 28, 28)
    test_labels = load("t10k-labels-idx1-ubyte", 8)
    weights = train(pictures.astype(np.float32) / 255, labels)
    guesses = forward(weights, test_pictures.astype(np.float32) / 255)[2].argmax(1)
    print(f"  right on {100 * np.mean(guesses == test_labels):.1f} % of {len(guesses)} new pictures")
    write_tflite(weights, schema, folder)
    (folder / "labels.txt").write_text("\n".join(LABELS) + "\n")
    write_bmp(test_pictures[0], folder / "picture.bmp")
    print(f"  the picture shows: {LABELS[test_labels[0]]}")


if __name__ == "__main__":
    main()
