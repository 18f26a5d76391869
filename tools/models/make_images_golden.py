#!/usr/bin/env python3
"""Writes tests/GpuDiag.Tests/Columns/data/images.json: small pictures in the formats that are decoded, their pixels as Pillow
decodes them, and as Pillow resizes them (bilinear). Debian 12: apt-get install python3-pil python3-numpy"""
import base64
import io
import json
import pathlib

import numpy as np
from PIL import Image

DATA = pathlib.Path(__file__).resolve().parents[2] / "tests/GpuDiag.Tests/Columns/data"


def text(data):
    return base64.b64encode(data).decode()


def main():
    random = np.random.default_rng(5)
    y, x = np.mgrid[0:29, 0:43]
    smooth = np.stack([x * 5, y * 8, (x + y) * 3], -1) % 256
    noise = random.integers(0, 256, (29, 43, 3))
    colour = Image.fromarray((0.7 * smooth + 0.3 * noise).astype(np.uint8))
    alpha = colour.copy()
    alpha.putalpha(Image.fromarray((x * 6 % 256).astype(np.uint8)))
    grey = Image.fromarray((smooth[:, :, 0] // 2 + noise[:, :, 1] // 2).astype(np.uint8))
    cases = []
    for name, image, kind, options in [
        ("rgb.png", colour, "PNG", {}), ("rgba.png", alpha, "PNG", {}), ("grey.png", grey, "PNG", {}), ("rgb.bmp", colour, "BMP", {}),
        ("palette.gif", colour.quantize(64), "GIF", {}), ("palette.png", colour.quantize(16), "PNG", {}),
        ("bits.png", grey.convert("1"), "PNG", {}), ("colour.jpg", colour, "JPEG", {"quality": 95, "subsampling": 0}),
        ("halved.jpg", colour, "JPEG", {"quality": 90}), ("stages.jpg", colour, "JPEG", {"quality": 90, "progressive": True}),
        ("grey.jpg", grey, "JPEG", {"quality": 90}),
    ]:
        buffer = io.BytesIO()
        image.save(buffer, kind, **options)
        decoded = Image.open(io.BytesIO(buffer.getvalue())).convert("RGB")
        case = {"name": name, "file": text(buffer.getvalue()), "width": decoded.width, "height": decoded.height, "rgb": text(decoded.tobytes())}
        if kind == "PNG":
            case["grey"] = text(decoded.convert("L").tobytes())
            case["resized"] = [
                {"width": w, "height": h, "rgb": text(decoded.resize((w, h), Image.BILINEAR).tobytes())} for w, h in [(8, 8), (43, 11), (17, 29), (70, 61), (1, 1)]]
        cases.append(case)
    DATA.mkdir(parents=True, exist_ok=True)
    with open(DATA / "images.json", "w", encoding="utf-8") as out:
        json.dump(cases, out, separators=(",", ":"))
        out.write("\n")


if __name__ == "__main__":
    main()
