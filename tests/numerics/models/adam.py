"""(15.9) to (15.11), in double."""

import numpy as np


def run(case):
    parameter, first, second, gradient, rate, _, hyper = [
        x.data.astype(np.float64) for x in case.inputs]
    step = max(1, int(case.inputs[5].data[0]))
    beta1, beta2, epsilon, decay = hyper
    with np.errstate(all="ignore"):
        if case.attributes["decoupled"]:
            parameter = parameter * (1 - rate[0] * decay)
        else:
            gradient = gradient + decay * parameter
        first = beta1 * first + (1 - beta1) * gradient
        second = beta2 * second + (1 - beta2) * gradient**2
        mean = first / (1 - np.float64(beta1) ** step)
        root = np.sqrt(second) / np.sqrt(1 - np.float64(beta2) ** step)
        return [parameter - rate[0] * mean / (root + epsilon), first, second]
