"""Under whose name PostgreSQL runs: it refuses to be root, so root lends it an unprivileged account."""

import os
import pwd
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from bot.storage.embedded.errors import EmbeddedPostgresError

# An account made for this purpose wins; no account is ever created. "_postgres" is the name on macOS.
LENT_ACCOUNTS = ("annotate-bot", "postgres", "_postgres", "nobody")
_PROGRAM_S = 120.0  # initdb takes 1 s on a laptop; a slow disk is given a hundred times that


@dataclass(frozen=True)
class Account:
    """The user that owns the cluster and runs its programs; `lent` when this process is root and is not that user."""

    uid: int
    gid: int
    lent: bool

    def run(
        self,
        *command: str | Path,
        errors: IO[bytes] | int = subprocess.STDOUT,
        environment: Mapping[str, str] | None = None,
    ) -> tuple[int, str]:
        """Run a program to its end as this account, in a session of its own; give its exit code and what it printed.

        The session keeps a Ctrl-C in the terminal away from it. The root folder is its working folder,
        since ours may be closed to a lent account.
        """
        done = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=_clean_environment() | dict(environment or {}),
            cwd="/",
            start_new_session=True,
            user=self.uid if self.lent else None,
            group=self.gid if self.lent else None,
            extra_groups=[] if self.lent else None,
            timeout=_PROGRAM_S,
            check=False,
        )
        return done.returncode, done.stdout.decode(errors="replace")

    def may_enter(self, folder: Path) -> bool:
        """Say whether this account can reach what lies in `folder`; asked of the kernel, which knows about ACLs too."""
        return self.run("test", "-x", folder)[0] == 0

    def give(self, folder: Path) -> None:
        """Make `folder` this account's own."""
        if self.lent:
            os.chown(folder, self.uid, self.gid, follow_symlinks=False)


def server_account(*owned: Path) -> Account:
    """Choose the account: our own, or as root the owner of the first of `owned` that is not root's, else one to lend.

    Raises:
        EmbeddedPostgresError: root finds no account it could lend.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), lent=False)
    for folder in owned:
        if folder.exists() and (owner := folder.stat()).st_uid != 0:
            return Account(owner.st_uid, owner.st_gid, lent=True)
    for name in LENT_ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, lent=True)
    raise EmbeddedPostgresError(
        "PostgreSQL refuses to run as root and there is no unprivileged account here. "
        "Make one (useradd --system annotate-bot), start as an ordinary user, or set DATABASE_URL."
    )


def _clean_environment() -> dict[str, str]:
    # PGDATA, PGPORT, PGOPTIONS and their kin of somebody's shell would steer our server; LC_ALL keeps its texts English
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
