"""What every phase shares: settings, teachers, the student, the schedule, checkpoints and the curve."""

from __future__ import annotations

import dataclasses
import math
import signal
import sys
import time
from pathlib import Path

import torch

import checkpoint
import exported_weights
import views
from reference import Reference
from shards import Pictures
from student import Student


@dataclasses.dataclass
class Settings:
    """One run. The same values for all five forms: only `form` differs."""

    work: Path
    reference: Path
    form: str = "bn"
    batch: int = 96
    size: int = 128
    smallest_crop: float = 0.35
    seed: int = 1
    threads: int = 2
    device: str = "cpu"
    bfloat16: bool = False  # the tune phase computes in bfloat16: worth it on a GPU, and on a CPU that has AMX
    block_samples: int = 120_000
    block_rate: float = 6e-3
    shallow_steps: int = 4000
    shallow_rate: float = 3e-3
    tune_samples: int = 400_000
    tune_batch: int = 64
    tune_rate: float = 1.5e-3
    frozen_parts: int = 7
    replays: int = 2
    replay_batches: int = 250
    weight_decay: float = 0.02
    average_decay: float = 0.998
    from_scratch: bool = False
    start: str = ""  # a model.onnx exported earlier: its weights are tuned further, the phases before are skipped
    name: str = ""  # of the run's folders; default: the form, and -scratch or -further
    minutes: float = 0.0  # wall-clock limit of the tune phase in this invocation; 0 is none
    minutes_per_checkpoint: float = 4.0

    @property
    def run(self) -> str:
        """The folder of the run's checkpoints and of its export."""
        return self.name or self.form + ("-scratch" if self.from_scratch else "-further" if self.start else "")


class Run:
    def __init__(self, settings: Settings):
        self.settings = settings
        torch.set_num_threads(settings.threads)
        torch.manual_seed(settings.seed)
        self.pictures = Pictures(settings.work / "cache")
        self.reference = Reference(settings.reference, settings.threads)
        self.student = Student(settings.form).to(settings.device, memory_format=torch.channels_last)
        if settings.start:
            exported_weights.load(self.student, Path(settings.start))
        folder = settings.work / "checkpoints" / settings.run
        self.file = folder / "last.pt"
        self.curve = checkpoint.Curve(folder / "curve.csv")
        self.saved = checkpoint.load(self.file) or {}
        self._last_save = time.time()
        self._stopping = False
        self._phase_start: tuple[float, float] | None = None
        signal.signal(signal.SIGTERM, self._stop)

    def _stop(self, *_: object) -> None:
        """SIGTERM: the step in hand is finished and saved first."""
        self._stopping = True

    def lessons(self, step: int, batch: int, only: list[int] | None = None):
        """Endless (picture numbers, augmented views, the reference's boundaries of them), made in threads ahead."""
        s = self.settings
        natural = views.batches(self.pictures, s.size, batch, s.smallest_crop, s.seed, step)
        return views.ahead(self._taught(natural, self.reference, only), depth=2)

    def autocast(self) -> torch.autocast:
        """The precision in which the student computes; its weights stay float32."""
        return torch.autocast(self.settings.device, torch.bfloat16, enabled=self.settings.bfloat16)

    def small_lessons(self, step: int, batch: int, size: int, parts: int):
        """The same for the first `parts` boundaries on small views of small crops."""
        s = self.settings
        natural = views.batches(self.pictures, size, batch, 0.1, s.seed + 1, step)
        return views.ahead(self._taught(natural, Reference(s.reference, s.threads, parts), None), depth=4)

    def _taught(self, natural, reference: Reference, only: list[int] | None):
        for numbers, pictures in views.ahead(natural):
            x = views.to_network(views.change_appearance(pictures)).to(self.settings.device)
            yield numbers, x, reference.boundaries(x, only)

    def progress(self, step: int, steps: int) -> float:
        """0..1; with `minutes` set, what is left of the phase is fitted into them."""
        minutes = self.settings.minutes
        if self._phase_start is None:
            self._phase_start = (time.time(), step / steps)
        began, fraction = self._phase_start
        elapsed = (time.time() - began) / (60 * minutes) if minutes else 0.0
        return max(step / steps, fraction + (1 - fraction) * elapsed)

    def rate(self, peak: float, step: int, fraction: float) -> float:
        """Linear warm-up over 30 steps, then cosine to (nearly) zero."""
        return peak * min((step + 1) / 30, 0.01 + 0.99 * (0.5 + 0.5 * math.cos(math.pi * min(fraction, 1.0))))

    def save(self, phase: str, step: int, optimizer: torch.optim.Optimizer | None, force: bool = False, **more) -> None:
        """Write the checkpoint when it is due, or when forced (end of a phase)."""
        due = time.time() - self._last_save >= 60 * self.settings.minutes_per_checkpoint
        if not (force or due or self._stopping):
            return
        states = optimizer.state_dict() if optimizer else None
        checkpoint.save(
            self.file, form=self.settings.form, phase=phase, step=step, student=self.student.state_dict(),
            optimizer=states, **more,
        )
        self._last_save = time.time()
        if self._stopping:
            sys.exit(0)

    def begin(self, phase: str) -> None:
        """Save the student as the start of the next phase."""
        self.save(phase, 0, None, force=True)
        self.saved = {"phase": phase, "step": 0, "student": self.student.state_dict(), "optimizer": None}

    def sample_batches(self, count: int, size: int):
        """Views for re-estimated statistics: mild crops, natural appearance."""
        loader = views.batches(self.pictures, size, 64, 0.6, self.settings.seed + 1000, 0)
        for _ in range(count):
            yield views.to_network(next(loader)[1]).to(self.settings.device)
