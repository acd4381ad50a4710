"""Clarifai's own Python SDK against the stand-in, over plaintext and TLS, to the end of every list."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.sandbox.clarifai import ClarifaiSandbox
from bot.sandbox.recognition import PlantedModel

if TYPE_CHECKING:
    from collections.abc import Mapping

PROGRAM = Path(__file__).parent / "programs" / "sdk.py"
PYTHON = Path(__file__).parents[3] / ".venv-sdk" / "bin" / "python"

pytestmark = pytest.mark.skipif(
    not PYTHON.exists(), reason="the Clarifai SDK is not installed: make .venv-sdk/made, or make test, installs it"
)


def run(folder: Path, **env: str) -> Mapping[str, Any]:
    """Run the program; what each of its acts found."""
    picture = folder / "picture"
    picture.write_bytes(b"as good as a picture")
    account = {"CLARIFAI_PAT": "demo-key", "CLARIFAI_USER_ID": "demo", "CLARIFAI_APP_ID": "sdk-app"}
    ran = subprocess.run(
        [PYTHON, PROGRAM],
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "PICTURE": str(picture), **account, **env},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = {}
    for line in ran.stdout.splitlines():
        found |= json.loads(line) if line.startswith("{") else {}
    return found


@pytest.mark.parametrize("way", ["plaintext", "TLS", "no scheme"])
def test_it_lists_creates_patches_uploads_and_pages_to_the_end(tmp_path: Path, way: str) -> None:
    model = PlantedModel(["people", "man"], default={"people": 0.9})
    with ClarifaiSandbox(model, tls_port=0, cert_dir=tmp_path, rate_limit=None) as sandbox:
        found = run(
            tmp_path,
            **{
                "plaintext": {"CLARIFAI_API_BASE": sandbox.base},
                "TLS": {
                    "CLARIFAI_API_BASE": sandbox.tls_base,
                    "CLARIFAI_ROOT_CERTIFICATES_PATH": str(sandbox.cert),
                },
                "no scheme": {"CLARIFAI_API_BASE": sandbox.base.removeprefix("http://")},
            }[way],
        )
        assert sandbox.faults.calls["ListInputs"] < 50
    assert found == {
        "apps": ["sdk-app"],
        "concepts": 45,
        "concepts of page 2": [f"c{number}" for number in range(20, 40)],
        "renamed": ["seven"],
        "relation seen from its object": ["hyponym"],
        "models": ["cutter"],
        "versions": 2,
        "model": "the cutter",
        "workflows": ["sdk-workflow"],
        "predicted": 1,
        "inputs": 150,
        "inputs of page 3": 30,
        "metadata": "as patched",
        "downloaded": True,
        "count": 151,
        "not uploaded": 0,
        "annotation": ["c2", "c3"],
        "annotations": 153,
        "deleted": True,
    }
