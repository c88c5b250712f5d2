"""The student: inverted residual blocks whose interfaces (channels, stride, padding) are the reference network's.

Hidden widths are its own (wider from stride 16 on): 0.38 GMAC at 224 px, 2.8 M parameters.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

import norms

# (output channels, stride, hidden channels, ends a shallow stage)
BLOCKS = (
    (16, 1, 48, False),
    (24, 2, 96, False), (24, 1, 144, True),
    (32, 2, 144, False), (32, 1, 192, False), (32, 1, 192, True),
    (64, 2, 256, False), (64, 1, 512, False), (64, 1, 512, False), (64, 1, 512, False),
    (96, 1, 512, False), (96, 1, 768, False), (96, 1, 768, False),
    (160, 2, 768, False), (160, 1, 1280, False), (160, 1, 1280, False),
    (320, 1, 1280, False),
)
STEM, HEAD = 32, 1280
LAST_STRIDE_16 = 12  # number, in BLOCKS, of the last block at stride 16


class Convolution(nn.Sequential):
    """conv [-> norm -> ReLU6]; stride 2 pads right and bottom only, as the reference does."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, groups: int, norm: nn.Module, active: bool):
        super().__init__(nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False), norm)
        self.active = active

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self[1](self[0](x) if self[0].stride[0] == 1 else self._halve(x))
        return F.relu6(x, inplace=True) if self.active else x

    def _halve(self, x: torch.Tensor) -> torch.Tensor:
        """A zero row and column before the kernel cost less than padding the picture behind.

        Always float32: on a CPU the gradient of such a kernel takes many times as long in bfloat16.
        """
        conv, wanted = self[0], torch.get_autocast_dtype(x.device.type)
        narrow = torch.is_autocast_enabled(x.device.type)
        with torch.autocast(x.device.type, enabled=False):
            y = F.conv2d(x.float(), F.pad(conv.weight, (1, 0, 1, 0)), None, conv.stride, 1, 1, conv.groups)
        return y.to(wanted) if narrow else y


class Block(nn.Module):
    """expand 1x1 -> depthwise 3x3 -> project 1x1, added to the input where the shapes agree."""

    def __init__(self, form: str, inputs: int, outputs: int, stride: int, hidden: int, ends: bool, shallow: bool):
        super().__init__()
        expands = hidden != inputs
        depthwise_norm = norms.plain_norm(form, hidden) if expands else norms.first_norm(form, hidden, shallow)
        self.expand = (
            Convolution(inputs, hidden, 1, 1, 1, norms.first_norm(form, hidden, shallow), True) if expands else None
        )
        self.depthwise = Convolution(hidden, hidden, 3, stride, hidden, depthwise_norm, True)
        self.project = Convolution(hidden, outputs, 1, 1, 1, norms.plain_norm(form, outputs), False)
        self.adds = stride == 1 and inputs == outputs
        self.after = norms.after_addition(form, outputs, ends)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.project(self.depthwise(self.expand(x) if self.expand is not None else x))
        return self.after(x + y if self.adds else y)


class Student(nn.Module):
    """`parts` is the chain stem, blocks, head: part i imitates the reference from boundary i to boundary i+1."""

    def __init__(self, form: str = "bn"):
        super().__init__()
        self.form = form
        parts: list[nn.Module] = [Convolution(3, STEM, 3, 2, 1, norms.stem_norm(form, STEM), True)]
        inputs, seen_stride = STEM, 2
        for outputs, stride, hidden, ends in BLOCKS:
            seen_stride *= stride
            parts.append(Block(form, inputs, outputs, stride, hidden, ends, shallow=seen_stride < 32))
            inputs = outputs
        parts.append(Convolution(inputs, HEAD, 1, 1, 1, norms.plain_norm(form, HEAD), True))
        self.parts = nn.ModuleList(parts)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_in", nonlinearity="relu")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """[n,3,h,w] in -1..1 -> the stride-32 map [n,1280,h/32,w/32]."""
        for part in self.parts:
            x = part(x)
        return x

    def boundaries(self, x: torch.Tensor, first: int = 0) -> list[torch.Tensor]:
        """The output of every part from number `first` on, whose input is `x`."""
        outputs = []
        for part in self.parts[first:]:
            x = part(x)
            outputs.append(x)
        return outputs

    @torch.no_grad()
    def front(self, x: torch.Tensor, count: int) -> torch.Tensor:
        """The output of the first `count` parts, without gradient."""
        for part in self.parts[:count]:
            x = part(x)
        return x

    def freeze(self, count: int) -> None:
        """The first `count` parts keep their weights and use their stored statistics; the others train."""
        self.train()
        for part in self.parts[:count]:
            part.eval().requires_grad_(False)
