"""A real PostgreSQL server for tests, on a Unix socket in a scratch folder of its own."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path


def program(name: str) -> str:
    """Return the path of one of the server's programs; empty where there is none."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return shutil.which(name) or shutil.which(name, path=os.pathsep.join(map(str, folders))) or ""


class Server:
    """A server with an empty cluster. It refuses to run as root, so it is started as another user there."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self._user = None
        if os.geteuid() == 0:
            names = {entry.pw_name for entry in pwd.getpwall()}
            self._user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
            os.chown(self.folder, self._user.pw_uid, self._user.pw_gid)
        self._run("initdb", "-D", str(self.folder / "data"), "-U", "tester", "-A", "trust", "--no-sync")

    @property
    def address(self) -> str:
        return f"postgresql:///postgres?host={self.folder}&user=tester"

    def start(self) -> None:
        options = f"-c listen_addresses= -c fsync=off -k {self.folder}"
        self._run(
            *("pg_ctl", "-D", str(self.folder / "data"), "-o", options),
            *("-l", str(self.folder / "log"), "-w", "-t", "60", "start"),
        )

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")

    def remove(self) -> None:
        if (self.folder / "data" / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self.folder)

    def execute(self, sql: str) -> None:
        import psycopg

        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(sql)

    def _run(self, name: str, *arguments: str) -> None:
        other = {} if self._user is None else {"user": self._user.pw_uid, "group": self._user.pw_gid}
        done = subprocess.run(
            [program(name), *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
            cwd=self.folder,
            extra_groups=[] if other else None,
            **other,
        )
        assert done.returncode == 0, done.stderr
