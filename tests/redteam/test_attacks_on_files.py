"""Foreign code tries to change, delete or read what is not its own, by every route that a program has."""

import sys
from pathlib import Path

import pytest

from tests.redteam.conftest import SECRET, Project
from tools.path_patterns import files_below
from tools.sandbox import Completed, Limits, best_layer, layers, run
from tools.team.model import DEFAULT_SENSITIVE

LAYERS = [
    pytest.param("bubblewrap", marks=pytest.mark.skipif(best_layer() != "bubblewrap", reason="needs bubblewrap")),
    pytest.param("namespaces", marks=pytest.mark.skipif(not layers.unshare(), reason="needs namespaces")),
]
START = "import os, pathlib, shutil, subprocess, sys\nP = pathlib.Path(sys.argv[1])\nS = pathlib.Path(sys.argv[2])\n"

WRITES = {
    "open for writing": "open(P / 'experiment.ipynb', 'w')",
    "open for appending": "open(P / 'experiment.ipynb', 'a').write('x')",
    "open for reading and writing": "open(P / 'experiment.ipynb', 'r+').write('x')",
    "open to create": "open(P / 'new.txt', 'x')",
    "open with flags": "os.open(P / 'experiment.ipynb', os.O_WRONLY | os.O_TRUNC)",
    "truncate": "os.truncate(P / 'experiment.ipynb', 0)",
    "replace": "(S / 'x').write_text('x'); os.replace(S / 'x', P / 'experiment.ipynb')",
    "rename away": "os.rename(P / 'experiment.ipynb', P / 'gone.ipynb')",
    "move away": "shutil.move(P / 'experiment.ipynb', S / 'gone.ipynb')",
    "delete": "os.unlink(P / 'experiment.ipynb')",
    "delete the folder": "shutil.rmtree(P)",
    "copy over": "(S / 'x').write_text('x'); shutil.copyfile(S / 'x', P / 'experiment.ipynb')",
    "change the mode": "os.chmod(P / 'experiment.ipynb', 0o777); open(P / 'experiment.ipynb', 'w')",
    "change the times": "os.utime(P / 'experiment.ipynb', (0, 0))",
    "symbolic link": "os.symlink(P / 'experiment.ipynb', S / 'link'); open(S / 'link', 'w')",
    "symbolic link to the folder": "os.symlink(P, S / 'link'); open(S / 'link' / 'experiment.ipynb', 'w')",
    "hard link": "os.link(P / 'experiment.ipynb', S / 'link'); open(S / 'link', 'w')",
    "path with dots": "open(P / 'data' / '..' / '.' / 'experiment.ipynb', 'w')",
    "descriptor through /proc": "f = open(P / 'experiment.ipynb'); open(f'/proc/self/fd/{f.fileno()}', 'w')",
    "root of another process": "open(f'/proc/1/root{P}/experiment.ipynb', 'w')",
    "cp": "subprocess.run(['cp', '/etc/hostname', P / 'experiment.ipynb'], check=True)",
    "sed in place": "subprocess.run(['sed', '-i', 's/cells/x/', P / 'experiment.ipynb'], check=True)",
    "shell redirection": "subprocess.run(f'echo x > {P}/experiment.ipynb', shell=True, check=True)",
    "tee": "subprocess.run(['tee', P / 'data/train.csv'], input=b'x', check=True)",
    "dd": "subprocess.run(['dd', 'if=/dev/zero', f'of={P}/data/train.csv', 'count=1'], check=True)",
    "python in python": (
        "(S / 'x.py').write_text('import sys; open(sys.argv[1], \"w\")')\n"
        "subprocess.run([sys.executable, S / 'x.py', P / 'data/train.csv'], check=True)"
    ),
    "pandas": "import pandas; pandas.DataFrame({'a': [1]}).to_csv(P / 'data/train.csv')",
    "memory map": "import mmap; f = open(P / 'experiment.ipynb', 'r+b'); mmap.mmap(f.fileno(), 0)",
    "archive that climbs": (
        "import tarfile, io\n"
        "t = tarfile.open(S / 'a.tar', 'w'); i = tarfile.TarInfo(str(P / 'data/train.csv')); i.size = 1\n"
        "t.addfile(i, io.BytesIO(b'x')); t.close()\n"
        "tarfile.open(S / 'a.tar').extractall(S, filter='fully_trusted')"
    ),
    "git hook": "(P / '.git' / 'hooks').mkdir(); (P / '.git' / 'hooks' / 'pre-commit').write_text('x')",
    "startup file": "(P / 'sitecustomize.py').write_text('x')",
    "remount": "subprocess.run(['mount', '-o', 'remount,rw,bind', '/'], check=True); open(P / 'new.txt', 'w')",
    "mount over": "subprocess.run(['mount', '--bind', S, P], check=True); open(P / 'new.txt', 'w')",
    "namespace of its own": (
        "code = f'mount -o remount,rw,bind / && touch {P}/new.txt'\n"
        "subprocess.run(['unshare', '-Urm', 'sh', '-c', code], check=True)"
    ),
    "home of the user": "import pwd; os.open(pwd.getpwuid(os.getuid()).pw_dir + '/new', os.O_CREAT | os.O_WRONLY)",
    "device": "os.mknod(S / 'disk', 0o600 | 0o060000, os.makedev(8, 0)); open(S / 'disk', 'wb')",
    "kernel setting": "os.open('/proc/sys/kernel/core_pattern', os.O_WRONLY)",
    "kernel command": "os.open('/proc/sysrq-trigger', os.O_WRONLY)",
    "group of the machine": (
        "for p in pathlib.Path('/sys/fs/cgroup').rglob('cgroup.procs'): os.open(p, os.O_WRONLY)\n"
        "os.open('/sys/new', os.O_CREAT)"
    ),
    "interpreter": "open(os.path.join(sys.prefix, 'lib', 'sitecustomize.py'), 'w')",
    "this tool": "open(pathlib.Path(sys.prefix).parent / 'graph' / 'cli.py', 'a')",
}

READS = {
    "environment file": "print((P / '.env').read_text())",
    "its variant": "print((P / '.env.local').read_text())",
    "credentials": "print((P / 'credentials.json').read_text())",
    "key in a folder": "print((P / 'keys' / 'server.key').read_text())",
    "with dots": "print((P / 'data' / '..' / '.env').read_text())",
    "by a symbolic link": "os.symlink(P / '.env', S / 'x'); print((S / 'x').read_text())",
    "by a hard link": "os.link(P / '.env', S / 'x'); print((S / 'x').read_text())",
    "by copying": "shutil.copyfile(P / '.env', S / 'x'); print((S / 'x').read_text())",
    "by a shell": "subprocess.run(f'cat {P}/.env*', shell=True, check=True)",
    "through /proc": "print(open(f'/proc/1/root{P}/.env').read())",
    "by searching": "print([p.read_text() for p in P.rglob('*') if p.is_file()])",
    "by grep": "subprocess.run(['grep', '-r', 'precious', P], check=True)",
    "as an archive": "subprocess.run(['tar', 'cf', '-', P], check=True)",
    "environment of the parent": "print(open('/proc/1/environ').read(), os.environ)",
    "unmounting what hides it": "subprocess.run(['umount', P / '.env'], check=True); print((P / '.env').read_text())",
}


def _own(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def attack(code: str, project: Project) -> Completed:
    hidden = tuple(map(str, files_below(project.folder, DEFAULT_SENSITIVE)))
    return run(
        [sys.executable, "-c", START + code, str(project.folder), str(project.scratch)],
        cwd=project.scratch,
        limits=Limits(seconds=20, hidden=hidden),
        readable=[project.folder],
    )


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("code", WRITES.values(), ids=WRITES.keys())
def test_nothing_of_the_user_is_changed(
    project: Project, monkeypatch: pytest.MonkeyPatch, code: str, layer: str
) -> None:
    monkeypatch.setattr("tools.sandbox.best_layer", lambda: layer)
    tool = Path(__file__).parents[2] / "graph" / "cli.py"
    before = tool.read_bytes()

    done = attack(code, project)

    assert done.layer == layer
    assert project.unharmed()
    assert tool.read_bytes() == before
    assert done.code != 0 or code.startswith("os.utime")
    assert any(
        said in done.stderr
        for said in (
            "Read-only file system",
            "ermission",
            "not permitted",
            "cross-device",
            "No such file",
            "must be superuser",
        )
    ), done.stderr


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("code", READS.values(), ids=READS.keys())
def test_nothing_secret_is_read(project: Project, monkeypatch: pytest.MonkeyPatch, code: str, layer: str) -> None:
    monkeypatch.setattr("tools.sandbox.best_layer", lambda: layer)
    monkeypatch.setenv("SERVICE_TOKEN", SECRET)

    done = attack(code, project)

    assert SECRET not in done.stdout + done.stderr
    assert not any(SECRET in path.read_text() for path in project.scratch.iterdir() if _own(path))
    assert project.unharmed()
