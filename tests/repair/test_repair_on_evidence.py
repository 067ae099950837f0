"""Repairs are made on evidence: an error of a run, or a version; and each is told."""

from pathlib import Path

from tools.environment import Interpreter, find_interpreter
from tools.notebook.model import Notebook
from tools.notebook.read import read_notebook
from tools.repair.advise import advise
from tools.repair.apply import repair_certain, repair_failure
from tools.repair.loop import repair_without_run, trace_repaired
from tools.repair.tell import baseline, changes
from tools.sandbox import Limits
from tools.trace.model import Trace, TraceError

VERSIONS = {"python": "3.11.7", "numpy": "2.4.1", "pandas": "3.0.1", "scikit-learn": "1.9.0"}
NOT_RUN = Trace(status="not run")


def read(tmp_path: Path, text: str) -> Notebook:
    path = tmp_path / "experiment.py"
    path.write_text(text)
    return read_notebook(path)


def failed(statement: str, kind: str, message: str, traceback: str = "") -> Trace:
    return Trace(
        status="failed",
        order=(statement,),
        error=TraceError(statement=statement, kind=kind, message=message, line=1, traceback=traceback),
    )


def code_of(notebook: Notebook) -> dict[str, str]:
    return {s.id: s.code for s in notebook.statements()}


TWO = "# %%\nimport numpy as np\n# %%\n# whole numbers\na = np.array([1.5]).astype(np.int)  # cut\nb = np.float(2)\n"
NO_INT = "module 'numpy' has no attribute 'int'."


def test_the_failing_statement_and_all_others_with_the_same_name_are_repaired(tmp_path: Path) -> None:
    found = repair_failure(read(tmp_path, TWO), failed("c2.s1", "AttributeError", NO_INT), VERSIONS)
    assert found is not None
    assert code_of(found.notebook)["c2.s1"] == "a = np.array([1.5]).astype(int)"
    assert code_of(found.notebook)["c2.s2"] == "b = float(2)"


def test_a_repaired_statement_keeps_its_place_its_comments_and_what_was_written(tmp_path: Path) -> None:
    notebook = read(tmp_path, TWO)
    found = repair_failure(notebook, failed("c2.s1", "AttributeError", NO_INT), VERSIONS)
    assert found is not None
    old = next(s for s in notebook.statements() if s.id == "c2.s1")
    new = next(s for s in found.notebook.statements() if s.id == "c2.s1")
    assert new.source == "# whole numbers\na = np.array([1.5]).astype(int)  # cut"
    assert new.original == old.code
    assert (new.line, new.end_line) == (old.line, old.end_line)
    assert found.notebook.cells[1].source == notebook.cells[1].source


def test_each_repair_says_what_why_and_on_which_evidence(tmp_path: Path) -> None:
    found = repair_failure(read(tmp_path, TWO), failed("c2.s1", "AttributeError", NO_INT), VERSIONS)
    assert found is not None
    first = found.notebook.repairs[0]
    assert (first.code, first.statement, first.release) == ("numpy-builtin-aliases", "c2.s1", "numpy 1.24")
    assert first.before == "a = np.array([1.5]).astype(np.int)"
    assert first.evidence == f"AttributeError: {NO_INT} (at c2.s1)"
    assert changes(found.notebook.repairs)[0].kind == "repair"
    assert "1 named repair in 2 statements (numpy-builtin-aliases)" in baseline(found.notebook.repairs)


def test_an_error_that_no_repair_answers_changes_nothing(tmp_path: Path) -> None:
    notebook = read(tmp_path, TWO)
    assert repair_failure(notebook, failed("c2.s1", "NameError", "name 'x' is not defined"), VERSIONS) is None
    assert repair_failure(notebook, Trace(status="ran"), VERSIONS) is None


def test_an_error_from_inside_a_library_changes_nothing(tmp_path: Path) -> None:
    notebook = read(tmp_path, "# %%\nimport old\nold.fit(1)\n")
    assert repair_failure(notebook, failed("c1.s2", "AttributeError", NO_INT), VERSIONS) is None


def test_a_repair_that_did_no_good_is_not_made_again(tmp_path: Path) -> None:
    trace = failed("c2.s1", "AttributeError", NO_INT)
    assert repair_failure(read(tmp_path, TWO), trace, VERSIONS, ("numpy-builtin-aliases",)) is None


def test_a_function_is_repaired_where_its_call_fails(tmp_path: Path) -> None:
    text = "# %%\ndef grow(table, row):\n    kept = []\n    kept.append(row)\n    return table.append(row)\n"
    text += "# %%\ngrow(1, 2)\n"
    traceback = 'File "<c2.s1>", line 1, in <module>\n  File "<c1.s1>", line 4, in grow\n'
    trace = failed("c2.s1", "AttributeError", "'DataFrame' object has no attribute 'append'", traceback)
    found = repair_failure(read(tmp_path, text), trace, VERSIONS)
    assert found is not None
    code = code_of(found.notebook)["c1.s1"]
    assert "kept.append(row)" in code
    assert "return concat([table, row])" in code
    assert code_of(found.notebook)["c1.s2"] == "from pandas import concat"


def test_an_import_that_becomes_two_gives_the_cell_a_statement_of_its_own(tmp_path: Path) -> None:
    text = "# %%\nfrom sklearn.preprocessing import StandardScaler, Imputer\nx = 1\n"
    trace = failed("c1.s1", "ImportError", "cannot import name 'Imputer' from 'sklearn.preprocessing'")
    found = repair_failure(read(tmp_path, text), trace, VERSIONS)
    assert found is not None
    assert [(s.id, s.code) for s in found.notebook.statements()] == [
        ("c1.s3", "from sklearn.preprocessing import StandardScaler"),
        ("c1.s1", "from sklearn.impute import SimpleImputer as Imputer"),
        ("c1.s2", "x = 1"),
    ]


def test_without_a_run_only_what_the_installed_version_makes_certain_is_repaired(tmp_path: Path) -> None:
    text = "# %%\nimport numpy as np\na = np.float(1)\ndf = df.append(row)\n"
    found = repair_certain(read(tmp_path, text), NOT_RUN, VERSIONS)
    assert [(r.code, r.evidence) for r in found.repairs] == [("numpy-builtin-aliases", "numpy 2.4.1 is installed")]
    assert code_of(found)["c1.s3"] == "df = df.append(row)"
    assert repair_certain(read(tmp_path, text), NOT_RUN, {**VERSIONS, "numpy": "1.20"}).repairs == ()


def test_where_the_version_is_unknown_the_repair_is_advice(tmp_path: Path) -> None:
    notebook = read(tmp_path, "# %%\nimport numpy as np\na = np.float(1)\n")
    unknown = Interpreter(path="python", version="")
    assert repair_without_run(notebook, unknown).repairs == ()
    advice = advise(notebook, NOT_RUN, {"python": ""})
    assert [(w.code, w.statement) for w in advice] == [("drift", "c1.s2")]
    assert "numpy 1.24" in advice[0].message
    assert advise(notebook, NOT_RUN, VERSIONS) == ()


def test_a_cell_in_python_2_is_read_after_its_repair(tmp_path: Path) -> None:
    notebook = read(tmp_path, "# %%\nx = 1  # one\nprint 'x', x\n# %%\nprint(x)\n")
    assert notebook.cells[0].statements == ()
    found = repair_without_run(notebook, Interpreter(path="python", version="3.11.7"))
    assert code_of(found) == {"c1.s1": "x = 1", "c1.s2": "print('x', x)", "c2.s1": "print(x)"}
    assert [(r.code, r.statement, r.before) for r in found.repairs] == [("python2-syntax", "c1.s2", "print 'x', x")]
    assert found.cells[0].error is None
    assert found.cells[0].source == notebook.cells[0].source
    assert found.warnings == ()


def test_a_notebook_runs_after_several_rounds_and_the_file_is_untouched(tmp_path: Path) -> None:
    text = """# %%
import numpy as np
import pandas as pd
from sklearn.externals import joblib
# %%
df = pd.DataFrame({'a': [1.0]})
for n in range(2):
    df = df.append({'a': n}, ignore_index=True)
# %%
total = df['a'].astype(np.int).sum()
print total
"""
    notebook = read(tmp_path, text)
    found, trace = trace_repaired(notebook, interpreter=find_interpreter(None, None), limits=Limits(seconds=120))
    assert trace.status == "ran"
    assert trace.statements["c3.s2"].stdout == "2\n"
    assert {r.code for r in found.repairs} == {
        "python2-syntax",
        "sklearn-externals",
        "numpy-builtin-aliases",
        "pandas-append",
    }
    assert Path(notebook.path).read_text() == text


def test_a_notebook_that_runs_is_not_repaired(tmp_path: Path) -> None:
    text = "# %%\nimport numpy as np\ntry:\n    kind = np.float\nexcept AttributeError:\n    kind = float\n"
    text += "def unused():\n    return np.int(1)\n"
    found, trace = trace_repaired(
        read(tmp_path, text), interpreter=find_interpreter(None, None), limits=Limits(seconds=60)
    )
    assert trace.status == "ran"
    assert found.repairs == ()


CHAINED = "# %%\nimport pandas as pd\ndf = pd.DataFrame({'a': [1.0, None]})\ndf['a'].fillna(0, inplace=True)\n"


def test_a_change_that_reaches_only_a_copy_is_a_finding_where_nothing_fails(tmp_path: Path) -> None:
    interpreter = find_interpreter(None, None)
    found, trace = trace_repaired(read(tmp_path, CHAINED), interpreter=interpreter, limits=Limits(seconds=60))
    assert found.repairs == ()
    told = advise(found, trace, {**VERSIONS, "pandas": "3.0.1"})
    assert [(w.code, w.statement) for w in told] == [("drift", "c1.s3")]
    assert "`df['a'] = df['a'].fillna(0)`" in told[0].message
    assert advise(found, trace, {**VERSIONS, "pandas": "2.2.3"}) == ()


def test_the_same_change_is_made_where_an_error_follows_from_it(tmp_path: Path) -> None:
    found, trace = trace_repaired(
        read(tmp_path, CHAINED + "df.a.astype(int)\n"),
        interpreter=find_interpreter(None, None),
        limits=Limits(seconds=60),
    )
    assert trace.status == "ran"
    assert [(r.code, r.statement) for r in found.repairs] == [("pandas-chained-inplace", "c1.s3")]


def test_a_division_of_python_2_is_a_finding_and_stays_as_it_is(tmp_path: Path) -> None:
    notebook = read(tmp_path, "# %%\nprint 7 / n\nhalf = n / 2.0\n")
    found = repair_without_run(notebook, Interpreter(path="python", version="3.11.7"))
    told = advise(found, Trace(status="ran"), VERSIONS)
    assert [(w.code, w.statement) for w in told] == [("drift", "c1.s1")]
    assert code_of(found)["c1.s1"] == "print(7 / n)"
