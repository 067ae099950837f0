"""Every form of magic that people write: before, and what runs without IPython after."""

import ast

import pytest

from tools.notebook.magics import rewrite_cell
from tools.notebook.rewrite import Context, bound_names


def rewrite(before: str, **known):
    return rewrite_cell(
        before, 1, Context(names=bound_names(before) | known.pop("names", frozenset()), source=before, **known)
    )


def code(before: str, **known) -> str:
    return "\n".join(rewrite(before, **known).lines)


BEFORE_AND_AFTER = [
    # measuring: the statement stays
    ("%time model = fit(X)", "model = fit(X)"),
    ("% time model = fit(X)", "model = fit(X)"),
    ("x = %time fit(X)", "x = fit(X)"),
    ("%time model.fit(\n    X,\n    y)", "model.fit(\n    X,\n    y)"),
    ("%time x = fit(X, \\\n    y)", "x = fit(X, y)\n"),
    ("%prun -l 10 fit(X)", "fit(X)"),
    ("%%time\nx = 1\ny = 2", "\nx = 1\ny = 2"),
    ("\n# slow\n%%time\nx = 1", "\n# slow\n\nx = 1"),
    ("%%time\n%%capture\nx = 1", "\n\nx = 1"),
    ("%%capture\nx = 1", "\nx = 1"),
    ("%%prun -s cumulative\nx = 1", "\nx = 1"),
    # measuring by repetition: nothing stays
    ("%timeit fit(X)", ""),
    ("%timeit fit(X,\n           y)\nz = 1", "\n\nz = 1"),
    ("%config (unclosed\nz = 1", "\nz = 1"),
    ("%%timeit -n 10\nfit(X)\nfit(Y)", ""),
    # display and session settings
    ("%matplotlib inline\nx = 1", "\nx = 1"),
    ("% matplotlib inline", ""),
    ("%config InlineBackend.figure_format = 'retina'", ""),
    ("%load_ext autoreload\n%autoreload 2", "\n"),
    ("%precision 3", ""),
    ("%reset -f", ""),
    ("%store model", ""),
    ("%aimport helpers", "import helpers"),
    ("%xdel frame", "del frame"),
    ("%%html\n<b>x</b>", ""),
    ("%%javascript\nalert('x')", ""),
    ("%%latex\n$x$", ""),
    ("%%markdown\n# x", ""),
    # shell lines that only show something
    ("!ls", ""),
    ("!ls -la data | head -5", ""),
    ("!pwd", ""),
    ("!nvidia-smi", ""),
    ("!head -3 data.csv", ""),
    ("! cat data.csv", ""),
    ("!python --version", ""),
    ('!echo "it\'s here"\nx = 1', "\nx = 1"),
    ("!ls data 2>/dev/null", ""),
    ("%ls", ""),
    ("%pwd", ""),
    ("!cd data", ""),
    # shell lines that have an effect
    ("!touch done.txt", "import subprocess; subprocess.run('touch done.txt', shell=True, check=False)"),
    ("!echo hello > note.txt", "import subprocess; subprocess.run('echo hello > note.txt', shell=True, check=False)"),
    ("!!touch done.txt", "import subprocess; subprocess.run('touch done.txt', shell=True, check=False)"),
    ("%system touch a", "import subprocess; subprocess.run('touch a', shell=True, check=False)"),
    ("%rm -f a", "import subprocess; subprocess.run('rm -f a', shell=True, check=False)"),
    ("!mkdir -p models", "import os; os.makedirs('models', exist_ok=True)"),
    ("!touch a \\\n   b", "import subprocess; subprocess.run('touch a b', shell=True, check=False)\n"),
    ("files = !ls *.csv", "import subprocess; files = subprocess.getoutput('ls *.csv').splitlines()"),
    ("a = b = !ls", "import subprocess; a = b = subprocess.getoutput('ls').splitlines()"),
    (
        "lr = 1\n!python t.py --lr {lr}",
        "lr = 1\nimport subprocess; subprocess.run(f'python t.py --lr {lr}', shell=True, check=False)",
    ),
    (
        "d = 'x'\n!touch $d/$HOME",
        "d = 'x'\nimport subprocess; subprocess.run(f'touch {d}/$HOME', shell=True, check=False)",
    ),
    ("!touch {names['a']}", "import subprocess; subprocess.run('touch ' + str(names['a']), shell=True, check=False)"),
    # installs and downloads
    ("!pip install pandas", ""),
    ("%pip install -q pandas==2.2 'numpy>=2'", ""),
    ("!{sys.executable} -m pip install pandas", ""),
    ("!conda install -y -c conda-forge numpy=1.26", ""),
    ("!pip list", ""),
    ("!wget -q https://host/data.csv", ""),
    ("!curl -L -o data.csv https://host/data.csv", ""),
    ("!kaggle datasets download -d a/b", ""),
    ("!gdown 123", ""),
    ("!apt-get install -y graphviz", ""),
    (
        "!unzip -q data.zip -d data",
        "import pathlib, shutil; pathlib.Path('data.zip').exists() and shutil.unpack_archive('data.zip', 'data')",
    ),
    (
        "!tar -xzf data.tgz",
        "import pathlib, shutil; pathlib.Path('data.tgz').exists() and shutil.unpack_archive('data.tgz', '.')",
    ),
    # help
    ("?len", ""),
    ("??len", ""),
    ("len?", ""),
    ("df.groupby??", ""),
    ("%time?", ""),
    ("x = len?", ""),
    # running other code
    (
        "%run prepare.py",
        "import runpy; globals().update({k: v for k, v in runpy.run_path('prepare.py', run_name=\"__main__\").items() "
        "if not k.startswith('__')})",
    ),
    (
        "%run -i prepare",
        "import runpy; globals().update({k: v for k, v in runpy.run_path('prepare.py', init_globals=globals(), "
        "run_name=\"__main__\").items() if not k.startswith('__')})",
    ),
    ("%%bash\nls\npwd", ""),
    (
        "%%bash\ntouch a",
        'import subprocess; subprocess.run([\'bash\'], input="""\\\ntouch a\n""", text=True, check=True)',
    ),
    ("%%sh\npip install pandas", ""),
    (
        "%%bash\npip install pandas\ntouch a",
        'import subprocess; subprocess.run([\'bash\'], input="""\\\n:\ntouch a\n""", text=True, check=True)',
    ),
    (
        "%%bash --out listing\nls",
        'import subprocess; listing = subprocess.run([\'bash\'], input="""\\\nls\n""", text=True, check=True, '
        "stdout=subprocess.PIPE).stdout",
    ),
    (
        "%%bash\nfor f in a b; do\n  touch $f\ndone",
        'import subprocess; subprocess.run([\'bash\'], input="""\\\n'
        'for f in a b; do\n  touch $f\ndone\n""", text=True, check=True)',
    ),
    (
        "%%python3\nprint(1)",
        'import subprocess, sys; subprocess.run([sys.executable], input="""\\\nprint(1)\n""", text=True, check=True)',
    ),
    ("%%script false --no-raise-error\nx = 1", ""),
    (
        "%%writefile a.py\nx = 1\n",
        'import pathlib; pathlib.Path(\'a.py\').write_text("""\\\nx = 1\n""", encoding=\'utf-8\')',
    ),
    ("%%file a.py\nx = 1", 'import pathlib; pathlib.Path(\'a.py\').write_text("""\\\nx = 1\n""", encoding=\'utf-8\')'),
    # process state
    ("%cd data", "import os; os.chdir('data')"),
    ("%cd ~/data", "import os; os.chdir(os.path.expanduser('~/data'))"),
    ("%env SEED=1", "import os; os.environ['SEED'] = '1'"),
    ("%env SEED 1", "import os; os.environ['SEED'] = '1'"),
    ("%env", ""),
    ("x = %env HOME", "import os; x = os.environ['HOME']"),
    ("here = %pwd", "import os; here = os.getcwd()"),
    # calls of the IPython shell in exported scripts
    ("get_ipython().run_line_magic('matplotlib', 'inline')", ""),
    ("get_ipython().magic('time fit(X)')", "fit(X)"),
    ("get_ipython().run_line_magic('time', 'x = fit(X)')", "x = fit(X)"),
    ("get_ipython().system('ls')", ""),
    ("f = get_ipython().getoutput('ls')", "import subprocess; f = subprocess.getoutput('ls').splitlines()"),
    ("get_ipython().run_cell_magic('time', '', 'x = 1\\ny = 2\\n')", "x = 1\ny = 2"),
    ("colab = 'google.colab' in str(get_ipython())", "colab = 'google.colab' in str(None)"),
    # calls without brackets
    ("/print 1, 2", "print(1, 2)"),
    (";print a b", "print('a b')"),
    (",print a b", "print('a', 'b')"),
    # inside a block something must stay
    ("if x:\n    !ls", "if x:\n    pass"),
    (
        "for f in files:\n    !touch {f}",
        "for f in files:\n    import subprocess; subprocess.run(f'touch {f}', shell=True, check=False)",
    ),
    (
        "def f():\n    x = !ls\n    return x",
        "def f():\n    import subprocess; x = subprocess.getoutput('ls').splitlines()\n    return x",
    ),
    # without the percent sign, in a cell of its own
    ("pwd", ""),
    ("ls data", ""),
    ("cd ..", "import os; os.chdir('..')"),
    ("pip install pandas", ""),
    ("matplotlib inline", ""),
    # unknown
    ("%frobnicate all", ""),
    ("%%sql\nSELECT 1", ""),
    ("%%R\nx <- c(1)", ""),
    ("%%notify\nx = 1", "\nx = 1"),
    # prompts and a shared indentation, as pasted
    (">>> x = 1\n>>> y = 2", "x = 1\ny = 2"),
    ("  x = 1\n  y = 2", "x = 1\ny = 2"),
]

PLAIN = [
    "x = 10 % 3",
    "x = (10\n% 3)",
    "x = 10 \\\n% 3",
    "print('%d' % 3)",
    "print('%s = %s'\n% (1, 2))",
    "s = '''\n%matplotlib inline\n!ls\nwhat?\n'''",
    's = """\n%%bash\n"""\nx = 1',
    "x = [1,\n     2]  # really?",
    "x = 'why?'",
    "ok = a != b",
    "d = {'a': '= %s', 'b': '=!ls'}",
    "f(x='= !ls')",
    "x = f'{a!r}'",
    "# %matplotlib inline\nx = 1",
    "# !pip install x\nx = 1",
    "x = 1  # = !ls",
    "s = 'a\\\n%b'",
    "x = r'\\'\ny = 1",
    "x = a if b else c",
    "@dec\ndef f(): ...",
    "lambda x: x",
    "import os; os.getcwd()",
    "ls = 1",
    "time = 5",
    "run(3)",
    "store.x",
    "x: int = 3",
    "display(df)",
    "await f()",
    "",
    "\n\n",
]


@pytest.mark.parametrize(
    "before, after", BEFORE_AND_AFTER, ids=[before.split("\n")[0] for before, _ in BEFORE_AND_AFTER]
)
def test_a_magic_becomes_plain_python(before, after):
    found = code(before)
    assert found.rstrip("\n") == after.rstrip("\n")
    ast.parse(found)


@pytest.mark.parametrize(
    "before, after", BEFORE_AND_AFTER, ids=[before.split("\n")[0] for before, _ in BEFORE_AND_AFTER]
)
def test_every_magic_is_recorded(before, after):
    records = rewrite(before).records
    if before[:1] not in (">", " "):
        assert records
    assert all(record.detail and record.source for record in records)


@pytest.mark.parametrize("before", PLAIN)
def test_plain_python_stays_as_it_is(before):
    found = rewrite(before)
    assert "\n".join(found.lines) == before
    assert not found.records
    assert not found.warnings


def test_every_line_stands_for_a_line_of_the_cell():
    found = rewrite("%matplotlib inline\n!touch a \\\n  b\nx = 1\n%time y = 2\nz = 3")
    assert found.origins == (1, 2, 3, 4, 5, 6)
    assert [record.line for record in found.records] == [1, 2, 5]


@pytest.mark.parametrize(
    "line, requirements",
    [
        (
            "!pip install -q -U pandas==2.2 'scikit-learn>=1.5,<2' seaborn[stats]",
            ("pandas==2.2", "scikit-learn>=1.5,<2", "seaborn[stats]"),
        ),
        ("!pip3 install --index-url https://host/simple pandas > /dev/null 2>&1", ("pandas",)),
        ("!python -m pip install pandas --quiet", ("pandas",)),
        ("%conda install -c conda-forge -y numpy=1.26 pytorch::torch", ("numpy==1.26", "torch")),
        ("!pip install -r requirements.txt", ("attrs==1.0", "b>2")),
        ("!pip install --upgrade pip", ()),
        ("!uv pip install polars", ("polars",)),
        ("!pip uninstall -y pandas", ()),
        ("!pip install a && pip install b", ("a", "b")),
        ("%%bash\npip install a\npip install b", ("a", "b")),
    ],
)
def test_installs_become_requirements(line, requirements):
    found = rewrite(line, read_text=lambda name: "# pinned\nattrs==1.0\nb>2 # why\n-e .\n")
    assert found.requirements == requirements
    assert not "".join(found.lines).strip()


def test_an_install_beside_an_effect_keeps_the_effect():
    found = rewrite("!pip install a && touch b")
    assert found.requirements == ("a",)
    assert "touch b" in found.lines[0]
    assert "pip" not in found.lines[0]


@pytest.mark.parametrize(
    "before, action",
    [
        ("!pip install a", "requirement"),
        ("!wget https://host/a.csv", "download"),
        ("!git clone https://host/a", "download"),
        ("!unzip a.zip", "download"),
        ("!touch a", "kept"),
        ("!ls", "dropped"),
        ("%time f()", "rewritten"),
    ],
)
def test_the_record_says_what_was_done(before, action):
    assert [record.action for record in rewrite(before).records] == [action]


@pytest.mark.parametrize(
    "before", ["%frobnicate", "%%sql\nSELECT 1", "!apt-get install x", "%store -r model", "%%notify\nx = 1"]
)
def test_what_may_be_missed_is_a_warning_with_its_place(before):
    (warning,) = rewrite(before).warnings
    assert warning.startswith("Cell 1, line 1: ")


def test_a_value_of_an_unknown_magic_fails_loudly_instead_of_being_wrong():
    found = code("x = %sql SELECT 1")
    with pytest.raises(NotImplementedError, match="%sql needs IPython"):
        exec(found, {})


def test_the_name_of_captured_output_exists_where_it_is_used():
    found = code("%%capture out\nx = 1\n\nout.show()")
    namespace: dict[str, object] = {}
    exec(found, namespace)
    assert namespace["x"] == 1


def test_a_written_file_has_the_text_of_the_cell(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    body = "import re\nx = re.sub('\\\\d', '', \"a1\")  # 'quotes'\n\n'''doc'''\n"
    exec(code(f"%%writefile helper.py\n{body}"), {})
    assert (tmp_path / "helper.py").read_text() == body
    exec(code("%%writefile -a helper.py\ny = 1"), {})
    assert (tmp_path / "helper.py").read_text() == f"{body}y = 1\n"


def test_another_notebook_is_written_out_in_place():
    cells = (("def helper():\n    return 1", ("pandas",)), ("limit = 3", ()))
    found = rewrite("x = 0\n%run helpers.ipynb\ny = helper()", read_cells=lambda name: cells)
    assert "\n".join(found.lines) == "x = 0\ndef helper():\n    return 1\nlimit = 3\ny = helper()"
    assert found.origins == (1, 2, 2, 2, 3)
    assert found.requirements == ("pandas",)


def test_pylab_brings_its_names():
    namespace: dict[str, object] = {}
    exec(code("%pylab inline"), namespace)
    assert {"np", "plt", "linspace", "figure"} <= set(namespace)


def test_time_is_linear_in_the_number_of_lines():
    import time

    def seconds(lines: int) -> float:
        text = "\n".join(f"x{i} = [{i} % 3, '%s' % {i}]" if i % 5 else "%time y = f(1)" for i in range(lines))
        start = time.process_time()
        rewrite(text)
        return time.process_time() - start

    seconds(100)
    few, many = (min(seconds(lines) for _ in range(3)) for lines in (2_000, 20_000))
    assert many < 40 * max(few, 0.005)
