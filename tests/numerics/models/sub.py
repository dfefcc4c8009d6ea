"""(5.1), (5.2), (5.3) to (5.7)."""

from models import add


def run(case):
    return [add.binary(case, -1)]
