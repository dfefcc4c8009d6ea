"""Statements about options for source models: fixed inputs and custom operators."""
import json
import os
import subprocess
import unittest

import numpy as np

import command_line_test as base


def tflite(folder, name, tensors, inputs, operator_code, options=None):
    """One operator that takes `inputs` and gives tensor "y", as folder/name.tflite."""
    names = [t["name"] for t in tensors]
    operator = {"opcode_index": 0, "inputs": [names.index(i) for i in inputs],
                "outputs": [names.index("y")], **(options or {})}
    model = {"version": 3, "buffers": [{}], "operator_codes": [operator_code],
             "subgraphs": [{"tensors": tensors, "inputs": operator["inputs"],
                            "outputs": operator["outputs"], "operators": [operator]}]}
    source = folder / f"{name}.json"
    source.write_text(json.dumps(model))
    made = folder / "made"
    made.mkdir(exist_ok=True)
    subprocess.run([os.environ["MOTE_FLATC"], "--binary", "-o", made,
                    os.environ["MOTE_TFLITE_SCHEMA"], source], check=True)
    path = folder / f"{name}.tflite"
    next(made.iterdir()).rename(path)
    return path


PORT = {"shape": [1, 2, 2, 3], "type": "FLOAT32"}


class SourceOptionsTest(base.ToolCase):
    def product(self):
        """y = x * factor, both inputs."""
        tensors = [dict(PORT, name="x"), {"name": "factor", "shape": [1], "type": "FLOAT32"},
                   dict(PORT, name="y")]
        return tflite(self.folder, "product", tensors, ["x", "factor"],
                      {"deprecated_builtin_code": 18, "builtin_code": 18},
                      {"builtin_options_type": "MulOptions", "builtin_options": {}})

    def product_set(self, factors):
        """Cases of x * factor, one per factor."""
        folder = self.folder / "product_set"
        folder.mkdir(exist_ok=True)
        factors = np.array(factors, np.float32)
        x = np.stack([self.x + i for i in range(len(factors))])
        (folder / "x.bin").write_bytes(x.tobytes())
        (folder / "factor.bin").write_bytes(factors.tobytes())
        y = x * factors.reshape(-1, 1, 1, 1, 1)
        (folder / "y.bin").write_bytes(y.astype(np.float32).tobytes())
        port = {"dtype": "FLOAT32", "shape": [1, 2, 2, 3]}
        (folder / "golden.json").write_text(json.dumps({
            "n": len(factors),
            "inputs": [dict(port, file="x.bin"),
                       {"dtype": "FLOAT32", "shape": [1], "file": "factor.bin"}],
            "outputs": [dict(port, file="y.bin")]}))
        return folder

    def compared(self, *arguments):
        return json.loads(self.mote(*arguments, "--json"))["outputs"][0]

    def test_every_command_takes_a_fixed_input(self):
        source = self.product()
        array = self.folder / "x.npy"
        np.save(array, self.x)
        values = self.values(source, array, "--fix", "factor=3")
        np.testing.assert_allclose(values, 3 * self.x.ravel())
        model = json.loads(self.mote("inspect", source, "--fix", "factor=3", "--json"))
        self.assertEqual([p["name"] for p in model["entry_points"][0]["inputs"]], ["x"])
        self.mote("bench", source, "--fix", "factor=3", "--seconds", "0.01", "--json")
        result = self.compared("verify", source, self.product_set([3]), "--fix", "factor=3")
        self.assertEqual((result["cases"], result["max_err"]), (1, 0))

    def test_source_options_are_not_for_mote_files(self):
        for option in (["--fix", "x=1"], ["--bound", "n=1"], ["--custom", "A=b.onnx"]):
            self.mote("inspect", self.model, *option, code=base.WRONG_USE)
            self.assertIn(option[0], self.stderr)

    def test_cases_with_another_value_than_the_fixed_one_are_left_out(self):
        source, folder = self.product(), self.product_set([3, 4, 3])
        self.mote("convert", source, self.folder / "fixed.mote", "--fix", "factor=3",
                  "--verify", folder)
        self.assertIn("1 of 3 cases have another value", self.stderr)
        # The file knows what was fixed.
        result = self.compared("verify", self.folder / "fixed.mote", folder)
        self.assertEqual((result["cases"], result["max_err"]), (2, 0))

    def test_a_set_of_other_values_alone_is_no_proof(self):
        self.mote("convert", self.product(), self.folder / "fixed.mote", "--fix", "factor=3",
                  "--verify", self.product_set([4]), code=base.BAD_INPUT)
        self.assertIn("'factor'", self.stderr)

    def test_damaged_notes_of_fixed_inputs_are_told(self):
        model = self.folder / "fixed.mote"
        self.mote("convert", self.product(), model, "--fix", "factor=3")
        damaged = model.read_bytes().replace(b'"place":1', b'"place":"')
        self.assertNotEqual(damaged, model.read_bytes())
        model.write_bytes(damaged)
        self.mote("verify", model, self.product_set([3]), "--integrity", "off",
                  code=base.BAD_INPUT)
        self.assertIn("fixed_inputs", self.stderr)

    def custom(self):
        """y = Twice(x), a custom operator."""
        return tflite(self.folder, "custom", [dict(PORT, name="x"), dict(PORT, name="y")], ["x"],
                      {"deprecated_builtin_code": 32, "builtin_code": 32, "custom_code": "Twice"})

    def test_a_model_takes_the_place_of_a_custom_operator(self):
        source, array = self.custom(), self.folder / "x.npy"
        np.save(array, self.x)
        self.mote("convert", source, self.folder / "out.mote", code=base.BAD_INPUT)
        self.assertIn("Twice", self.stderr)
        self.assertIn("--custom NAME=FILE", self.stderr)
        for model in (self.source, self.model):
            self.mote("convert", source, self.folder / "out.mote", "--custom", f"Twice={model}",
                      "--force")
            np.testing.assert_allclose(self.values(self.folder / "out.mote", array),
                                       2 * self.x.ravel())

    def test_a_model_that_does_not_fit_a_custom_operator_is_told(self):
        self.mote("convert", self.custom(), self.folder / "out.mote", "--custom",
                  f"Twice={self.product()}", code=base.BAD_INPUT)
        self.assertIn("it has 2 inputs", self.stderr)
        self.mote("convert", self.custom(), self.folder / "out.mote", "--custom", "Twice=missing",
                  code=base.BAD_INPUT)


if __name__ == "__main__":
    unittest.main()
