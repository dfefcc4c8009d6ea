"""Statements about the command-line tool: exit codes, streams, JSON, formats of inputs."""
import json
import os
import pathlib
import struct
import subprocess
import tempfile
import unittest
import zlib

import numpy as np

TOOL = os.environ["MOTE_TOOL"]
DONE, CHECK_FAILED, WRONG_USE, BAD_INPUT = 0, 1, 2, 3


def tflite_model(folder, scale, quantized=False):
    """y = x * scale, elementwise over [1, 2, 2, 3], as a TFLite file."""
    port = {"shape": [1, 2, 2, 3], "type": "INT8" if quantized else "FLOAT32"}
    if quantized:
        port["quantization"] = {"scale": [1.0], "zero_point": [-128]}
    kind = "INT8" if quantized else "FLOAT32"
    factor = np.array([scale], np.int8 if quantized else np.float32)
    factor_port = {"name": "factor", "shape": [1], "type": kind, "buffer": 1}
    if quantized:
        factor_port["quantization"] = {"scale": [1.0], "zero_point": [0]}
    model = {
        "version": 3, "buffers": [{}, {"data": list(factor.tobytes())}],
        "operator_codes": [{"deprecated_builtin_code": 18, "builtin_code": 18}],  # MUL
        "subgraphs": [{"tensors": [dict(port, name="x"), factor_port, dict(port, name="y")],
                       "inputs": [0], "outputs": [2],
                       "operators": [{"opcode_index": 0, "inputs": [0, 1], "outputs": [2],
                                      "builtin_options_type": "MulOptions",
                                      "builtin_options": {}}]}]}
    source = folder / "model.json"
    source.write_text(json.dumps(model))
    subprocess.run([os.environ["MOTE_FLATC"], "--binary", "-o", folder,
                    os.environ["MOTE_TFLITE_SCHEMA"], source], check=True)
    path = folder / "model.tflite"
    for made in [*folder.glob("model.tfl"), *folder.glob("model.bin")]:
        made.rename(path)
    return path


def png(pixels):
    """An 8-bit RGB picture."""
    height, width, _ = pixels.shape

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def bmp(width, height, pixels):
    """A 24-bit picture; `pixels` are the bytes after the header."""
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
    size = 14 + len(header) + len(pixels)
    return b"BM" + struct.pack("<IHHI", size, 0, 0, 14 + len(header)) + header + pixels


class ToolCase(unittest.TestCase):
    """A small model and the means to run the tool on it."""

    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = pathlib.Path(self.temporary.name)
        self.source = tflite_model(self.folder, 2)
        self.model = self.folder / "model.mote"
        self.mote("convert", self.source, self.model)
        self.x = np.arange(12, dtype=np.float32).reshape(1, 2, 2, 3)

    def mote(self, *arguments, code=DONE, stdin=b"", printed=False):
        result = subprocess.run([TOOL, *map(str, arguments)], input=stdin, capture_output=True,
                                check=False, timeout=120)
        self.assertEqual(result.returncode, code, (arguments, result.stderr))
        if code not in (DONE, CHECK_FAILED):
            self.assertTrue(result.stderr.startswith(b"mote: error: "), result.stderr)
            self.assertTrue(printed or result.stdout == b"", arguments)
        if code == DONE:
            self.assertNotIn(b"mote: error", result.stderr)
        self.stderr = result.stderr.decode()
        return result.stdout

    def values(self, *arguments, stdin=b""):
        output = json.loads(self.mote("run", *arguments, "--json", stdin=stdin))
        return np.array(output["outputs"][0]["values"])

    def reference_set(self, y, dtype="FLOAT32", bytes_per_element=np.float32):
        folder = self.folder / "set"
        folder.mkdir(exist_ok=True)
        inputs = np.stack([self.x, self.x + 1]).astype(bytes_per_element)
        (folder / "in0.bin").write_bytes(inputs.tobytes())
        (folder / "out0.bin").write_bytes(y(inputs).astype(bytes_per_element).tobytes())
        port = {"dtype": dtype, "shape": [1, 2, 2, 3]}
        (folder / "golden.json").write_text(json.dumps({
            "n": 2, "inputs": [dict(port, file="in0.bin")],
            "outputs": [dict(port, file="out0.bin")]}))
        return folder


class ToolTest(ToolCase):
    def test_wrong_use_is_told_from_bad_input(self):
        self.mote(code=WRONG_USE)
        self.mote("verfy", code=WRONG_USE)
        self.assertIn("did you mean 'verify'?", self.stderr)
        self.mote("run", self.model, "--no-such-option", code=WRONG_USE)
        self.mote("run", self.model, code=WRONG_USE)
        self.mote("bench", self.model, "--isa", "nonsense", code=WRONG_USE)
        self.mote("bench", self.model, "--threads", "0", code=WRONG_USE)
        self.mote("inspect", self.folder / "absent.mote", code=BAD_INPUT)
        self.mote("inspect", self.folder, code=BAD_INPUT)
        (self.folder / "empty.mote").write_bytes(b"")
        self.mote("inspect", self.folder / "empty.mote", code=BAD_INPUT)
        (self.folder / "text.mote").write_text("no model at all, but more than 64 bytes long " * 3)
        self.mote("inspect", self.folder / "text.mote", code=BAD_INPUT)
        self.assertIn("text.mote", self.stderr)

    def test_a_name_that_the_model_lacks_is_wrong_use(self):
        for model in (self.source, self.model):
            self.mote("inspect", model, "--entry-point", "absent", code=WRONG_USE, printed=True)
            self.mote("bench", model, "--shape", "absent=1x2x2x3", code=WRONG_USE)
        self.mote("convert", self.source, self.folder / "n.mote", "--shape", "absent=1x2x2x3",
                  code=WRONG_USE)
        self.assertIn("absent", self.stderr)

    def test_options_are_judged_before_files(self):
        self.mote("bench", self.folder / "absent.mote", "--isa", "nonsense", code=WRONG_USE)

    def test_not_a_number_is_no_number(self):
        folder = self.reference_set(lambda x: 3 * x)
        for option in ("--min-equal", "--max-err", "--max-lsb"):
            self.mote("verify", self.model, folder, option, "nan", code=WRONG_USE)
        self.mote("bench", self.model, "--seconds", "nan", code=WRONG_USE)
        picture = self.folder / "p.png"
        picture.write_bytes(png(np.zeros((2, 2, 3), np.uint8)))
        for option in ("--scale", "--mean", "--std"):
            for value in ("nan", "inf"):
                self.mote("run", self.model, picture, option, value, code=WRONG_USE)
        self.mote("run", self.model, picture, "--top", "-1", code=WRONG_USE)

    def test_output_that_cannot_be_written_is_told(self):
        for arguments in (["--help"], ["doctor"], ["inspect", self.model],
                          ["convert", self.source, "-"]):
            with open("/dev/full", "wb") as full:
                result = subprocess.run([TOOL, *map(str, arguments)], stdout=full, check=False,
                                        stderr=subprocess.PIPE, timeout=120)
            self.assertEqual(result.returncode, BAD_INPUT, arguments)
            self.assertIn(b"mote: error: standard output", result.stderr)

    def test_a_model_is_read_from_a_pipe(self):
        for model in (self.source, self.model):
            want = json.loads(self.mote("inspect", model, "--json"))
            found = json.loads(self.mote("inspect", "/dev/stdin", "--json",
                                         stdin=model.read_bytes()))
            self.assertEqual(found["steps"], want["steps"])

    def test_standard_input_serves_one_file(self):
        self.mote("run", "-", "-", stdin=self.model.read_bytes(), code=WRONG_USE)

    def test_names_do_not_control_the_terminal(self):
        hostile = self.folder / "hostile.mote"
        body = self.model.read_bytes().replace(b"\1\0\0\0y\0", b"\1\0\0\0\x1b\0")
        self.assertNotEqual(body, self.model.read_bytes())
        hostile.write_bytes(body)
        shown = self.mote("inspect", hostile, "--integrity", "off")
        self.assertIn(b"'?'", shown)
        self.assertNotIn(b"\x1b", shown)

    def test_help_and_version_succeed_on_standard_output(self):
        self.assertIn(b"Subcommands", self.mote("--help"))
        self.assertIn(b"mote ", self.mote("--version"))
        for command in ("convert", "verify", "run", "bench", "inspect", "doctor"):
            self.assertIn(b"Examples:", self.mote(command, "--help"))
            self.assertIn(b"mote " + command.encode(), self.mote("help", command))

    def test_convert_does_not_overwrite_without_force(self):
        before = self.model.read_bytes()
        self.model.write_bytes(b"precious")
        self.mote("convert", self.source, self.model, code=WRONG_USE)
        self.assertEqual(self.model.read_bytes(), b"precious")
        self.mote("convert", self.source, self.model, "--force")
        self.assertEqual(self.model.read_bytes(), before)

    def test_convert_reads_standard_input_and_writes_standard_output(self):
        made = self.mote("convert", "-", "-", stdin=self.source.read_bytes())
        self.assertEqual(made, self.model.read_bytes())

    def test_training_options_need_a_model_with_parameters(self):
        self.mote("convert", self.source, "-", "--batch", 2, code=WRONG_USE)
        self.assertIn("--trainable", self.stderr)
        self.mote("convert", self.source, "-", "--trainable", code=BAD_INPUT)
        self.assertIn("no trainable parameter", self.stderr)

    def test_a_failed_proof_writes_nothing(self):
        wrong = self.reference_set(lambda x: 3 * x)
        target = self.folder / "proved.mote"
        self.mote("convert", self.source, target, "--verify", wrong, code=CHECK_FAILED)
        self.assertFalse(target.exists())
        self.mote("convert", self.source, target, "--verify", self.reference_set(lambda x: 2 * x))
        self.assertTrue(target.exists())

    def test_a_threshold_without_a_proof_is_wrong_use(self):
        target = self.folder / "proved.mote"
        for threshold in ("--max-err", "--max-lsb", "--min-equal"):
            self.mote("convert", self.source, target, threshold, "1", code=WRONG_USE)
            self.assertIn("--verify", self.stderr)
        self.assertFalse(target.exists())

    def test_verify_measures_over_all_cases(self):
        def off_by_a_quarter(x):
            y = 2 * x
            y[1, 0, 1, 1, 2] += 0.25  # the largest element of the second case: 24
            return y

        folder = self.reference_set(off_by_a_quarter)
        output = json.loads(self.mote("verify", self.model, folder, "--json"))["outputs"]
        self.assertEqual(output, [{"name": "y", "elements": 24, "equal": 23, "max_abs": 0.25,
                                   "max_err": 0.25 / 24.25, "argmax_ok": 2, "cases": 2}])
        self.mote("verify", self.source, folder, "--max-err", "0.0104")
        self.mote("verify", self.model, folder, "--max-err", "0.0103", code=CHECK_FAILED)
        self.mote("verify", self.model, folder, "--min-equal", "0.95")
        self.mote("verify", self.model, folder, "--min-equal", "0.96", code=CHECK_FAILED)
        self.mote("verify", self.model, folder, "--max-lsb", "0", code=WRONG_USE)

    def test_not_a_number_is_the_largest_error(self):
        def with_nan(x):
            y = 2 * x
            y[0, 0, 0, 0, 0] = np.nan
            return y

        folder = self.reference_set(with_nan)
        output = json.loads(self.mote("verify", self.model, folder, "--json"))["outputs"][0]
        self.assertIsNone(output["max_err"])
        self.mote("verify", self.model, folder, "--max-err", "1e30", code=CHECK_FAILED)

    def test_verify_counts_steps_of_quantized_outputs(self):
        tflite_model(self.folder, 1, quantized=True)

        def two_steps_off(x):
            y = x.copy()
            y[0, 0, 0, 0, 0] += 2
            return y

        folder = self.reference_set(two_steps_off, "INT8", np.int8)
        output = json.loads(self.mote("verify", self.source, folder, "--json"))["outputs"][0]
        self.assertEqual((output["max_lsb"], output["equal"]), (2, 23))
        self.mote("verify", self.source, folder, "--max-lsb", "2")
        self.mote("verify", self.source, folder, "--max-lsb", "1", code=CHECK_FAILED)

    def test_a_damaged_reference_set_is_bad_input(self):
        folder = self.reference_set(lambda x: 2 * x)
        (folder / "out0.bin").write_bytes(b"short")
        self.mote("verify", self.model, folder, code=BAD_INPUT)
        text = (folder / "golden.json").read_text()
        for whole, broken in (('"n": 2', '"n": 2.5'), ('"n": 2', '"n": 1e30'),
                              ("[1, 2, 2, 3]", "[1.5, 2, 2, 3]")):
            (folder / "golden.json").write_text(text.replace(whole, broken))
            self.mote("verify", self.model, folder, code=BAD_INPUT)
            self.assertIn("whole number", self.stderr)
        (folder / "golden.json").write_text("{")
        self.mote("verify", self.model, folder, code=BAD_INPUT)
        self.mote("verify", self.model, self.folder / "absent", code=BAD_INPUT)

    def test_run_takes_npy_raw_bytes_and_standard_input(self):
        np.save(self.folder / "x.npy", self.x)
        np.save(self.folder / "x64.npy", self.x.astype(np.float64))
        (self.folder / "x.bin").write_bytes(self.x.tobytes())
        want = (2 * self.x).ravel()
        for path in ("x.npy", "x64.npy", "x.bin"):
            np.testing.assert_array_equal(self.values(self.model, self.folder / path), want)
        np.testing.assert_array_equal(self.values(self.source, "-", stdin=self.x.tobytes()), want)

    def test_run_refuses_inputs_that_do_not_fit(self):
        (self.folder / "x.bin").write_bytes(b"123")
        self.mote("run", self.model, self.folder / "x.bin", code=BAD_INPUT)
        np.save(self.folder / "x.npy", np.zeros((1, 5), np.float32))
        self.mote("run", self.model, self.folder / "x.npy", code=BAD_INPUT)
        whole = (self.folder / "x.npy").read_bytes()
        for length in range(len(whole)):
            (self.folder / "cut.npy").write_bytes(whole[:length])
            if length % 16 == 0:
                self.mote("run", self.model, self.folder / "cut.npy", code=BAD_INPUT)
        (self.folder / "p.png").write_bytes(b"\x89PNG and no more")
        self.mote("run", self.model, self.folder / "p.png", code=BAD_INPUT)

    def test_an_array_of_another_layout_is_refused(self):
        for shape in ((12,), (2, 2, 3), (2, 2, 1, 3)):
            np.save(self.folder / "x.npy", self.x.reshape(shape))
            np.testing.assert_array_equal(self.values(self.model, self.folder / "x.npy"),
                                          (2 * self.x).ravel())
        np.save(self.folder / "x.npy", np.ascontiguousarray(self.x.transpose(0, 3, 1, 2)))
        self.mote("run", self.model, self.folder / "x.npy", code=BAD_INPUT)

    def test_broken_pictures_are_refused(self):
        whole = bmp(2, 2, bytes(16))
        broken = {"no_pixels.bmp": bmp(0, 0, b""), "no_height.bmp": bmp(2, 0, b""),
                  "cut.bmp": whole[:-1], "huge.bmp": bmp(2**30, 2**30, b"abc"),
                  "animation.png": b"GIF89a\1\0\1\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\1\0\0;"}
        for name, content in broken.items():
            (self.folder / name).write_bytes(content)
            self.mote("run", self.model, self.folder / name, code=BAD_INPUT)
            self.assertIn(name, self.stderr)
        (self.folder / "whole.bmp").write_bytes(whole)
        self.values(self.model, self.folder / "whole.bmp")

    def test_a_picture_is_a_batch_of_one(self):
        dynamic = self.folder / "dynamic.mote"
        self.mote("convert", self.source, dynamic, "--shape", "x=1-4x2x2x3")
        picture = self.folder / "p.png"
        picture.write_bytes(png(np.full((2, 2, 3), 255, np.uint8)))
        np.testing.assert_array_equal(self.values(dynamic, picture), np.full(12, 2))

    def test_run_saves_npy_files(self):
        np.save(self.folder / "x.npy", self.x)
        out = self.folder / "out"
        self.mote("run", self.model, self.folder / "x.npy", "--save", out)
        np.testing.assert_array_equal(np.load(out / "output0.npy"), 2 * self.x)
        self.mote("run", self.model, self.folder / "x.npy", "--save", out, code=WRONG_USE)
        self.mote("run", self.model, self.folder / "x.npy", "--save", out, "--force")

    def test_pixels_are_mapped_as_documented(self):
        pixels = np.array([[[0, 51, 102], [153, 204, 255]], [[1, 2, 3], [4, 5, 6]]], np.uint8)
        picture = self.folder / "p.png"
        picture.write_bytes(png(pixels))
        real = pixels.astype(np.float64).ravel() / 255
        np.testing.assert_allclose(self.values(self.model, picture), 2 * real, rtol=1e-6)
        mapped = self.values(self.model, picture, "--scale", 1, "--mean", "1,2,3", "--std", "2")
        np.testing.assert_allclose(mapped, (pixels - np.array([1.0, 2, 3])).ravel(), rtol=1e-6)
        tflite_model(self.folder, 1, quantized=True)
        np.testing.assert_array_equal(self.values(self.source, picture), pixels.ravel())

    def test_shrinking_averages_every_pixel(self):
        picture = self.folder / "p.png"
        checks = np.indices((64, 64)).sum(0) % 2 * 255
        picture.write_bytes(png(np.repeat(checks[:, :, None], 3, axis=2).astype(np.uint8)))
        np.testing.assert_allclose(self.values(self.model, picture), np.ones(12), atol=0.02)

    def test_bench_reports_the_documented_fields(self):
        result = json.loads(self.mote("bench", self.model, "--seconds", "0.05", "--isa", "scalar",
                                      "--threads", "2", "--json"))
        for field in ("median_us", "p10_us", "p99_us", "load_us", "first_run_us", "arena_bytes",
                      "resident_bytes"):
            self.assertGreater(result[field], 0, field)
        self.assertLessEqual(result["p10_us"], result["median_us"])
        self.assertLessEqual(result["median_us"], result["p99_us"])
        self.assertEqual((result["threads"], result["isa"]), (2, "scalar"))
        self.assertEqual([sorted(op) for op in result["ops"]],
                         [["kernel", "mean_us", "name", "op", "percent"]])
        self.assertAlmostEqual(sum(op["percent"] for op in result["ops"]), 100, places=3)

    def test_inspect_and_doctor_report_as_json(self):
        result = json.loads(self.mote("inspect", self.model, "--json"))
        self.assertEqual([step["op"] for step in result["steps"]], ["mul"])
        ends = [b["offset"] + b["bytes"] for b in result["memory"]["buffers"]]
        self.assertLessEqual(max(ends), result["memory"]["arena_bytes"])
        doctor = json.loads(self.mote("doctor", "--json"))
        used = [isa["name"] for isa in doctor["instruction_sets"] if isa["used"]]
        self.assertEqual(len(used), 1)
        self.assertEqual(result["isa"], used[0])
        self.assertTrue(all(d["reason"] for d in doctor["delegates"]))

    def quantize(self, *arguments):
        data = self.folder / "samples.npy"
        np.save(data, np.linspace(-1, 1, 12 * 20, dtype=np.float32).reshape(20, 2, 2, 3))
        out = self.folder / "int8.mote"
        return out, self.mote("quantize", self.source, out, "--data", data, "--force", *arguments)

    def test_quantize_reports_sizes_scales_and_noise(self):
        out, text = self.quantize("--json")
        result = json.loads(text)
        self.assertEqual(result["input_bytes"], self.source.stat().st_size)
        self.assertEqual(result["output_bytes"], out.stat().st_size)
        self.assertEqual((result["samples"], result["int8_operators"]), (20, 1))
        self.assertEqual(result["float_operators"], [])
        tensors = {tensor["name"]: tensor for tensor in result["tensors"]}
        self.assertEqual(sorted(tensors), ["x", "y"])
        # 2 / 255 and 4 / 255: y = 2 x.
        self.assertAlmostEqual(tensors["x"]["scale"], 2 / 255, places=6)
        self.assertAlmostEqual(tensors["y"]["scale"], 4 / 255, places=6)
        self.assertGreater(result["tensors"][0]["sqnr_db"], 30)
        np.save(self.folder / "x.npy", self.x / 12)
        np.testing.assert_allclose(self.values(out, self.folder / "x.npy"), self.x.ravel() / 6,
                                   atol=2 / 255 + 2 / 255)

    def test_quantize_speaks_to_people(self):
        out, text = self.quantize()
        self.assertIn(b"1 operators int8, 0 as they were; 20 samples", text)
        self.assertIn(b"SQNR", text)
        inspected = json.loads(self.mote("inspect", out, "--json"))
        self.assertEqual([step["op"] for step in inspected["steps"]],
                         ["quantize", "mul", "dequantize"])

    def test_quantize_makes_int8_ports_when_asked(self):
        out, _ = self.quantize("--int8-ports")
        inspected = json.loads(self.mote("inspect", out, "--json"))
        self.assertEqual([step["op"] for step in inspected["steps"]], ["mul"])

    def test_quantize_takes_raw_floats_and_reference_sets(self):
        out, expected = self.quantize("--json")
        raw = self.folder / "samples.bin"
        raw.write_bytes(np.load(self.folder / "samples.npy").tobytes())
        again = self.folder / "again.mote"
        self.mote("quantize", self.source, again, "--data", raw)
        self.assertEqual(out.read_bytes(), again.read_bytes())
        folder = self.reference_set(lambda x: 2 * x)
        self.mote("quantize", self.source, again, "--data", folder, "--force")
        self.assertEqual(json.loads(expected)["samples"], 20)

    def test_quantize_refuses_what_does_not_fit(self):
        out = self.folder / "int8.mote"
        self.mote("quantize", self.source, out, code=WRONG_USE)
        data = self.folder / "bad.npy"
        np.save(data, np.zeros(13, np.float32))
        self.mote("quantize", self.source, out, "--data", data, code=BAD_INPUT)
        self.assertIn("expected samples of 2x2x3", self.stderr)
        np.save(data, np.full(12, np.nan, np.float32))
        self.mote("quantize", self.source, out, "--data", data, code=BAD_INPUT)
        self.assertIn("bad.npy: element 0 is NaN", self.stderr)
        self.mote("quantize", self.source, out, "--data", "/dev/zero", code=BAD_INPUT)
        self.assertIn("is a device", self.stderr)
        np.save(data, np.zeros((1, 2, 3, 2), np.float32))
        self.mote("quantize", self.source, out, "--data", data, code=BAD_INPUT)
        self.assertIn("expected samples of 2x2x3", self.stderr)
        self.mote("quantize", self.source, out, "--data", self.folder / "absent", code=BAD_INPUT)
        np.save(data, np.ones(12, np.float32))
        self.mote("quantize", self.source, out, "--data", data, "--trainable", code=BAD_INPUT)
        self.mote("quantize", self.source, out, "--data", data, "--observer", "x", code=WRONG_USE)
        self.assertFalse(out.exists())
        self.mote("quantize", self.source, self.model, "--data", data, code=WRONG_USE)


if __name__ == "__main__":
    unittest.main()
