"""A cell becomes its top-level statements, comments and line numbers kept."""

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.notebook.magics import rewrite_cell
from tools.notebook.rewrite import Context
from tools.notebook.statements import split_statements


def split(cell: str):
    return split_statements(rewrite_cell(cell, 4, Context()), 4)


def codes(cell: str) -> list[str]:
    return [statement.code for statement in split(cell).statements]


def sources(cell: str) -> list[str]:
    return [statement.source for statement in split(cell).statements]


def lines(cell: str) -> list[tuple[int, int]]:
    return [(statement.line, statement.end_line) for statement in split(cell).statements]


def test_ids_count_the_statements_of_the_cell():
    assert [s.id for s in split("a = 1\n\nb = 2; c = 3").statements] == ["c4.s1", "c4.s2", "c4.s3"]


@pytest.mark.parametrize(
    "cell, expected",
    [
        ("a = 1; b = 2", ["a = 1", "b = 2"]),
        ("a = 1;", ["a = 1"]),
        ("@cache\ndef f():\n    return 1", ["@cache\ndef f():\n    return 1"]),
        ("ä = 'ü'; b = 'é'", ["ä = 'ü'", "b = 'é'"]),
        ("if a:\n    b\nelse:\n    c\nd", ["if a:\n    b\nelse:\n    c", "d"]),
        ("x = '''a\nb'''; y = 1", ["x = '''a\nb'''", "y = 1"]),
        ("result = await fetch()", ["result = await fetch()"]),
        ("async with a as b:\n    pass", ["async with a as b:\n    pass"]),
        ("x = 'a\x0cb'\ny = '\u2028'", ["x = 'a\x0cb'", "y = '\u2028'"]),
        ("# only a comment", []),
        ("", []),
    ],
)
def test_statements_are_cut_at_the_top_level(cell, expected):
    assert codes(cell) == expected


@pytest.mark.parametrize(
    "cell, expected",
    [
        ("# load\nx = 1  # rows\ny = 2", ["# load\nx = 1  # rows", "y = 2"]),
        ("# a\n\n# b\nx = 1", ["# a\n\n# b\nx = 1"]),
        ("x = 1; y = 2  # both", ["x = 1", "y = 2  # both"]),
        (
            "def f():\n    return 1\n    # never\n\n# next\ny = 2",
            ["def f():\n    return 1\n    # never", "# next\ny = 2"],
        ),
        ("x = 1\n# done", ["x = 1\n# done"]),
        ("x = 1\n\n\n# next\ny = 2", ["x = 1", "# next\ny = 2"]),
        ("# install first\n!pip install a\nx = 1", ["x = 1"]),
        ("# about x\n\n# timing\n%timeit f()\nx = 1", ["# about x\nx = 1"]),
        ("# slow\n%time x = 1  # s", ["# slow\nx = 1  # s"]),
    ],
)
def test_comments_stay_with_their_statement(cell, expected):
    assert sources(cell) == expected


@pytest.mark.parametrize(
    "cell, expected",
    [
        ("%matplotlib inline\n\nx = 1\ny = (1,\n  2)", [(3, 3), (4, 5)]),
        ("!touch a \\\n b\nx = 1", [(1, 1), (1, 1), (3, 3)]),
        ("%%time\n# c\nx = 1", [(3, 3)]),
        ("@a\n@b\ndef f(): pass", [(1, 3)]),
        ("%%writefile a.py\nx = 1\ny = 2", [(1, 1), (1, 3)]),
    ],
)
def test_lines_are_those_of_the_cell_as_written(cell, expected):
    assert lines(cell) == expected


@pytest.mark.parametrize(
    "cell, displayed",
    [
        ("x = 1\nx", True),
        ("x;", False),
        ("x  # comment", True),
        ("x = 1", False),
        ("x\n# end", True),
        ("x\n%matplotlib inline", False),
        ("%matplotlib inline\nx", True),
        ("%time f()", True),
        ("%%capture\nx", False),
        ("%%time\nx", True),
        ("if a:\n    x", False),
    ],
)
def test_the_last_expression_of_a_cell_is_displayed(cell, displayed):
    assert split(cell).statements[-1].displayed is displayed
    assert not any(statement.displayed for statement in split(cell).statements[:-1])


@pytest.mark.parametrize(
    "cell, words",
    [
        ("x = (", ["Cell 4, line 1 does not parse"]),
        ("x = 1\nprint 'a'", ["Cell 4, line 2 is Python 2", "print 'a'"]),
        ("try:\n    x\nexcept ValueError, e:\n    pass", ["line 3 is Python 2"]),
        ("x = 0777", ["Python 2"]),
        ("%time x = 1\ny = = 2", ["line 2 does not parse", "y = = 2"]),
        ("return 1", ["'return' outside function"]),
        ("x = 1\x00", ["does not parse"]),
    ],
)
def test_a_cell_that_does_not_parse_says_where_and_why(cell, words):
    found = split(cell)
    assert not found.statements
    assert all(word in (found.error or "") for word in words), found.error


def test_deep_nesting_is_an_error_of_the_cell_and_no_crash():
    found = split("x = " + "(" * 5000 + ")" * 5000)
    assert found.error


_NAMES = st.sampled_from(["a", "b", "é", "x1"])
_EXPRESSIONS = st.sampled_from(
    ["1", "'%d' % a", '"# no"', "[1,\n   2]", "f(a)[0]", "'''t\n# u\n'''", "a != b", "{'ä': 1}", "(a\n% b)"]
)
_SIMPLE = st.one_of(
    st.builds("{} = {}".format, _NAMES, _EXPRESSIONS),
    _EXPRESSIONS,
    st.sampled_from(["import os", "from math import *", "pass", "del a", "assert a, 'why?'"]),
)
_COMPOUND = st.builds(
    lambda head, body: f"{head}\n    {body}",
    st.sampled_from(["if a:", "for a in b:", "with a as b:", "while a:", "def f(a):", "@d\nclass C:"]),
    st.sampled_from(["pass", "x = 1  # in", "y = '''k\nl'''", "# first\n    z = 1\n    # last"]),
)
_PIECES = st.one_of(
    _SIMPLE,
    _COMPOUND,
    st.builds("{}  # {}".format, _SIMPLE, st.sampled_from(["why", "100 %", "!"])),
    st.builds("{}; {}".format, _SIMPLE, _SIMPLE),
    st.sampled_from(["# note", "", "# a\n# b"]),
)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.lists(_PIECES, max_size=8))
def test_joining_the_statements_of_plain_python_loses_nothing(pieces):
    cell = "\n".join(pieces)
    statements = split(cell).statements
    joined = "\n".join(statement.source for statement in statements)
    assert ast.dump(ast.parse(joined)) == ast.dump(ast.parse(cell))
    for statement in statements:
        assert len(ast.parse(statement.code).body) == 1
        assert statement.code in statement.source
    if statements:
        comments = [line.strip() for line in cell.split("\n") if line.strip().startswith("# ")]
        kept = [line.strip() for line in joined.split("\n") if line.strip().startswith("# ")]
        assert kept == comments


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.text(alphabet="ab=%!?/;,'\"\\#()[]{}\n $@", max_size=60))
def test_no_text_makes_the_reading_of_a_cell_crash(cell):
    rewritten = rewrite_cell(cell, 4, Context())
    found = split_statements(rewritten, 4)
    assert len(rewritten.lines) == len(rewritten.origins)
    assert found.error is None or found.error.startswith("Cell 4")
