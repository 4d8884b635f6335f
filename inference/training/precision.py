"""Half precision where it is faster: not every processor multiplies bfloat16."""

import torch


def autocast() -> torch.autocast:
    """Bfloat16 if the processor has instructions for it (AVX-512), else none.

    Without them PyTorch goes on, by a reference implementation that took ten times as long (AMD
    EPYC with AVX2 alone, busy: a step of 16 films of 256 x 256 in 95 s instead of 10).
    """
    return torch.autocast("cpu", torch.bfloat16, enabled=dtype_name() == "bfloat16")


def dtype_name() -> str:
    """As a run's record has it: the weights differ a little between the two."""
    return "bfloat16" if torch.ops.mkldnn._is_mkldnn_bf16_supported() else "float32"
