"""(15.2) to (15.5), in double."""

import numpy as np

from models.recipes import f32


def run(case):
    logits, labels = case.inputs[0].data.astype(np.float64), case.inputs[1].data.reshape(-1)
    smoothing = float(f32(case.attributes["label_smoothing"]))
    ignore = case.attributes["ignore_index"]
    classes = logits.shape[-1]
    gradient = np.zeros(logits.shape)
    rows, gradients = logits.reshape(-1, classes), gradient.reshape(-1, classes)
    counted = [r for r in range(len(labels)) if ignore == -1 or labels[r] != ignore]
    loss = 0.0
    with np.errstate(all="ignore"):
        for r in counted:
            t = rows[r] - rows[r].max()
            s = np.exp(t).sum()
            target = np.full(classes, smoothing / classes)
            target[labels[r]] += 1 - smoothing
            row = np.log(s) - t[labels[r]]
            if smoothing > 0:
                row = (1 - smoothing) * row + smoothing * (np.log(s) - t.sum() / classes)
            loss += row / len(counted)
            gradients[r] = (np.exp(t) / s - target) / len(counted)
    return [np.array([loss]), gradient]
