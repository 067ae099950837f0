"""A file becomes a Notebook, or one sentence that says why not."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools.errors import ExitCode, UserError
from tools.notebook.read import read_notebook

PYTHON = {
    "kernelspec": {"name": "python3", "language": "python"},
    "language_info": {"name": "python", "version": "3.11.7"},
}


def code(source, **more):
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None, **more}


def markdown(source):
    return {"cell_type": "markdown", "source": source, "metadata": {}}


def write(folder: Path, *cells, name="experiment.ipynb", metadata=PYTHON, **more) -> Path:
    path = folder / name
    path.write_text(
        json.dumps({"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5, **more})
    )
    return path


def test_cells_are_numbered_over_the_code_cells(tmp_path):
    path = write(tmp_path, markdown("# T"), code("a = 1", id="aa"), markdown("x"), code(["b = 2\n", "c = 3"], id="bb"))
    notebook = read_notebook(path)
    assert [(cell.index, cell.id, cell.position) for cell in notebook.cells] == [(1, "aa", 1), (2, "bb", 3)]
    assert [s.id for s in notebook.statements()] == ["c1.s1", "c2.s1", "c2.s2"]
    assert notebook.kernel == "python3"
    assert notebook.python_version == "3.11.7"
    assert len(notebook.sha256) == 64


def test_headings_title_and_description(tmp_path):
    path = write(
        tmp_path,
        markdown("# Tumour *size*\n\nPredicts [size](http://x) from `scans`.\nTwo lines.\n\nMore."),
        code("a = 1"),
        markdown("## Load data\n```\n# no heading\n```"),
        markdown("### From CSV"),
        code("b = 1"),
        markdown("## Train"),
        code("c = 1"),
    )
    notebook = read_notebook(path)
    assert notebook.title == "Tumour size"
    assert notebook.description == "Predicts size from scans. Two lines."
    assert [cell.headings for cell in notebook.cells] == [
        ("Tumour size",),
        ("Tumour size", "Load data", "From CSV"),
        ("Tumour size", "Train"),
    ]
    assert notebook.cells[1].markdown.endswith("### From CSV")


@pytest.mark.parametrize(
    "text, title",
    [
        ("<h1 style='x'>Big <b>one</b></h1>", "Big one"),
        ("Title\n=====\n", "Title"),
        ("**Chapter 4**\n\nwords", "Chapter 4"),
        ("#No blank", "No blank"),
        ("## second level only", "Customer churn v2"),
        ("", "Customer churn v2"),
    ],
)
def test_the_title_is_the_first_heading_else_the_file_name(tmp_path, text, title):
    assert (
        read_notebook(
            write(
                tmp_path,
                markdown(text),
                code("a = 1"),
                name="customerChurn_v2.ipynb".replace("customerC", "customer_c"),
            )
        ).title
        == title
    )


def test_magics_requirements_and_warnings_are_collected(tmp_path):
    path = write(
        tmp_path, code("!pip install a==1\n%matplotlib inline"), code("%odd\nx = 1"), code("!pip install a==1 b")
    )
    notebook = read_notebook(path)
    assert [(m.cell, m.line, m.action) for m in notebook.magics] == [
        (1, 1, "requirement"),
        (1, 2, "dropped"),
        (2, 1, "dropped"),
        (3, 1, "requirement"),
    ]
    assert notebook.requirements == ("a==1", "b")
    assert notebook.warnings == ("Cell 2, line 1: the magic `%odd` is unknown and was left out.",)


def test_one_broken_cell_does_not_stop_the_others(tmp_path):
    notebook = read_notebook(write(tmp_path, code("a = 1"), code("print 'x'"), code("b = 2")))
    assert [len(cell.statements) for cell in notebook.cells] == [1, 0, 1]
    assert notebook.cells[1].error in notebook.warnings
    assert "Cell 2, line 1 is Python 2" in notebook.cells[1].error


def test_missing_and_repeated_cell_ids_are_made_unique(tmp_path):
    path = write(tmp_path, code("a = 1", id="x"), code("b = 1", id="x"), code("c = 1"), code("d = 1", id="cell-2"))
    assert [cell.id for cell in read_notebook(path).cells] == ["x", "cell-1", "cell-2", "cell-3"]


def test_outputs_are_bounded_text(tmp_path):
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": ["a\n", "b\n"]},
        {"output_type": "stream", "name": "stdout", "text": " 10%\r100%\n"},
        {
            "output_type": "execute_result",
            "data": {"text/plain": "\x1b[31mred\x1b[0m", "text/html": "<b>"},
            "metadata": {},
        },
        {"output_type": "display_data", "data": {"image/png": "A" * 100}, "metadata": {}},
        {"output_type": "stream", "name": "stdout", "text": "x" * 1_000_000},
        {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": ["\x1b[0;31mValueError\x1b[0m"]},
        {"output_type": "stream", "name": "stdout", "text": "lone \ud800"},
        "nonsense",
    ]
    found = read_notebook(write(tmp_path, code("a = 1", outputs=outputs))).cells[0].outputs
    assert [output.kind for output in found] == ["stream", "result", "stream", "error", "stream"]
    assert found[0].text == "a\nb\n100%\n"
    assert found[1].text == "red"
    assert 19_990 < len(found[2].text) <= 20_000
    assert "characters left out" in found[2].text
    assert found[3].text == "ValueError: no\nValueError"
    found[4].text.encode()


def test_format_3_is_upgraded(tmp_path):
    path = tmp_path / "old.ipynb"
    cells = [
        {"cell_type": "heading", "level": 1, "source": ["Old one"]},
        {
            "cell_type": "code",
            "input": ["a = 1"],
            "language": "python",
            "outputs": [],
            "prompt_number": 3,
            "collapsed": False,
        },
    ]
    path.write_text(
        json.dumps({"worksheets": [{"cells": cells}], "metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0})
    )
    notebook = read_notebook(path)
    assert notebook.title == "Old one"
    assert [(cell.source, cell.execution_count) for cell in notebook.cells] == [("a = 1", 3)]


def test_a_script_with_cells_is_read(tmp_path):
    path = tmp_path / "experiment.py"
    path.write_text(
        "# %% [markdown]\n# # A script\n#\n# About it.\n\n# %%\n# %matplotlib inline\nx = 1\n\n# %%\ny = 2  # two\n"
    )
    notebook = read_notebook(path)
    assert notebook.title == "A script"
    assert [s.source for s in notebook.statements()] == ["x = 1", "y = 2  # two"]
    assert [m.source for m in notebook.magics] == ["%matplotlib inline"]


def test_a_script_without_cells_is_one_cell(tmp_path):
    path = tmp_path / "plain.py"
    path.write_text("x = 1\n\n\ny = 2\n")
    assert [s.id for s in read_notebook(path).statements()] == ["c1.s1", "c1.s2"]


def test_another_notebook_that_is_run_is_read_too(tmp_path):
    write(tmp_path, code("!pip install seaborn\ndef helper():\n    return 1"), name="helpers.ipynb")
    notebook = read_notebook(write(tmp_path, code("%run helpers.ipynb\ny = helper()")))
    assert [s.code for s in notebook.statements()] == ["def helper():\n    return 1", "y = helper()"]
    assert notebook.requirements == ("seaborn",)


def test_notebooks_that_run_each_other_end(tmp_path):
    path = write(tmp_path, code("x = 1\n%run a.ipynb"), name="a.ipynb")
    assert {s.code for s in read_notebook(path).statements()} >= {"x = 1"}
    assert len(read_notebook(path).statements()) < 20


@pytest.mark.parametrize("encode", [lambda t: b"\xef\xbb\xbf" + t.encode(), lambda t: t.encode("utf-16")])
def test_byte_order_marks_are_no_obstacle(tmp_path, encode):
    path = write(tmp_path, code("a = 'ä'"))
    path.write_bytes(encode(path.read_text()))
    assert read_notebook(path).statements()[0].code == "a = 'ä'"


@pytest.mark.parametrize(
    "content, words",
    [
        ("", "is empty"),
        ("hello", "is not JSON"),
        ('{"cells": [', "is not JSON"),
        ("[1, 2]", "JSON but no notebook"),
        ('{"a": 1}', "JSON but no notebook"),
        ("[" * 100_000, "no notebook|nested too deeply"),
        (json.dumps({"cells": [], "nbformat": 4}), "holds no code"),
        (json.dumps({"cells": [markdown("# x"), code("  \n")], "nbformat": 4}), "holds no code"),
        (json.dumps({"cells": [code("# nothing\n%matplotlib inline")], "nbformat": 4}), "holds no code to run"),
        (
            json.dumps({"cells": [code("x <- 1")], "metadata": {"kernelspec": {"name": "ir", "language": "R"}}}),
            r"in R \(kernel `ir`\)",
        ),
        (json.dumps({"cells": [code("x = 1")], "metadata": {"kernelspec": {"name": "julia-1.9"}}}), "in Julia"),
        (json.dumps({"cells": [code("1")], "metadata": {"language_info": {"name": "scala"}}}), "in Scala"),
    ],
)
def test_what_is_no_notebook_is_refused_with_a_sentence(tmp_path, content, words):
    path = tmp_path / "experiment.ipynb"
    path.write_text(content)
    with pytest.raises(UserError, match=words) as caught:
        read_notebook(path)
    assert caught.value.code == ExitCode.BAD_INPUT
    assert "experiment.ipynb" in str(caught.value)
    assert str(caught.value).endswith(".")


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(UserError, match="There is no file"):
        read_notebook(tmp_path / "none.ipynb")
    with pytest.raises(UserError, match="is a folder"):
        read_notebook(tmp_path)


@pytest.mark.parametrize(
    "cell", [None, 3, {}, {"cell_type": "code"}, {"cell_type": "code", "source": None, "outputs": 3, "id": 4}]
)
def test_odd_cells_are_passed_over(tmp_path, cell):
    assert len(read_notebook(write(tmp_path, code("a = 1"), cell)).statements()) == 1


def test_five_thousand_cells_are_read_in_seconds(tmp_path):
    cells = [code(f"# step {i}\nx{i} = [{i} % 3, '%s' % {i}]\n%time y{i} = x{i}\nprint(x{i})") for i in range(5_000)]
    path = write(tmp_path, *cells)
    start = time.process_time()
    assert len(read_notebook(path).statements()) == 15_000
    assert time.process_time() - start < 15


def test_reading_a_notebook_imports_nothing_heavy(tmp_path):
    path = write(tmp_path, code("%time a = 1"))
    program = (
        "import sys, pathlib; from tools.notebook.read import read_notebook; read_notebook(pathlib.Path(sys.argv[1])); "
        "print([m for m in ('nbformat', 'jupytext', 'IPython', 'numpy', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, cwd=Path(__file__).parents[2]
    )
    assert done.stdout.strip() == "[]", done.stderr


def test_the_same_file_gives_the_same_notebook(tmp_path):
    path = write(tmp_path, code("!pip install b a\nfor i in range(3):\n    print(i)"))
    assert read_notebook(path).model_dump_json() == read_notebook(path).model_dump_json()
