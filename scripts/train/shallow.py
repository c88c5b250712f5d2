"""Phase 2: the shallow parts go on as a chain, on many batches of small views.

Errors of the first parts reach everything behind them, and these parts need steps rather than pictures: a view of
64 px has thousands of positions and costs a tenth of a full one. Batch norms hold their statistics.
"""

from __future__ import annotations

import time

import torch

from blockwise import relative_error
from optimizer import make_optimizer, take_step
from revive import revive
from run_state import Run

PARTS = 7  # stem and blocks up to the last one at stride 8
BATCH, SIZE = 24, 64
REPORT_EVERY = 100
REVIVE_EVERY = 500


def train(run: Run) -> None:
    """Run or resume the phase; the run's checkpoint moves from phase "shallow" to phase "tune"."""
    s = run.settings
    if run.saved.get("phase") != "shallow":
        return
    run.student.load_state_dict(run.saved["student"])
    chain = run.student.parts[:PARTS]
    chain.eval()
    optimizer = make_optimizer(chain, 0.0)
    step = run.saved["step"]
    if run.saved["optimizer"]:
        optimizer.load_state_dict(run.saved["optimizer"])
    lessons = run.small_lessons(step, BATCH, SIZE, PARTS)
    started, first, recent = time.time(), step, []
    while step < s.shallow_steps:
        _, x, boundaries = next(lessons)
        if step % REVIVE_EVERY == 0 and step <= s.shallow_steps // 2:
            revive(run.student, PARTS, x, boundaries)
        found = []
        for part, target in zip(chain, boundaries):
            x = part(x)
            found.append(relative_error(x, target))
        sum(found).backward()
        take_step(optimizer, run.rate(s.shallow_rate, step, step / s.shallow_steps))
        recent.append([float(e.detach()) for e in found])
        step += 1
        if step % REPORT_EVERY == 0 or step == s.shallow_steps:
            mean = torch.tensor(recent).mean(0)
            recent = []
            run.curve.add(phase="shallow", step=step, samples=step * BATCH,
                          per_second=(step - first) * BATCH / (time.time() - started), loss=float(mean.mean()),
                          parts=" ".join(f"{e:.3f}" for e in mean))
        run.save("shallow", step, optimizer)
    run.begin("tune")
