"""Section 11: the state afterwards is the operand."""


def run(case):
    return [case.inputs[1].data]
