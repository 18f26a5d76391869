#!/usr/bin/env python3
"""Trains a small convolutional net on handwritten digits with PyTorch, exports it as ONNX, and writes what PyTorch itself
computes for 64 of them: tests/GpuDiag.Tests/Scoring/data/digits_conv.{onnx,json}. A few seconds on one core.

The digits are scikit-learn's (UCI Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, CC BY 4.0), 8 x 8
pixels of 17 levels, here as PNG of 256. Input: image, float [N, 1, 8, 8] = (byte / 255 - 0.3) / 0.35. Outputs: logits [N, 10],
probabilities [N, 10], embedding [N, 16].

Debian 12: apt-get install python3-torch python3-onnx python3-sklearn python3-pil"""
import base64
import io
import json
import pathlib

import numpy as np
import onnx
import torch
from PIL import Image
from sklearn.datasets import load_digits

ROWS = 64
MEAN, STD = 0.3, 0.35
NAMES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
DATA = pathlib.Path(__file__).resolve().parents[2] / "tests/GpuDiag.Tests/Scoring/data"


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.body = torch.nn.Sequential(
            torch.nn.Conv2d(1, 8, 3, padding=1), torch.nn.BatchNorm2d(8), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
            torch.nn.Conv2d(8, 16, 3, padding=1), torch.nn.ReLU(), torch.nn.AvgPool2d(2), torch.nn.Flatten(),
            torch.nn.Linear(64, 16), torch.nn.Tanh())
        self.head = torch.nn.Linear(16, 10)

    def forward(self, image):
        embedding = self.body(image)
        logits = self.head(embedding)
        return logits, torch.softmax(logits, 1), embedding


def main():
    torch.manual_seed(7)
    torch.set_num_threads(1)
    digits = load_digits()
    levels = np.rint(digits.images * (255 / 16)).astype(np.uint8)
    inputs = torch.from_numpy(((levels / 255.0 - MEAN) / STD).astype(np.float32))[:, None]
    labels = torch.from_numpy(digits.target.astype(np.int64))
    train, test = np.arange(ROWS, 1400), np.arange(1400, len(labels))
    net = Net()
    step = torch.optim.Adam(net.parameters(), lr=3e-3)
    for _ in range(60):
        for rows in np.array_split(np.random.default_rng(len(train)).permutation(train), 22):
            step.zero_grad()
            torch.nn.functional.cross_entropy(net(inputs[rows])[0], labels[rows]).backward()
            step.step()
    net.eval()
    with torch.no_grad():
        accuracy = (net(inputs[test])[0].argmax(1) == labels[test]).double().mean()
        logits, probabilities, embedding = net(inputs[:ROWS])
    print(f"accuracy on {len(test)} digits that it was not trained on: {accuracy:.4f}")

    DATA.mkdir(parents=True, exist_ok=True)
    path = DATA / "digits_conv.onnx"
    torch.onnx.export(
        net, inputs[:2], str(path), opset_version=13, input_names=["image"], output_names=["logits", "probabilities", "embedding"],
        dynamic_axes={name: {0: "N"} for name in ("image", "logits", "probabilities", "embedding")})
    model = onnx.load(str(path))
    onnx.checker.check_model(model)
    entry = model.metadata_props.add()
    entry.key, entry.value = "classes", json.dumps(NAMES)
    onnx.save(model, str(path))

    def png(image):
        buffer = io.BytesIO()
        Image.fromarray(image).save(buffer, "PNG", optimize=True)
        return base64.b64encode(buffer.getvalue()).decode()

    def rows(tensor):
        return [[float(np.format_float_positional(v, unique=True)) for v in row] for row in tensor.numpy()]

    with open(DATA / "digits_conv.json", "w", encoding="utf-8") as out:
        json.dump({
            "labels": [int(v) for v in labels[:ROWS]],
            "png": [png(image) for image in levels[:ROWS]],
            "logits": rows(logits), "probabilities": rows(probabilities), "embedding": rows(embedding),
        }, out, indent=None, separators=(",", ":"))
        out.write("\n")


if __name__ == "__main__":
    main()
