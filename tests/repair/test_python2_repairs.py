"""Python 2, before and after."""

import pytest
from repair_cases import repaired

SYNTAX = [
    ("print x", "print(x)"),
    ('print "a", x  # shown', 'print("a", x)  # shown'),
    ("print", "print()"),
    ('print ("%d") % 3', 'print(("%d") % 3)'),
    ("for i in r:\n    print i,", "for i in r:\n    print(i, end=' ')"),
    ("print >>sys.stderr, a, b", "print(a, b, file=sys.stderr)"),
    ("if x: print y\nelse: print z", "if x: print(y)\nelse: print(z)"),
    ('print "%s: %d" % (a,\n   b)', 'print("%s: %d" % (a,\n   b))'),
    ("try:\n    f()\nexcept (A, B), e:\n    print e", "try:\n    f()\nexcept (A, B) as e:\n    print(e)"),
    ('raise ValueError, "no"', 'raise ValueError("no")'),
    ('exec "x = 1" in names', 'exec("x = 1", names)'),
    ("x = 0777 + 10L <> 3", "x = 0o777 + 10 != 3"),
    ('a = ur"\\d"', 'a = r"\\d"'),
    ("a = `x` + y", "a = repr(x) + y"),
    ("%matplotlib inline\nprint x", "%matplotlib inline\nprint(x)"),
]
UNTOUCHED = [
    'print("a")',
    'print("print x")',
    '# print x\ntext = """\nprint x\n"""',
    "printed = print_all\nprint.x = 3",
    "print = log",
    'x = "10L <> 0777 `a`"',
    "raise ValueError(1, 2)",
    'exec("a")',
]


@pytest.mark.parametrize(("before", "after"), SYNTAX)
def test_syntax_is_brought_to_python_3(before: str, after: str) -> None:
    assert repaired("python2-syntax", before) == after


@pytest.mark.parametrize("code", UNTOUCHED)
def test_what_python_3_runs_stays(code: str) -> None:
    assert repaired("python2-syntax", code) == code


def test_a_tab_among_spaces_is_eight_columns() -> None:
    assert repaired("python2-tabs", "if x:\n        a = 1\n\tb = '\t'") == "if x:\n        a = 1\n        b = '\t'"
    assert repaired("python2-tabs", "if x:\n    a = '\t'") == "if x:\n    a = '\t'"
