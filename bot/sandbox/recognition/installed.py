"""Find the files that come inside installed packages, without importing the packages."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


class ModelsMissing(RuntimeError):
    """The packages that carry the model are not installed."""


def folder_of(package: str) -> Path:
    """Say where the top-level `package` is installed; nothing of it runs.

    Raises:
        ModelsMissing: it is not installed.
    """
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModelsMissing(f"the package {package} is missing; install it with: pip install 'annotate-bot[sandbox]'")
    return Path(spec.origin).parent
