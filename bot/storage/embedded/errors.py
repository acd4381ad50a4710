"""What can go wrong with the embedded database, told as what to do next."""

import errno
from pathlib import Path

_TAIL_LINES = 3  # enough for the FATAL line with its DETAIL and HINT


class EmbeddedPostgresError(Exception):
    """The embedded PostgreSQL cannot serve; the text says what to do about it."""


def from_os_error(problem: OSError, folder: Path) -> EmbeddedPostgresError:
    """Turn a refusal of the file system into an instruction."""
    place = problem.filename or folder
    if problem.errno in {errno.ENOSPC, errno.EDQUOT}:
        return disk_full(folder)
    if problem.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return EmbeddedPostgresError(
            f"{place} is not writable for this user. Make it writable, or name another folder with BOT_DATA_DIR."
        )
    if problem.errno in {errno.ENOTDIR, errno.EEXIST}:
        return EmbeddedPostgresError(f"{place} is not a folder. Name another one with BOT_DATA_DIR.")
    if problem.errno == errno.ENAMETOOLONG:
        return EmbeddedPostgresError(
            f"{folder} is too long for this file system. Name a shorter one with BOT_DATA_DIR."
        )
    return EmbeddedPostgresError(f"The embedded PostgreSQL cannot use {folder}: {problem}")


def from_output(output: str, folder: Path, doing: str) -> EmbeddedPostgresError:
    """Turn what a PostgreSQL program printed into an instruction; `doing` names the step that failed."""
    if "No space left on device" in output or "Disk quota exceeded" in output:
        return disk_full(folder)
    if "could not look up effective user ID" in output:
        return EmbeddedPostgresError(
            "This process runs under a user id without a name, which PostgreSQL refuses. "
            "Run it as a named user, or set DATABASE_URL."
        )
    if "Read-only file system" in output or "Permission denied" in output:
        return EmbeddedPostgresError(
            f"PostgreSQL may not write into {folder}. Make it writable, or name another folder with BOT_DATA_DIR. "
            f"It said: {_gist(output)}"
        )
    return EmbeddedPostgresError(f"{doing} failed in {folder}. PostgreSQL said: {_gist(output) or 'nothing'}")


def disk_full(folder: Path) -> EmbeddedPostgresError:
    """Say that space has to be made."""
    return EmbeddedPostgresError(
        f"The disk that holds {folder} is full. Free about 200 MB and start again; nothing that was saved is lost."
    )


def _gist(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [
        line for line in lines if any(word in line for word in ("PANIC:", "FATAL:", "ERROR:", "error:", "HINT:"))
    ]
    return " / ".join((telling or lines)[-_TAIL_LINES:])
