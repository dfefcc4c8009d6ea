"""Statements about what `mote run` takes as inputs: sound, archives of arrays, names, values."""
import json
import struct
import unittest
import wave

import numpy as np

import command_line_test as base


class InputsTest(base.ToolCase):
    def setUp(self):
        super().setUp()
        self.want = (2 * self.x).ravel()

    def source_of(self, *arguments):
        return json.loads(self.mote("run", *arguments, "--json"))["inputs"][0]["source"]

    def write_wav(self, samples, rate, channels=1):
        path = self.folder / "x.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(channels)
            file.setsampwidth(2)
            file.setframerate(rate)
            file.writeframes(np.asarray(samples, "<i2").tobytes())
        return path

    def test_an_archive_names_the_inputs(self):
        path = self.folder / "x.npz"
        for save in (np.savez, np.savez_compressed):
            save(path, x=self.x)
            np.testing.assert_array_equal(self.values(self.model, path), self.want)
        np.savez(path, self.x)  # arr_0
        np.testing.assert_array_equal(self.values(self.model, path), self.want)

    def test_an_archive_of_other_names_is_refused(self):
        path = self.folder / "x.npz"
        np.savez(path, x=self.x, z=self.x)
        self.mote("run", self.model, path, code=base.BAD_INPUT)
        self.assertIn("'z'", self.stderr)
        self.assertIn("'x' float32 1x2x2x3", self.stderr)

    def test_a_damaged_archive_is_refused(self):
        path = self.folder / "x.npz"
        np.savez_compressed(path, x=np.zeros((1, 2, 2, 3), np.float32))
        whole = path.read_bytes()
        for size in range(0, len(whole), 7):
            path.write_bytes(whole[:size])
            self.mote("run", self.model, path, code=base.BAD_INPUT)

    def test_an_input_is_given_by_name_or_value(self):
        np.save(self.folder / "x.npy", self.x)
        np.testing.assert_array_equal(
            self.values(self.model, f"x={self.folder / 'x.npy'}"), self.want)
        np.testing.assert_array_equal(self.values(self.model, "--fill", "x=1.5"), [3] * 12)

    def test_each_input_is_given_once(self):
        np.save(self.folder / "x.npy", self.x)
        self.mote("run", self.model, self.folder / "x.npy", "--fill", "x=1", code=base.WRONG_USE)
        self.mote("run", self.model, self.folder / "x.npy", self.folder / "x.npy",
                  code=base.WRONG_USE)
        for fill in ("y=1", "x", "x=", "x=one", "x=1x"):  # float32
            self.mote("run", self.model, "--fill", fill, code=base.WRONG_USE)

    def test_sound_is_between_minus_one_and_one(self):
        samples = [0, 32767, -32768, 16384, -16384, 1, 0, 0, 0, 0, 0, 0]
        path = self.write_wav(samples, 16000)
        np.testing.assert_allclose(self.values(self.model, path),
                                   2 * np.array(samples) / 32768, atol=1e-7)
        self.assertEqual(self.source_of(self.model, path), "sound, 16000 Hz")

    def test_sound_is_padded_cut_and_begins_at_the_offset(self):
        self.assertIn("padded with silence",
                      self.source_of(self.model, self.write_wav([8192] * 5, 8000)))
        path = self.write_wav(np.arange(20) * 256, 10)
        self.assertIn("the first 12 of 20 samples", self.source_of(self.model, path))
        np.testing.assert_allclose(self.values(self.model, path, "--offset", "0.5"),
                                   2 * np.arange(5, 17) / 128, atol=1e-7)
        self.mote("run", self.model, path, "--offset", "2", code=base.BAD_INPUT)

    def test_channels_are_mixed(self):
        path = self.write_wav([[8192, 16384]] * 12, 16000, channels=2)
        np.testing.assert_allclose(self.values(self.model, path), [0.75] * 12, atol=1e-7)

    def test_sound_is_resampled(self):
        time = np.arange(480) / 48000
        path = self.write_wav(np.sin(2 * np.pi * 1000 * time) * 16384, 48000)
        values = self.values(self.model, path, "--sample-rate", "16000", "--offset", "0.002")
        expected = np.sin(2 * np.pi * 1000 * (np.arange(32, 44) / 16000))
        # The ends of a short recording reach into libsamplerate's filter.
        np.testing.assert_allclose(values, expected, atol=0.02)

    def test_sound_is_not_resampled_without_bound(self):
        path = self.write_wav([0] * 12, 8)
        self.mote("run", self.model, path, "--sample-rate", "1000000", code=base.BAD_INPUT)
        self.assertIn("resampled", self.stderr)

    def test_damaged_sound_is_refused(self):
        whole = self.write_wav([0] * 12, 16000).read_bytes()
        path = self.folder / "x.wav"
        for size in (0, 10, 43):
            path.write_bytes(whole[:size])
            self.mote("run", self.model, path, code=base.BAD_INPUT)
        # A header that promises more samples than there are.
        path.write_bytes(whole[:40] + struct.pack("<I", 0x7fffffff) + whole[44:])
        self.mote("run", self.model, path)


if __name__ == "__main__":
    unittest.main()
