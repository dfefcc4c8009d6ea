"""(5.1), (5.2), (5.8), (5.9)."""

import numpy as np

from models import recipes
from models.recipes import f32


def run(case):
    a, b, out = case.inputs[0], case.inputs[1], case.outputs[0]
    activation = case.attributes["activation"]
    if a.type == "float32":
        return [recipes.float_activation(activation, a.data * b.data)]
    if a.type != "int8":
        with np.errstate(over="ignore"):  # modulo, (5.2)
            return [a.data * b.data]
    scale = f32(case.attributes["requantize_scale"])
    if scale == 0:
        with np.errstate(over="ignore", under="ignore"):
            scale = (f32(a.scale) * f32(b.scale)) / f32(out.scale)
    acc = (a.data.astype(np.int64) - a.zero_point) * (b.data.astype(np.int64) - b.zero_point)
    low, high = recipes.activation_range(activation, out)
    return [recipes.rq(acc, scale, out.zero_point, low, high)]
