"""Names of one statement: scopes, what is bound on some paths only, what is read before it is bound."""

import pytest

from tools.analysis.names import statement_names

CASES = [
    (
        "for i in xs:\n    t = i\n    y.append(t + k)",
        {"binds": ("i", "t"), "maybe": ("i", "t"), "reads": ("xs", "y", "k")},
    ),
    ("x = [a for a in b if a > c]", {"binds": ("x",), "reads": ("b", "c")}),
    ("x = {k: v for k, v in b.items()}", {"binds": ("x",), "reads": ("b",)}),
    (
        "def f(x, y=d):\n    global g\n    g = x + h",
        {"binds": ("f",), "reads": ("d",), "body_reads": ("g", "h"), "global_writes": ("g",)},
    ),
    (
        "class A(B):\n    q = 1\n    w = q + z\n    def m(self):\n        return self.x + u",
        {"binds": ("A",), "reads": ("B", "z"), "body_reads": ("u",)},
    ),
    ("@cached(size)\ndef f(): pass", {"binds": ("f",), "reads": ("cached", "size")}),
    ("a[i].b += 1", {"reads": ("a", "i")}),
    ("a += b", {"binds": ("a",), "reads": ("a", "b"), "augmented": ("a",)}),
    ("if (n := len(q)) > 3:\n    m = n", {"binds": ("n", "m"), "maybe": ("m",), "reads": ("len", "q")}),
    ("if c:\n    x = 1\nelse:\n    x = 2", {"binds": ("x", "x")[:1], "reads": ("c",)}),
    ("try:\n    import a.b\nexcept E as e:\n    a = None", {"binds": ("a",), "reads": ("E",), "deletes": ("e",)}),
    ("match p:\n    case {'k': v, **r} if v > t:\n        q = r", {"maybe": ("r", "v", "q"), "reads": ("p", "t")}),
    ("df.apply(lambda r: r * k)", {"reads": ("df", "k")}),
    ("del a[b], c", {"reads": ("a", "b", "c"), "deletes": ("c",)}),
    ("with open(p) as f:\n    z = f.read()", {"binds": ("f", "z"), "maybe": (), "reads": ("open", "p")}),
    ("from m import *", {"stars": ("m",), "binds": ()}),
    ("exec(code)", {"opaque": True, "literal": False}),
    ("exec('a = b')", {"opaque": True, "literal": True}),
    ("x = 1", {"opaque": False, "body_reads": (), "kind": "assign"}),
    ("def f(:", {"kind": "other", "opaque": True}),
]


@pytest.mark.parametrize("code, expected", CASES)
def test_names(code, expected):
    found = statement_names(code)
    assert {key: getattr(found, key) for key in expected} == expected
