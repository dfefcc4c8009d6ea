"""Training steps of the runtime against PyTorch's, from the same parameters on the same batch.

Needs PyTorch; without it the test is skipped. Usage: torch_test.py MOTE_TORCH_STEPS
"""
import json
import subprocess
import sys

try:
    import torch
    import torch.nn.functional as F
except ImportError:
    print("skipped: no torch in " + sys.executable)
    sys.exit(77)  # SKIP_RETURN_CODE of CTest

RATE, DECAY, MOMENTUM, BATCH = 0.01, 0.01, 0.9, 8
# The sum of some thousand products in another order; gradients through eight layers.
MAX_GRADIENT_ERROR = 1e-4
# Differences of parameters that are a hundred times larger, and three steps of the above. Adam
# divides by the size of the gradient: the errors of small ones count in full.
MAX_UPDATE_ERROR = 1e-3


def to_torch(name, state):
    """The tensor in PyTorch's layout: OHWI and 1HWC become OIHW."""
    value = torch.tensor(state["values"]).reshape(state["shape"])
    if value.dim() != 4:
        return value
    depthwise = "conv2/weights" == name
    return value.permute(3, 0, 1, 2) if depthwise else value.permute(0, 3, 1, 2)


class Net:
    def __init__(self, states):
        self.p = {}
        for name, state in states.items():
            if name.rsplit("/", 1)[-1] in ("velocity", "m", "v") or "folded" in name:
                continue
            statistic = name.endswith(("/mean", "/variance"))
            self.p[name] = to_torch(name, state).contiguous().requires_grad_(not statistic)

    def parameters(self):
        return {n: p for n, p in self.p.items() if p.requires_grad}

    def conv(self, name, x, stride=1, groups=1):
        w = self.p[name + "/weights"]
        return F.conv2d(x, w, self.p.get(name + "/bias"), stride, w.shape[2] // 2, 1, groups)

    def norm(self, name, x):
        p = self.p
        return F.batch_norm(x, p[name + "/mean"], p[name + "/variance"], p[name + "/scale"],
                            p[name + "/bias"], True, 0.1, 1e-5)

    def dense(self, name, x):
        return F.linear(x, self.p[name + "/weights"], self.p[name + "/bias"])

    def small_cnn(self, x):
        x = F.relu(self.norm("bn1", self.conv("conv1", x)))
        y = F.relu(self.norm("bn2", self.conv("conv2", x, groups=6)))
        x = F.max_pool2d(x + self.norm("bn3", self.conv("conv3", y)), 2)
        return self.dense("fc", x.permute(0, 2, 3, 1).flatten(1))

    def block(self, name, x, stride):
        y = F.relu(self.norm(name + "/bn1", self.conv(name + "/conv1", x, stride)))
        y = self.norm(name + "/bn2", self.conv(name + "/conv2", y))
        return F.relu(y + (x if stride == 1 else self.conv(name + "/shortcut", x, stride)))

    def resnet8(self, x):
        x = F.relu(self.norm("bn", self.conv("conv", x)))
        for i, stride in enumerate((1, 2, 2), 1):
            x = self.block(f"block{i}", x, stride)
        return self.dense("fc", x.mean((2, 3)))


def optimizer_of(name, parameters):
    if name == "sgd":
        return torch.optim.SGD(parameters, RATE, MOMENTUM, weight_decay=DECAY)
    kind = torch.optim.Adam if name == "adam" else torch.optim.AdamW
    return kind(parameters, RATE, weight_decay=DECAY)


def relative(a, b):
    return float((a - b).norm() / b.norm().clamp_min(1e-12))


def check(what, errors, limit):
    name, worst = max(errors.items(), key=lambda e: e[1])
    print(f"{what}: worst {worst:.2e} ({name}), {len(errors)} tensors, limit {limit:.0e}")
    return worst <= limit


def compare(program, network, optimizer, steps):
    run = subprocess.run([program, network, optimizer, str(steps)], check=True,
                         capture_output=True)
    data = json.loads(run.stdout)
    net, after = Net(data["before"]), data["after"]
    size = round((len(data["images"]) / BATCH / 3) ** 0.5)
    x = torch.tensor(data["images"]).reshape(BATCH, size, size, 3).permute(0, 3, 1, 2)
    labels = torch.arange(BATCH) % 4
    before = {n: p.detach().clone() for n, p in net.parameters().items()}
    steps_of = optimizer_of(optimizer, list(net.parameters().values()))
    first, losses = {}, []
    for step in range(steps):
        steps_of.zero_grad()
        loss = F.cross_entropy(getattr(net, network)(x), labels)
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            first = {n: p.grad + DECAY * p.detach() for n, p in net.parameters().items()}
        steps_of.step()
    what = f"{network}, {optimizer}, {steps} steps"
    good = check(what + ", losses",
                 {str(i): abs(a - b) / b for i, (a, b) in enumerate(zip(data["losses"], losses))},
                 1e-4)
    if steps == 1 and optimizer == "sgd":
        # With one step the velocity is the gradient.
        got = {n: to_torch(n, after[n + "/velocity"]) for n in first}
        good &= check(what + ", gradients", {n: relative(got[n], first[n]) for n in first},
                      MAX_GRADIENT_ERROR)
    got = {n: to_torch(n, after[n]) for n in net.p}
    statistics = [n for n in net.p if n not in before]
    good &= check(what + ", running statistics",
                  {n: relative(got[n], net.p[n]) for n in statistics}, 1e-4)
    good &= check(what + ", updates",
                  {n: relative(got[n] - before[n], net.p[n].detach() - before[n]) for n in before},
                  MAX_UPDATE_ERROR)
    return good


def main():
    good = True
    for network in ("small_cnn", "resnet8"):
        for optimizer in ("sgd", "adam", "adamw"):
            for steps in (1, 3):
                good &= compare(sys.argv[1], network, optimizer, steps)
    sys.exit(0 if good else 1)


main()
