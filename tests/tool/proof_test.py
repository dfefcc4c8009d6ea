"""Statements about the proof of a conversion and its report."""
import html.parser
import json
import os
import stat
import unittest

import numpy as np

import command_line_test as base


class Parser(html.parser.HTMLParser):
    """Open elements and the text of the element with the id "data"."""

    def __init__(self):
        super().__init__()
        self.open, self.data, self.is_data = [], "", False
        self.links = []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.links += [v for k, v in attributes.items() if k in ("src", "href")]
        if tag not in ("meta", "link", "br"):
            self.open.append(tag)
        self.is_data = attributes.get("id") == "data"

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        self.is_data = False

    def handle_data(self, data):
        if self.is_data:
            self.data += data


class ProofTest(base.ToolCase):
    def convert(self, *arguments, code=base.DONE):
        out = self.mote("convert", self.source, self.folder / "out.mote", "--force", *arguments,
                        code=code)
        return json.loads(out) if out.startswith(b"{") else out.decode()

    def interpreter(self, text):
        """A stand-in for the Python that has the source's runtime."""
        path = self.folder / "python"
        path.write_text("#!/bin/sh\n" + text)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        os.environ["MOTE_PYTHON"] = str(path)
        self.addCleanup(os.environ.pop, "MOTE_PYTHON")

    def test_layers_are_compared_with_the_sources_graph(self):
        folder = self.reference_set(lambda x: 2 * x)
        proof = self.convert("--verify", folder, "--json")["proof"]
        self.assertEqual([layer["name"] for layer in proof["layers"]], ["y"])
        self.assertEqual(proof["layers"][0]["op"], "mul")
        self.assertEqual(proof["layers"][0]["elements"], 24)
        self.assertEqual(proof["layers"][0]["max_err"], 0)
        self.assertIn("1 layers compared", self.convert("--verify", folder))

    def test_a_failed_proof_says_so_and_writes_the_report_alone(self):
        folder, report = self.reference_set(lambda x: 3 * x), self.folder / "report.html"
        self.convert("--verify", folder, "--report", report, code=base.CHECK_FAILED)
        self.assertFalse((self.folder / "out.mote").exists())
        self.assertIn("was not written", self.stderr)
        self.assertTrue(report.exists())

    def test_the_report_is_one_page_with_everything_in_it(self):
        folder, report = self.reference_set(lambda x: 2 * x), self.folder / "report.html"
        self.convert("--verify", folder, "--report", report)
        parser = Parser()
        parser.feed(report.read_text())
        self.assertEqual(parser.open, [])
        self.assertEqual(parser.links, [])
        data = json.loads(parser.data)
        self.assertEqual(data["model"]["steps"][0]["op"], "mul")
        self.assertEqual(data["proof"]["layers"][0]["name"], "y")
        self.assertEqual(data["verify"]["outputs"][0]["name"], "y")
        self.mote("convert", self.source, self.folder / "other.mote", "--report", report,
                  code=base.WRONG_USE)

    def test_thresholds_need_a_proof(self):
        self.convert("--max-err", "1", code=base.WRONG_USE)

    def test_a_missing_runtime_is_named(self):
        self.interpreter("exit 3")
        self.convert("--verify-with-source", code=base.BAD_INPUT)
        self.assertIn("ai-edge-litert", self.stderr)

    def test_a_runtime_that_fails_is_no_proof(self):
        self.interpreter("exit 4")
        self.convert("--verify-with-source", code=base.BAD_INPUT)
        self.assertFalse((self.folder / "out.mote").exists())

    def test_the_sources_runtime_is_the_reference(self):
        # python -c SCRIPT MODEL FOLDER CASES INPUTS
        self.interpreter('exec /usr/bin/python3 -c "\nimport sys, numpy as np\n'
                         'folder = sys.argv[1]\nfor k in range(int(sys.argv[2])):\n'
                         '    x = np.load(f\'{folder}/in{k}_0.npy\')\n'
                         '    np.save(f\'{folder}/out{k}_0.npy\', x * $FACTOR)\n" "$4" "$5"\n')
        os.environ["FACTOR"] = "2"
        self.addCleanup(os.environ.pop, "FACTOR")
        result = self.convert("--verify-with-source", "--json")
        self.assertEqual(result["verify"]["outputs"][0]["equal"], 36)
        os.environ["FACTOR"] = "2.5"
        self.convert("--verify-with-source", code=base.CHECK_FAILED)


if __name__ == "__main__":
    unittest.main()
