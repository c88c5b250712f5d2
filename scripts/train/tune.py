"""Phase 2: the joined network is trained end to end on its own activations.

Loss: the maps at chosen boundaries against the reference's on the same view; the cosine of the whitened pooled
embedding to the reference's; the cosine, and the similarities within the batch, of a learned linear head against
the embedding teacher's target of the whole picture in its natural appearance.
"""

from __future__ import annotations

import copy
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from batch_statistics import reestimate
from blockwise import relative_error
from optimizer import make_optimizer, take_step
from run_state import Run
from student import HEAD

MAPS = (8, 10, 13, 16, 17, 18)  # boundaries compared, of those that train; the last is the head's map
REPORT_EVERY = 50
WEIGHTS = {"maps": 1.0, "own": 1.0, "cosine": 1.0, "similarity": 2.0}


def compared(frozen: int) -> list[int]:
    """The boundaries of MAPS that lie behind the first `frozen` parts."""
    return [i for i in MAPS if i >= frozen]


def whitening(rows: torch.Tensor, dimensions: int, power: float = 0.25) -> tuple[torch.Tensor, torch.Tensor]:
    """(W [D,C], bias [D]) of partial PCA whitening: eigenvalues to the power -`power`."""
    mean = rows.double().mean(0)
    centred = rows.double() - mean
    values, vectors = torch.linalg.eigh(centred.T @ centred / len(rows))
    values = values.flip(0)[:dimensions].clamp(min=float(values[-1]) * 1e-8)
    matrix = (vectors.flip(1)[:, :dimensions] * values**-power).T
    return matrix.float(), (-matrix @ mean).float()


def reference_whitening(run: Run, count: int = 40) -> tuple[torch.Tensor, torch.Tensor]:
    """Of the reference's pooled head maps; kept in the cache, since all forms share it."""
    file = run.settings.work / "cache" / "reference-whitening.pt"
    if not file.exists():
        head = [len(run.reference.names) - 1]
        samples = run.sample_batches(count, run.settings.size)
        pooled = torch.cat([run.reference.boundaries(x, head)[0].mean((2, 3)).cpu() for x in samples])
        torch.save(whitening(pooled, 256), file)
    return torch.load(file)


class Lessons:
    """Fresh lessons and, in between, replays of recent ones: the frozen front and the teacher run once for each."""

    def __init__(self, run: Run, step: int, frozen: int):
        self.run, self.frozen = run, frozen
        s = run.settings
        self.fresh = run.lessons(step // (1 + s.replays), s.tune_batch, compared(frozen))
        self.recent: list[tuple] = []

    def next(self, step: int) -> tuple:
        """(picture numbers, input of the first trained part, wanted maps) for this step."""
        s = self.run.settings
        if step % (1 + s.replays) and len(self.recent) > 8:
            chosen = int(np.random.default_rng([s.seed, step]).integers(len(self.recent)))
            numbers, front, wanted = self.recent[chosen]
            return numbers, front.float(), [w.float() for w in wanted]
        numbers, x, wanted = next(self.fresh)
        with self.run.autocast():
            front = self.run.student.front(x, self.frozen).float()
        if s.replays:
            keep = torch.bfloat16
            self.recent.append((numbers, front.to(keep), [w.to(keep) for w in wanted]))
            del self.recent[: -s.replay_batches]
        return numbers, front, wanted


class Objective(nn.Module):
    """The loss of one batch; owns the linear head (training only)."""

    def __init__(self, own: tuple[torch.Tensor, torch.Tensor], targets: np.ndarray):
        super().__init__()
        self.register_buffer("matrix", own[0])
        self.register_buffer("bias", own[1])
        self.targets = torch.from_numpy(targets.astype(np.float32))
        self.head = nn.Linear(HEAD, targets.shape[1])

    def forward(self, maps: list[torch.Tensor], first: int, wanted: list[torch.Tensor], numbers: np.ndarray) -> dict:
        pooled, reference = maps[-1].mean((2, 3)), wanted[-1].mean((2, 3))
        own = 1 - F.cosine_similarity(
            F.linear(pooled, self.matrix, self.bias), F.linear(reference, self.matrix, self.bias)
        ).mean()
        target = self.targets[torch.from_numpy(numbers)].to(pooled.device)
        embedding = F.normalize(self.head(pooled))
        cosine = 1 - (embedding * target).sum(1).mean()
        similarity = (embedding @ embedding.T - target @ target.T).square().mean() * 10
        return {
            "maps": torch.stack(
                [relative_error(maps[i - first], w) for i, w in zip(compared(first), wanted)]
            ).mean(),
            "own": own, "cosine": cosine, "similarity": similarity,
        }


def train(run: Run, targets: np.ndarray) -> nn.Module:
    """Run or resume the phase; returns the averaged student, its statistics re-estimated."""
    s = run.settings
    steps = s.tune_samples // s.tune_batch
    frozen = 0 if s.from_scratch else s.frozen_parts
    saved = run.saved if run.saved.get("phase") == "tune" else {}
    if saved:
        run.student.load_state_dict(saved["student"])
    objective = Objective(reference_whitening(run), targets).to(s.device)
    averaged = copy.deepcopy(run.student)
    run.student.freeze(frozen)
    optimizer = make_optimizer(nn.ModuleList([run.student, objective]), s.weight_decay)
    step = saved.get("step", 0)
    if saved.get("optimizer"):
        optimizer.load_state_dict(saved["optimizer"])
        objective.head.load_state_dict(saved["head"])
        averaged.load_state_dict(saved["averaged"])
    lessons, started, first, recent = Lessons(run, step, frozen), time.time(), step, []
    while (fraction := run.progress(step, steps)) < 1:
        numbers, front, wanted = lessons.next(step)
        with run.autocast():
            maps = run.student.boundaries(front, frozen)
        terms = objective([m.float() for m in maps], frozen, wanted, numbers)
        sum(WEIGHTS[name] * value for name, value in terms.items()).backward()
        take_step(optimizer, run.rate(s.tune_rate, step, fraction))
        with torch.no_grad():
            for mean, now in zip(averaged.parameters(), run.student.parameters()):
                mean.lerp_(now, 1 - s.average_decay)
        recent.append([float(v.detach()) for v in terms.values()])
        step += 1
        if step % REPORT_EVERY == 0 or step == steps:
            mean = torch.tensor(recent).mean(0).tolist()
            recent = []
            speed = (step - first) * s.tune_batch / (time.time() - started)
            run.curve.add(phase="tune", step=step, samples=step * s.tune_batch, per_second=speed, loss=sum(mean),
                          parts=" ".join(f"{name} {v:.4f}" for name, v in zip(terms, mean)))
        run.save("tune", step, optimizer, head=objective.head.state_dict(), averaged=averaged.state_dict())
    run.save("tune", step, optimizer, force=True, head=objective.head.state_dict(), averaged=averaged.state_dict())
    reestimate(averaged, run.sample_batches(30, s.size), frozen)
    return averaged.eval()
