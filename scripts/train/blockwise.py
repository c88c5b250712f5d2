"""Phase 1: every part of the student is regressed on its own, all at once.

One forward pass of the reference gives the input and the target of every part. Shallow parts see a few pictures
of the batch only: their maps are large, their functions simple, and they would take most of the time.
"""

from __future__ import annotations

import time

import torch

from optimizer import make_optimizer, take_step
from run_state import Run
from student import Student

# Share of the batch that a part sees, by the stride of its input.
SHARES = {1: 1 / 12, 2: 1 / 12, 4: 1 / 6, 8: 1 / 2, 16: 1.0, 32: 1.0}
REPORT_EVERY = 50
SETTLE_AFTER = 0.65  # of the steps: from there on batch norms use stored statistics, as at inference
SETTLE_BATCHES = 30


def relative_error(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Mean over channels of squared error by variance (small channels count less)."""
    variance = target.var((0, 2, 3))
    error = (output - target).square().mean((0, 2, 3))
    return (error / (variance + 0.1 * variance.mean() + 1e-8)).mean()


def part_errors(student: Student, x: torch.Tensor, boundaries: list[torch.Tensor]) -> list[torch.Tensor]:
    """The relative error of every part, given the reference's own input to it."""
    found = []
    for part, source, target in zip(student.parts, [x, *boundaries[:-1]], boundaries):
        count = max(2, round(len(x) * SHARES[round(x.shape[-1] / source.shape[-1])]))
        source = source[:count].contiguous(memory_format=torch.channels_last)
        found.append(relative_error(part(source), target[:count]))
    return found


@torch.no_grad()
def match_output_scale(student: Student, x: torch.Tensor, boundaries: list[torch.Tensor]) -> None:
    """Start every part's last norm at the mean and deviation of what it is to produce (targets reach +-30)."""
    for part, source, target in zip(student.parts, [x, *boundaries[:-1]], boundaries):
        last = part.project[1] if hasattr(part, "project") else part[1]
        wanted = target - source if getattr(part, "adds", False) else target
        last.weight.copy_(wanted.std((0, 2, 3)).clamp(min=0.05))
        last.bias.copy_(wanted.mean((0, 2, 3)))


@torch.no_grad()
def settle(student: Student, lessons) -> None:
    """Average the batch statistics of every part over many lessons, then hold them.

    Shallow parts see few pictures at a time; the noise of such statistics would bound their error from below.
    """
    norms = [module for module in student.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
    for _ in range(SETTLE_BATCHES):
        _, x, boundaries = next(lessons)
        part_errors(student, x, boundaries)
    for norm in norms:
        norm.momentum = 0.1
    student.eval()


def train(run: Run) -> None:
    """Run or resume the phase, then hand the joined parts to the shallow phase."""
    s = run.settings
    if run.saved.get("phase", "blocks") != "blocks":
        return
    steps = s.block_samples // s.batch
    optimizer = make_optimizer(run.student, s.weight_decay)
    step = 0
    if run.saved:
        step = run.saved["step"]
        run.student.load_state_dict(run.saved["student"])
        optimizer.load_state_dict(run.saved["optimizer"])
    lessons, started, first, recent = run.lessons(step, s.batch), time.time(), step, []
    run.student.train(step <= SETTLE_AFTER * steps)
    while step < steps:
        if run.student.training and step >= SETTLE_AFTER * steps:
            settle(run.student, lessons)
        _, x, boundaries = next(lessons)
        if step == 0:
            match_output_scale(run.student, x, boundaries)
        found = part_errors(run.student, x, boundaries)
        sum(found).backward()
        take_step(optimizer, run.rate(s.block_rate, step, step / steps))
        recent.append([float(e.detach()) for e in found])
        step += 1
        if step % REPORT_EVERY == 0 or step == steps:
            mean = torch.tensor(recent).mean(0)
            recent = []
            speed = (step - first) * s.batch / (time.time() - started)
            run.curve.add(phase="blocks", step=step, samples=step * s.batch, per_second=speed, loss=float(mean.mean()),
                          parts=" ".join(f"{e:.3f}" for e in mean))
        run.save("blocks", step, optimizer)
    run.begin("shallow")
