"""(15.8), in double."""

import numpy as np


def run(case):
    parameter, velocity, gradient, rate, hyper = [x.data.astype(np.float64) for x in case.inputs]
    gradient = gradient + hyper[1] * parameter
    velocity = hyper[0] * velocity + gradient
    direction = gradient + hyper[0] * velocity if case.attributes["nesterov"] else velocity
    return [parameter - rate[0] * direction, velocity]
