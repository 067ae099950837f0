"""Runs in new namespaces, before a command: gives it a read-only view of the files, and takes every privilege away.

Called as `python -I -S mounts.py PLAN COMMAND …`; PLAN is a JSON file with `writable`, `shown` and `hidden` paths,
`cwd` and `loopback`. Needs little of the standard library, so that it starts fast.
"""

import ctypes
import fcntl
import json
import os
import socket
import struct
import sys

_BIND, _RECURSIVE = 0x1000, 0x4000
_READ_ONLY, _NO_SUID, _NO_DEVICES = 0x1, 0x2, 0x4
_SET_ATTRIBUTES = 442
_HERE = -100
_DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
_EMPTY = ("/tmp", "/run", "/dev/shm")
_LIBC = ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> None:
    if result < 0:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")


def _mount(source: str, target: str, kind: str, flags: int = 0, data: str = "") -> None:
    done = _LIBC.mount(source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), data.encode())
    _check(done, f"mount {target}")


def _attributes(target: str, added: int, removed: int, *, below: bool) -> None:
    attributes = struct.pack("QQQQ", added, removed, 0, 0)
    done = _LIBC.syscall(_SET_ATTRIBUTES, _HERE, target.encode(), 0x8000 if below else 0, attributes, len(attributes))
    _check(done, f"set attributes of {target}")


def _bound(descriptor: int, target: str, *, writable: bool) -> None:
    """Bind what a descriptor names to a path, which is made where it is missing."""
    source = f"/proc/self/fd/{descriptor}"
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if not os.path.exists(target):
            os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o600))
    _mount(source, target, "", _BIND | _RECURSIVE)
    _attributes(target, 0 if writable else _READ_ONLY, _READ_ONLY if writable else 0, below=True)


def view(writable: list[str], shown: list[str], hidden: list[str]) -> None:
    """Make everything read-only but the writable places; temporary folders, devices and hidden places are empty."""
    opened = {path: os.open(path, os.O_PATH) for path in (*shown, *writable) if os.path.exists(path)}
    devices = {name: os.open(f"/dev/{name}", os.O_PATH) for name in _DEVICES if os.path.exists(f"/dev/{name}")}
    _attributes("/", _READ_ONLY | _NO_SUID, 0, below=True)
    _mount("tmpfs", "/dev", "tmpfs", _NO_SUID, "mode=755")
    for name, descriptor in devices.items():
        os.close(os.open(f"/dev/{name}", os.O_CREAT | os.O_WRONLY, 0o666))
        _mount(f"/proc/self/fd/{descriptor}", f"/dev/{name}", "", _BIND)
    os.symlink("/proc/self/fd", "/dev/fd")
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        os.symlink(f"/proc/self/fd/{number}", f"/dev/{name}")
    os.mkdir("/dev/shm")
    for path in _EMPTY:
        if os.path.isdir(path):
            _mount("tmpfs", path, "tmpfs", _NO_SUID | _NO_DEVICES, "size=25%,mode=1777")
    for path in shown:
        if path in opened and os.path.realpath(path).startswith("/tmp/"):
            _bound(opened[path], path, writable=False)
    for path in hidden:
        if os.path.isdir(path):
            _mount("tmpfs", path, "tmpfs", _READ_ONLY | _NO_SUID, "size=4k,mode=755")
        elif os.path.exists(path):
            _mount("/dev/null", path, "", _BIND)
            _attributes(path, _READ_ONLY, 0, below=False)
    for path in writable:
        if path in opened:
            _bound(opened[path], path, writable=True)
    for descriptor in (*opened.values(), *devices.values()):
        os.close(descriptor)


def raise_loopback() -> None:
    """Bring the loopback interface up."""
    with socket.socket() as opened:
        fcntl.ioctl(opened, 0x8914, struct.pack("16sh22x", b"lo", 0x41))


def give_up_privileges() -> None:
    """Drop every capability for good, for this process and all that it starts."""
    for capability in range(64):
        if _LIBC.prctl(24, capability, 0, 0, 0) < 0:
            break
    _check(_LIBC.prctl(38, 1, 0, 0, 0), "no new privileges")
    header, none = struct.pack("Ii", 0x20080522, 0), bytes(24)
    _check(_LIBC.capset(header, none), "drop capabilities")


def main() -> None:
    """Prepare the view that the plan describes, and become the command."""
    with open(sys.argv[1]) as file:
        plan = json.load(file)
    if plan["loopback"]:
        raise_loopback()
    view(plan["writable"], plan["shown"], plan["hidden"])
    give_up_privileges()
    os.chdir(plan["cwd"])
    os.execv(sys.argv[2], sys.argv[2:])


if __name__ == "__main__":
    main()
