"""The cluster on disk: made once, whole or not at all."""

import os
import secrets
import shutil
from pathlib import Path

from bot.storage.embedded.account import Account
from bot.storage.embedded.binaries import major_version
from bot.storage.embedded.errors import EmbeddedPostgresError, from_output

SUPERUSER = "annotate_bot"
CLUSTER = "cluster"  # the folder's name within its home


def prepare_cluster(home: Path, binaries: Path, account: Account) -> Path:
    """Give the cluster in `home`, making it first where there is none.

    `initdb` works in a folder of another name that is renamed when complete, so a kill leaves no half cluster.

    Raises:
        EmbeddedPostgresError: `initdb` failed, or the cluster is of another major version.
    """
    cluster = home / CLUSTER
    if not cluster.exists():
        for unfinished in home.glob("new-*"):
            shutil.rmtree(unfinished, ignore_errors=True)
        _initialise(cluster, home / f"new-{secrets.token_hex(4)}", binaries, account)
    made_by = (cluster / "PG_VERSION").read_text().strip()
    ours = major_version(binaries, account)
    if made_by != ours:
        raise EmbeddedPostgresError(
            f"The database in {cluster} was made by PostgreSQL {made_by}; this version brings {ours}. "
            f"Back it up with the version that made it, move {home} away, start again and restore."
        )
    return cluster


def _initialise(cluster: Path, fresh: Path, binaries: Path, account: Account) -> None:
    # the built-in locale is the same on every platform; trust is safe as only the socket's private folder leads in
    code, output = account.run(
        *(binaries / "initdb", "-D", fresh, "-U", SUPERUSER, "--encoding=UTF8", "--locale=C"),
        *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--auth=trust", "--no-instructions"),
    )
    if code:
        shutil.rmtree(fresh, ignore_errors=True)
        raise from_output(output, cluster.parent, "Making the embedded database")
    fresh.rename(cluster)
    handle = os.open(cluster.parent, os.O_RDONLY)
    try:
        os.fsync(handle)  # the new name survives a power cut before the first commit is promised
    finally:
        os.close(handle)
