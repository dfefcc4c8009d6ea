"""Sound to the features of microWakeWord: wake_word_features.py SOUND.wav OUT (float32 [n, 40])."""

import sys
import wave

import numpy as np
from pymicro_features import MicroFrontend

CHUNK = 160  # 10 ms at 16 kHz

with wave.open(sys.argv[1]) as sound:
    if (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) != (16000, 1, 2):
        sys.exit(f"{sys.argv[1]}: expected 16 kHz, one channel, 16 bits")
    samples = np.frombuffer(sound.readframes(sound.getnframes()), np.int16)
# The noise estimate settles in the second before.
silence = np.random.default_rng(0).normal(0, 3, 16000).astype(np.int16)
samples = np.concatenate([silence, samples, np.zeros(16000, np.int16)])
frontend, rows = MicroFrontend(), []
for at in range(0, len(samples) - CHUNK, CHUNK):
    chunk = samples[at:at + CHUNK].tobytes()
    while chunk:
        made = frontend.process_samples(chunk)
        chunk = chunk[made.samples_read * 2:]
        if made.features:
            rows.append(made.features)
np.array(rows, np.float32).tofile(sys.argv[2])
