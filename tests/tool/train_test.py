"""Statements about `mote train` and `mote eval`: exit codes, files, resuming, JSON."""
import gzip
import json
import os
import pathlib
import signal
import struct
import subprocess
import tempfile
import unittest

import numpy as np

TOOL = os.environ["MOTE_TOOL"]
DONE, WRONG_USE, BAD_INPUT = 0, 2, 3
CLASSES, BATCH = 10, 32


def idx(array):
    header = struct.pack(">BBBB", 0, 0, 8, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
    return header + array.astype(np.uint8).tobytes()


def stripes(samples, seed):
    """28x28 pictures in which the class says which rows are bright."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, CLASSES, samples)
    images = random.integers(0, 100, (samples, 28, 28))
    for image, label in zip(images, labels):
        image[2 * label + 2:2 * label + 6] += 150
    return images, labels


class TrainTest(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.data = self.folder / "data"
        self.data.mkdir()
        for split, samples, seed in (("train", 200, 1), ("t10k", 50, 2)):
            images, labels = stripes(samples, seed)
            (self.data / f"{split}-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx(images)))
            (self.data / f"{split}-labels-idx1-ubyte").write_bytes(idx(labels))
        self.out = self.folder / "run"

    def mote(self, *arguments, code=DONE):
        result = subprocess.run([TOOL, *map(str, arguments)], capture_output=True, check=False,
                                timeout=300)
        self.assertEqual(result.returncode, code, (arguments, result.stderr))
        self.stderr = result.stderr.decode()
        if code != DONE:
            self.assertTrue(self.stderr.startswith("mote: error: "), self.stderr)
        return result.stdout.decode()

    def train(self, *arguments, out=None, **options):
        return self.mote("train", "simplenet", "--data", self.data, "--out", out or self.out,
                         "--batch", BATCH, *arguments, **options)

    def files(self, folder):
        return {name: (folder / name).read_bytes()
                for name in ("best.mote", "last.mote", "history.json", "history.csv")}

    def test_training_learns_and_leaves_its_files(self):
        result = json.loads(self.train("--epochs", 6, "--json"))
        self.assertEqual(len(result["history"]), 6)
        self.assertGreater(result["best_accuracy"], 0.9)
        history = json.loads((self.out / "history.json").read_text())
        self.assertEqual(history, result["history"])
        rows = (self.out / "history.csv").read_text().splitlines()
        self.assertEqual(rows[0].split(",")[:2], ["epoch", "loss"])
        self.assertEqual(float(rows[6].split(",")[1]), history[5]["loss"])
        self.assertEqual({p.name for p in self.out.iterdir()},
                         {"best.mote", "last.mote", "history.json", "history.csv", "lock"})

    def test_eval_counts_what_training_saw(self):
        (self.data / "labels.txt").write_text("\n".join(f"class {i}" for i in range(CLASSES)))
        result = json.loads(self.train("--epochs", 3, "--json"))
        measured = json.loads(self.mote("eval", self.out / "best.mote", "--data", self.data,
                                        "--threads", 2, "--json"))
        self.assertEqual(measured["accuracy"], result["best_accuracy"])
        self.assertEqual(measured["labels"][3], "class 3")
        confusion = np.array(measured["confusion"])
        self.assertEqual(confusion.sum(), measured["samples"])
        self.assertEqual(np.trace(confusion), measured["correct"])
        np.testing.assert_array_equal(confusion.sum(1),
                                      np.bincount(stripes(50, 2)[1], minlength=CLASSES))
        self.assertIn("class 3", self.mote("eval", self.out / "best.mote", "--data", self.data))

    def test_threads_do_not_matter(self):
        self.train("--epochs", 2)
        self.train("--epochs", 2, "--threads", 3, out=self.folder / "three")
        self.assertEqual(self.files(self.out), self.files(self.folder / "three"))

    def test_a_signal_ends_with_a_checkpoint_that_resumes_to_the_same(self):
        self.train("--epochs", 40, out=self.folder / "whole")
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            out = self.folder / number.name
            process = subprocess.Popen(
                [TOOL, "train", "simplenet", "--data", self.data, "--out", out, "--batch",
                 str(BATCH), "--epochs", "40"], stdout=subprocess.PIPE, text=True)
            while "epoch 1/" not in process.stdout.readline():
                self.assertIsNone(process.poll())
            process.send_signal(number)
            text = process.communicate(timeout=60)[0]
            self.assertEqual(process.returncode, DONE)
            self.assertIn("--resume", text)
            self.assertLess(len(json.loads((out / "history.json").read_text())), 40)
            self.assertIn("resumed in epoch", self.train("--epochs", 40, "--resume", out=out))
            self.assertEqual(self.files(out), self.files(self.folder / "whole"))

    def test_folders_are_not_overwritten(self):
        self.train("--epochs", 1)
        before = self.files(self.out)
        self.train("--epochs", 1, "--seed", 2, code=WRONG_USE)
        self.assertIn("--force", self.stderr)
        self.train("--epochs", 1, "--seed", 2, "--resume", code=WRONG_USE)
        self.assertIn("seed: the checkpoint has 0, asked is 2", self.stderr)
        self.train("--epochs", 1, "--resume", "--force", code=WRONG_USE)
        self.assertEqual(self.files(self.out), before)
        self.train("--epochs", 1, "--seed", 2, "--force")
        self.assertNotEqual(self.files(self.out), before)
        self.train("--resume", out=self.folder / "absent", code=WRONG_USE)
        self.mote("train", "simplenet", "--data", self.data, "--out", "", code=WRONG_USE)
        self.assertIn("--out is empty", self.stderr)

    def test_resuming_needs_a_whole_checkpoint_and_tells_what_else_to_do(self):
        self.train("--epochs", 1)
        last, best = self.out / "last.mote", self.out / "best.mote"
        whole = last.read_bytes()
        last.unlink()
        before = best.read_bytes()
        self.train("--epochs", 1, "--resume", code=WRONG_USE)
        self.assertIn(f"cp {best} {last}", self.stderr)
        self.assertEqual(best.read_bytes(), before)
        last.write_bytes(whole[:-100])
        self.train("--epochs", 1, "--resume", code=BAD_INPUT)
        self.assertIn(f"copy {best} over it", self.stderr)
        best.unlink()
        self.train("--epochs", 1, "--resume", code=BAD_INPUT)
        self.assertIn("--force", self.stderr)
        self.assertNotIn("best.mote", self.stderr)
        last.unlink()
        self.train("--epochs", 1, "--resume", code=WRONG_USE)
        self.assertNotIn("best.mote", self.stderr)

    def test_a_finished_training_names_what_is_there(self):
        self.train("--epochs", 1)
        (self.out / "best.mote").unlink()
        text = self.train("--epochs", 1, "--resume")
        self.assertIn("already finished", text)
        self.assertIn(f"mote train {self.out}/last.mote", text)
        self.assertIn("is gone", text)
        self.assertNotIn("resumed in epoch", text)

    def test_labels_txt_names_every_class(self):
        labels = self.data / "labels.txt"
        labels.write_bytes(b"".join(b"class %d\r\n" % i for i in range(CLASSES)))
        self.train("--epochs", 1)
        measured = json.loads(self.mote("eval", self.out / "best.mote", "--data", self.data, "--json"))
        self.assertEqual(measured["labels"][3], "class 3")
        other = self.folder / "other"
        labels.write_text("one\ntwo\nthree")
        self.train(out=other, code=BAD_INPUT)
        self.assertIn("there are 3, the model has 10 classes", self.stderr)
        labels.write_bytes(b"x" * 70000)
        self.train(out=other, code=BAD_INPUT)
        self.assertIn("64 KiB", self.stderr)
        self.assertFalse(other.exists())

    def test_eval_does_not_train(self):
        self.train("--epochs", 1)
        self.mote("eval", self.out / "best.mote", "--data", self.data, "--entry-point", "train",
                  code=WRONG_USE)
        self.assertIn("best.mote, 'train': changes the model's states", self.stderr)

    def test_quantize_refuses_pictures_of_another_shape(self):
        self.train("--epochs", 1)
        model, out = self.out / "best.mote", self.folder / "int8.mote"
        self.mote("quantize", model, out, "--data", self.data, "--samples", 8)
        samples = self.folder / "samples.npy"
        for shape in ((20, 14, 14, 1), (20, 56, 14, 1), (4, 14, 56), (1568,)):
            np.save(samples, np.ones(shape, np.float32))
            self.mote("quantize", model, out, "--data", samples, "--force", code=BAD_INPUT)
            self.assertIn("expected samples of 28x28x1", self.stderr)
        for shape in ((2, 28, 28, 1), (2, 1, 28, 28), (28, 28), (2, 784), (784,)):
            np.save(samples, np.ones(shape, np.float32))
            self.mote("quantize", model, out, "--data", samples, "--force")
        images = np.ones((200, 14, 14), np.uint8)
        (self.data / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx(images)))
        self.mote("quantize", model, out, "--data", self.data, "--force", code=BAD_INPUT)
        self.assertIn("200x14x14x1, expected samples of 28x28x1", self.stderr)
        np.save(samples, np.zeros((2, 28, 28), np.float32))
        self.mote("quantize", model, out, "--data", samples, "--force")
        self.assertIn("all zero", self.stderr)

    def test_a_file_can_be_trained_further(self):
        self.train("--epochs", 2)
        first = json.loads((self.out / "history.json").read_text())
        self.mote("train", self.out / "last.mote", "--data", self.data, "--out",
                  self.folder / "more", "--epochs", 1, "--rate", 0.001)
        more = json.loads((self.folder / "more/history.json").read_text())
        self.assertLess(more[0]["loss"], first[1]["loss"])
        self.mote("train", self.out / "last.mote", "--data", self.data, "--out", self.folder / "x",
                  "--batch", 8, code=WRONG_USE)
        self.assertIn("mote convert --trainable --batch", self.stderr)
        infer = self.folder / "int8.mote"
        self.mote("quantize", self.out / "last.mote", infer, "--data", self.data, "--samples", 8)
        self.mote("train", infer, "--data", self.data, "--out", self.folder / "x", code=BAD_INPUT)
        self.assertIn("int8.mote: has no entry point 'train'", self.stderr)
        self.assertIn("mote convert --trainable", self.stderr)
        source = self.folder / "model.tflite"
        source.write_bytes(b"    TFL3")
        self.mote("train", source, "--data", self.data, "--out", self.folder / "x", code=BAD_INPUT)
        self.assertIn("mote convert --trainable", self.stderr)
        self.assertFalse((self.folder / "x").exists())

    def test_bad_input_is_told(self):
        self.mote("train", "nonsense", "--data", self.data, "--out", self.out, code=WRONG_USE)
        self.assertIn("fashion-cnn", self.stderr)
        self.train("--rate", "nan", code=WRONG_USE)
        self.train("--epochs", "0", code=WRONG_USE)
        self.mote("train", self.data / "t10k-labels-idx1-ubyte", "--data", self.data, "--out",
                  self.out, code=BAD_INPUT)
        labels = self.data / "train-labels-idx1-ubyte"
        labels.write_bytes(labels.read_bytes()[:-1])
        self.train(code=BAD_INPUT)
        self.assertIn("train-labels-idx1-ubyte", self.stderr)
        self.mote("eval", labels, "--data", self.data, code=BAD_INPUT)
        labels.write_bytes(idx(np.full(200, CLASSES)))
        self.train(code=BAD_INPUT)
        self.assertIn("train-labels-idx1-ubyte: label 0 is 10", self.stderr)
        labels.unlink()
        self.train(code=BAD_INPUT)
        self.assertIn("holds none of train-labels-idx1-ubyte", self.stderr)
        for data, why in ((self.folder / "nosuch", "does not exist"),
                          (self.data / "t10k-labels-idx1-ubyte", "is no folder")):
            self.mote("train", "simplenet", "--data", data, "--out", self.out, code=BAD_INPUT)
            self.assertIn(why, self.stderr)
        self.train("--seed", "-1", code=WRONG_USE)
        self.mote("eval", labels, "--data", self.data, "--json", "--predictions", "-1",
                  code=WRONG_USE)
        self.assertFalse(self.out.exists())

    def test_a_rate_that_is_too_high_is_told_with_a_remedy(self):
        # Weight decay times this rate multiplies the weights in every step.
        self.mote("train", "fashion-cnn", "--data", self.data, "--out", self.out, "--batch", BATCH,
                  "--rate", "1e6", code=BAD_INPUT)
        self.assertIn("--rate", self.stderr)
        self.assertIn("not finite", self.stderr)


if __name__ == "__main__":
    unittest.main()
