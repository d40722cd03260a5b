"""`python -m tui_trainer.cli.probe` writes what PyTorch finds on this machine, as JSON.

It has a process of its own, because a broken driver may hang or crash it.
"""

from __future__ import annotations

import json
import os
from typing import Any


def probe() -> dict[str, Any]:
    """PyTorch's version, its devices, and the one that `auto` would take."""
    os.environ.setdefault("CUDA_DEVICE_ORDER", "PCI_BUS_ID")
    import torch

    from tui_trainer.engine.device import choose

    automatic = choose("auto")
    cuda = range(torch.cuda.device_count()) if torch.cuda.is_available() else ()
    return {
        "torch": torch.__version__,
        "cuda": torch.version.cuda,
        "threads": torch.get_num_threads(),
        "devices": [
            *[f"cuda:{i} {torch.cuda.get_device_name(i)}" for i in cuda],
            *(["mps"] if torch.backends.mps.is_available() else []),
            "cpu",
        ],
        "auto": f"{automatic.torch} {automatic.name}",
        "warnings": list(automatic.warnings),
    }


if __name__ == "__main__":
    print(json.dumps(probe()))
