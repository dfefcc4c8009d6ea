"""Section 11: a copy of the state."""


def run(case):
    return [case.inputs[0].data]
