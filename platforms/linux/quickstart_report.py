#!/usr/bin/env python3
"""Prints the quickstart's table and draws its picture: test images with their predictions, and the
learning curves. Standard library alone.
usage: quickstart_report.py DATA_FOLDER REPORT.svg RECIPE_FOLDER...
"""
import base64
import gzip
import json
import pathlib
import struct
import sys
import zlib
from html import escape

LABELS = ("T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag",
          "ankle boot")
SIDE, SCALE, COLUMNS = 28, 3, 8
COLORS = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd")


def read(folder, name):
    return json.loads((pathlib.Path(folder) / name).read_text())


def size_text(count):
    return f"{count / 1024:.1f} KiB" if count < 1 << 20 else f"{count / (1 << 20):.2f} MiB"


def row_of(folder):
    float_result, int8_result = read(folder, "float.json"), read(folder, "int8.json")
    train, infer = read(folder, "train_plan.json"), read(folder, "plan.json")
    return [folder, f"{100 * float_result['accuracy']:.2f} %",
            f"{100 * int8_result['accuracy']:.2f} %", size_text(infer["file_bytes"]),
            size_text(infer["memory"]["arena_bytes"]), size_text(train["memory"]["arena_bytes"]),
            f"{read(folder, 'bench.json')['median_us']:.1f} us"]


HEADER = ["network", "float32", "int8", "int8 file", "arena infer", "arena train", "latency int8"]


def print_table(rows):
    widths = [max(len(row[i]) for row in [HEADER] + rows) for i in range(len(HEADER))]
    for row in [HEADER] + rows:
        print("  ".join(cell.rjust(width) if i else cell.ljust(width)
                        for i, (cell, width) in enumerate(zip(row, widths))))


def test_images(folder):
    path = next(pathlib.Path(folder).glob("t10k-images-idx3-ubyte*"))
    data = gzip.open(path).read() if path.suffix == ".gz" else path.read_bytes()
    return data[16:]


def png(pixels, width):
    """A greyscale PNG (RFC 2083) of rows of `width` bytes."""
    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data
                + struct.pack(">I", zlib.crc32(kind + data)))
    height = len(pixels) // width
    rows = b"".join(b"\0" + pixels[i * width:(i + 1) * width] for i in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0,
                                                              0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def text(x, y, content, size=12, anchor="start", color="#222"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" '
            f'fill="{color}">{escape(content)}</text>')


def draw_predictions(images, predictions, top):
    parts, step = [], SIDE * SCALE + 34
    for place, item in enumerate(predictions):
        x, y = 20 + place % COLUMNS * step, top + place // COLUMNS * (SIDE * SCALE + 30)
        start = item["index"] * SIDE * SIDE
        data = base64.b64encode(png(images[start:start + SIDE * SIDE], SIDE)).decode()
        right = item["prediction"] == item["label"]
        name = LABELS[item["prediction"]] + ("" if right else f", not {LABELS[item['label']]}")
        parts.append(f'<image x="{x}" y="{y}" width="{SIDE * SCALE}" height="{SIDE * SCALE}" '
                     f'href="data:image/png;base64,{data}"/>')
        parts.append(text(x + SIDE * SCALE / 2, y + SIDE * SCALE + 14, name,
                          11 if right else 9, "middle", "#2a7d2a" if right else "#c02020"))
    return parts


def draw_curves(histories, left, top, width, height, value, title, unit):
    """One line per network over its epochs; the axis is as long as the values need."""
    points = {name: [record[value] for record in history] for name, history in histories.items()}
    low = min(min(line) for line in points.values())
    high = max(max(line) for line in points.values())
    span = high - low or 1
    longest = max(len(line) for line in points.values())
    parts = [text(left, top - 8, title, 13),
             f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="none" '
             'stroke="#999"/>']
    for i in range(5):
        y = top + height * (1 - i / 4)
        parts.append(text(left - 6, y + 4, f"{(low + span * i / 4) * unit:.3g}", 10, "end"))
        parts.append(f'<line x1="{left}" x2="{left + width}" y1="{y:.1f}" y2="{y:.1f}" '
                     'stroke="#eee"/>')
    parts.append(text(left + width, top + height + 16, f"epoch {longest}", 10, "end"))
    for color, (name, line) in zip(COLORS, points.items()):
        at = [(left + width * (i + 1) / longest, top + height * (1 - (v - low) / span))
              for i, v in enumerate(line)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in at)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"/>')
        parts.append(f'<circle cx="{at[-1][0]:.1f}" cy="{at[-1][1]:.1f}" r="3" fill="{color}"/>')
    return parts


def draw(path, images, recipes, rows):
    histories = {name: read(name, "history.json") for name in recipes}
    predictions = read(recipes[-1], "int8.json")["predictions"]
    lines = -(-len(predictions) // COLUMNS)
    width, curves_top = COLUMNS * (SIDE * SCALE + 34) + 20, 70 + lines * (SIDE * SCALE + 30)
    height = curves_top + 300 + 20 * len(rows)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
             'font-family="sans-serif"><rect width="100%" height="100%" fill="white"/>',
             text(20, 30, f"Fashion-MNIST: what the int8 network {recipes[-1]} sees", 18)]
    parts += draw_predictions(images, predictions, 48)
    parts += draw_curves(histories, 70, curves_top + 20, 380, 190, "validation_accuracy",
                         "accuracy on the test pictures, %", 100)
    parts += draw_curves(histories, 530, curves_top + 20, 380, 190, "loss", "training loss", 1)
    y = curves_top + 250
    for color, row in zip(COLORS, rows):
        parts.append(f'<circle cx="28" cy="{y - 4}" r="5" fill="{color}"/>')
        parts.append(text(42, y, f"{row[0]}: float32 {row[1]}, int8 {row[2]}, file {row[3]}, arena "
                                 f"{row[4]} (training {row[5]}), {row[6]} a picture", 12))
        y += 20
    parts.append("</svg>")
    pathlib.Path(path).write_text("\n".join(parts))


def main():
    data, path, recipes = sys.argv[1], sys.argv[2], sys.argv[3:]
    rows = [row_of(recipe) for recipe in recipes]
    print_table(rows)
    draw(path, test_images(data), recipes, rows)


if __name__ == "__main__":
    main()
