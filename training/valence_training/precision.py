"""The number format of the matrix products of training and grading."""

import torch


def autocast() -> torch.autocast:
    """bfloat16 where the processor has AMX, else 32 bits.

    Without AMX the short format is slower: 164 against 317 GFLOP/s for 512 × 768 by 768 × 3072
    (PyTorch 2.15, two cores with avx512_bf16).
    """
    has_amx = torch.cpu.get_capabilities().get("amx_bf16", False)
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=has_amx)
