"""Where things lie: the cluster, its socket, and root's way around closed parent folders."""

import hashlib
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from bot.storage.embedded.account import Account
from bot.storage.embedded.errors import EmbeddedPostgresError

# For root only: clusters, and copies of the binaries, that a lent account could not reach elsewhere.
SYSTEM_HOME = Path("/var/lib/annotate-bot")
_SOCKET_FOLDER_BYTES = 85  # macOS allows 104 bytes for the socket's whole path; its name and the lock's take up to 19
_SEARCH_ONLY = 0o011


def folder_hash(path: Path) -> str:
    """Shorten a path to 16 hex digits."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]


def system_home() -> Path:
    """Make the folder for what a lent account must reach outside the data folder."""
    SYSTEM_HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
    _open_for_search(SYSTEM_HOME)
    return SYSTEM_HOME


def cluster_home(data_dir: Path) -> Path:
    """Say where the cluster of `data_dir` lies or would lie, without making anything."""
    outside = SYSTEM_HOME / folder_hash(data_dir)
    return outside if os.geteuid() == 0 and outside.exists() else data_dir / "postgresql"


def prepare_home(data_dir: Path, account: Account) -> Path:
    """Make the folder that holds the cluster, owned by `account` and closed to all others.

    A lent account has to get there: the data folder itself may be opened for passing through, a parent never;
    below a closed parent the cluster moves to the system's folder.

    Raises:
        EmbeddedPostgresError: a cluster is already there but its parents were closed since.
    """
    home = cluster_home(data_dir)
    if account.lent and home.parent == data_dir and not account.may_enter(data_dir):
        if account.may_enter(data_dir.parent):
            _open_for_search(data_dir)
        elif home.exists():
            raise EmbeddedPostgresError(
                f"The database in {home} can no longer be reached by the account it runs under: "
                f"a parent folder was closed. Open it again (chmod o+x) up to {data_dir.parent}."
            )
        else:
            home = system_home() / folder_hash(data_dir)
    if not home.exists():
        home.mkdir(mode=0o700)
        account.give(home)
    return home


def socket_folder(home: Path, account: Account) -> Path:
    """Make the private folder of the server's socket: short, and the same at every start.

    A name that somebody else has taken in the shared temporary folder is not used; a random one is.
    """
    base = Path(tempfile.gettempdir())
    name = f"annotate-bot-{folder_hash(home)}"
    awkward = "," in str(base) or len(os.fsencode(base / name)) > _SOCKET_FOLDER_BYTES  # a comma parts two folders
    if awkward or (account.lent and not account.may_enter(base)):
        base = Path("/tmp")  # noqa: S108 - the folder made in it is private and checked to be ours
    folder = base / name
    try:
        folder.mkdir(mode=0o700)
        account.give(folder)
    except FileExistsError:
        if not _private(folder, account):
            folder = Path(tempfile.mkdtemp(prefix=f"{name[:-8]}-", dir=base))
            account.give(folder)
    return folder


def _private(folder: Path, account: Account) -> bool:
    there = folder.lstat()
    if not stat.S_ISDIR(there.st_mode) or there.st_mode & 0o077:
        return False
    if account.lent and there.st_uid == 0:
        account.give(folder)  # a start killed between making and giving left it to root
        return True
    return there.st_uid == account.uid


def _open_for_search(folder: Path) -> None:
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & _SEARCH_ONLY != _SEARCH_ONLY:
        folder.chmod(mode | _SEARCH_ONLY)


def open_private(path: Path, flags: int) -> int:
    """Open a file nobody else may read, making it where it is absent, and give its descriptor.

    It belongs to the owner of its folder even when root makes it, so that root locks nobody out.
    """
    handle = os.open(path, flags | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    folder = path.parent.stat()
    if os.geteuid() == 0 and folder.st_uid != os.fstat(handle).st_uid:
        os.fchown(handle, folder.st_uid, folder.st_gid)
    return handle


def remove_sockets(folder: Path, name: str) -> None:
    """Take the socket folder of an ended server away, and what a killed one left in it; anything else stays."""
    with suppress(OSError):
        (folder / name).unlink(missing_ok=True)
        (folder / f"{name}.lock").unlink(missing_ok=True)
    remove_if_empty(folder)


def remove_if_empty(folder: Path) -> None:
    """Take a socket folder away in which no server left anything."""
    with suppress(OSError):
        folder.rmdir()
