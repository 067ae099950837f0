"""What one run of a notebook records, statement by statement."""

from pathlib import Path

import pytest
from traced import traced

from tools.sandbox import best_layer
from tools.trace.model import Trace


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Trace:
    """One notebook with one statement of each kind, by cell."""
    folder = tmp_path_factory.mktemp("whole") / "project" / "notebooks"
    (folder.parent / "data").mkdir(parents=True)
    (folder.parent / "data" / "in.csv").write_text("a,b\n1,2\n3,4\n")
    return traced(
        folder,
        "import random\nimport numpy as np\nimport pandas as pd",  # c1
        "df = pd.read_csv('../data/in.csv')\nother = df\nsame = [1, 2]",  # c2
        "df['c'] = 0",  # c3: in place, seen under both names
        "same.append(3)\nlen(same)",  # c4
        "np.random.seed(1)\nx = np.random.rand(3)\nrng = np.random.default_rng(5)\ny = rng.random()",  # c5
        "del same",  # c6
        "def fill(frame):\n    frame['d'] = 1\nholder = {'frame': df}\nfill(holder['frame'])",  # c7
        "print('hello')\ndf.shape",  # c8
        "df.to_csv('../data/out.csv')\nback = open('../data/out.csv').read()",  # c9
        "import os\nos.environ['MODE'] = '1'\npd.set_option('display.max_rows', 7)",  # c10
        "class Net:\n    w = 0\n    def step(self):\n        self.w += 1\nnet = Net()",  # c11
        "for model in [net, rng]:\n    if model is net:\n        model.step()",  # c12
        "import asyncio\nawait asyncio.sleep(0)\nz = await asyncio.sleep(0, 5)",  # c13
        "import matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()",  # c14
        "display(df.shape)\n_ == 3\n__name__",  # c15
        "random.random()",  # c16
    )


def test_it_runs_in_document_order(whole: Trace) -> None:
    assert whole.error is None
    assert (whole.status, whole.order_kind) == ("ran", "document")
    assert whole.sandbox == best_layer()
    assert whole.order_reason


def test_names_bound_and_their_values(whole: Trace) -> None:
    bound = whole.statements["c2.s1"].bound["df"]

    assert (bound.type, bound.annotation, bound.shape) == ("pandas.DataFrame", "pd.DataFrame", (2, 2))
    assert whole.statements["c2.s3"].bound["same"].literal == "[1, 2]"
    assert whole.statements["c13.s3"].bound["z"].number == 5
    assert set(whole.statements["c1.s2"].bound) == {"np"}


def test_changes_in_place_are_seen_under_every_name(whole: Trace) -> None:
    assert set(whole.statements["c3.s1"].mutated) == {"df", "other"}
    assert whole.statements["c3.s1"].bound == {}
    assert set(whole.statements["c4.s1"].mutated) == {"same"}
    assert set(whole.statements["c7.s3"].mutated) == {"df", "other", "holder"}
    assert set(whole.statements["c12.s1"].mutated) == {"net"}


def test_a_statement_that_only_looks_changes_nothing(whole: Trace) -> None:
    for looks in ("c4.s2", "c8.s1", "c8.s2", "c15.s1"):
        assert (whole.statements[looks].bound, whole.statements[looks].mutated) == ({}, {})


def test_names_removed(whole: Trace) -> None:
    assert whole.statements["c6.s1"].deleted == ("same",)


def test_draws_and_seeds(whole: Trace) -> None:
    assert (whole.statements["c5.s1"].seeds, whole.statements["c5.s1"].draws) == (("numpy",), ())
    assert whole.statements["c5.s2"].draws == ("numpy",)
    assert whole.statements["c5.s4"].draws == ("rng",)
    assert whole.statements["c16.s1"].draws == ("random",)
    assert [i for i, s in whole.statements.items() if s.draws] == ["c5.s2", "c5.s4", "c16.s1"]


def test_files_read_and_written(whole: Trace) -> None:
    assert whole.statements["c2.s1"].reads == ("../data/in.csv",)
    assert whole.statements["c9.s1"].writes == ("../data/out.csv",)
    assert whole.statements["c9.s2"].reads == ("../data/out.csv",)
    assert set(whole.input_files) == {"../data/in.csv"}, "what it wrote itself is no input"


def test_process_state(whole: Trace) -> None:
    assert whole.statements["c10.s2"].environment == ("environ",)
    assert whole.statements["c10.s3"].environment == ("pandas options",)
    assert [i for i, s in whole.statements.items() if s.environment] == ["c10.s2", "c10.s3"]


def test_text_results_and_figures(whole: Trace) -> None:
    assert whole.statements["c8.s1"].stdout == "hello\n"
    assert whole.statements["c8.s2"].result_text == "(2, 4)"
    assert whole.statements["c15.s1"].stdout == "(2, 4)\n"
    assert whole.statements["c15.s3"].result_text == "'__main__'"
    assert whole.statements["c14.s2"].figures == 1


def test_classes_behind_method_calls(whole: Trace) -> None:
    assert ("model.step", "__main__.Net.step") in whole.statements["c12.s1"].calls
    assert ("df.to_csv", "pandas.DataFrame.to_csv") in whole.statements["c9.s1"].calls


def test_packages_and_aliases(whole: Trace) -> None:
    assert whole.imports["pandas"] == "pandas"
    assert "numpy" in whole.packages
    assert ("df", "other") in whole.aliases


def test_the_users_files_stay_as_they_are(tmp_path: Path) -> None:
    folder = tmp_path / "user"
    folder.mkdir()
    (folder / "data.csv").write_text("a\n1\n")

    trace = traced(
        folder,
        "open('data.csv', 'w').write('gone')\nopen('new.txt', 'w').write('1')\nopen('data.csv').read()",
        "import os\nos.remove('data.csv')",
    )

    assert trace.error is None
    assert trace.statements["c1.s3"].result_text == "'gone'"
    assert (folder / "data.csv").read_text() == "a\n1\n"
    assert sorted(p.name for p in folder.iterdir()) == ["data.csv", "experiment.ipynb"]


def test_a_large_file_is_linked_and_copied_only_when_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.trace.layout.COPIED_BYTES", 10)
    monkeypatch.setattr("tools.trace.layout.WITHOUT_ISOLATION", 10)
    (tmp_path / "big.txt").write_text("0123456789 and more")

    trace = traced(
        tmp_path,
        "import os\nlinked = os.path.islink('big.txt')\nwith open('big.txt', 'a') as f:\n    f.write('!')",
        "open('big.txt').read()",
        f"open({str(tmp_path / 'big.txt')!r}, 'w')",
    )

    assert trace.statements["c1.s2"].bound["linked"].literal == "True"
    assert trace.statements["c2.s1"].result_text == "'0123456789 and more!'"
    assert trace.error is not None
    assert trace.error.kind == "PermissionError"
    assert (tmp_path / "big.txt").read_text() == "0123456789 and more"


def test_a_failure_is_placed(tmp_path: Path) -> None:
    trace = traced(tmp_path, "a = 1", "b = 2\nif True:\n    c = a +\\\n        missing")

    assert trace.status == "failed"
    assert trace.error is not None
    assert (trace.error.statement, trace.error.kind, trace.error.line) == ("c2.s2", "NameError", 3)
    assert "name 'missing' is not defined" in trace.error.message
    assert "/tmp" not in trace.error.traceback
    assert set(trace.statements) == {"c1.s1", "c2.s1", "c2.s2"}


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("input('name?')", "RuntimeError"),
        ("import os\nos._exit(3)", "ProcessEnded"),
        ("raise SystemExit", "SystemExit"),
        ("import tools.sandbox", "ModuleNotFoundError"),
    ],
)
def test_what_ends_a_run(tmp_path: Path, code: str, kind: str) -> None:
    trace = traced(tmp_path, code)

    assert trace.error is not None
    assert trace.error.kind == kind


def test_a_run_that_takes_too_long(tmp_path: Path) -> None:
    trace = traced(tmp_path, "a = 1", "while True: pass", seconds=2)

    assert trace.error is not None
    assert (trace.error.statement, trace.error.kind) == ("c2.s1", "Timeout")
    assert "c1.s1" in trace.statements


def test_the_order_of_the_execution_counts_where_document_order_fails(tmp_path: Path) -> None:
    trace = traced(tmp_path, "print(a)", "a = 1", counts=(2, 1))

    assert (trace.status, trace.order_kind, trace.order) == ("ran", "execution count", ("c2.s1", "c1.s1"))
    assert "execution counts" in trace.order_reason


def test_the_order_of_the_execution_counts_where_document_order_contradicts_what_was_saved(tmp_path: Path) -> None:
    cells = ("a = 1.5", "a = 2.5", "print(a)")

    assert traced(tmp_path, *cells, outputs={3: "2.5\n"}).order_kind == "document"
    trace = traced(tmp_path, *cells, counts=(2, 1, 3), outputs={3: "1.5\n"})

    assert (trace.order_kind, trace.repeats_saved_outputs) == ("execution count", True)


def test_local_modules_and_star_imports(tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("__all__ = ['f']\ndef f(): return 1\ndef g(): return 2\n")

    trace = traced(tmp_path, "from helper import *\nf()")

    assert trace.local_modules == ("helper.py",)
    assert trace.star_names == {"c1.s1": ("f",)}
    assert trace.statements["c1.s2"].result_text == "1"
