"""How every network here is run: on one core, since concurrency comes from whoever asks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import onnxruntime

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

_RUNTIME: Any = onnxruntime  # carries no types


class Network(Protocol):
    def run(self, outputs: Sequence[str], inputs: Mapping[str, NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        """Compute the named outputs."""


def loaded(model: bytes | Path) -> Network:
    options = _RUNTIME.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    source = str(model) if isinstance(model, Path) else model
    network: Network = _RUNTIME.InferenceSession(source, options, providers=["CPUExecutionProvider"])
    return network
