"""(20.9)."""

from models import recurrent


def run(case):
    _, w, r, bias, h0, lengths = (case.input(i) for i in range(6))
    n = r.data.shape[1]
    w, r, bias = recurrent.real(w), recurrent.real(r), recurrent.real(bias, n)
    h0 = recurrent.real(h0, (recurrent.batch_of(case), n))
    gate = recurrent.activations({**case.attributes, "cell_activation": 4, "output_activation": 4})[0]
    return recurrent.walk(case, lengths, [h0], lambda x, h: [gate(bias + w @ x + r @ h)], n)
