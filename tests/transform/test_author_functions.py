"""The author's own functions: moved to module level with their globals as parameters, or left as closures."""

import ast

import pytest

from tests.transform.built import FIT, HEAD, JUDGED, body, built, definition
from tools.plan.model import Constraint


def package(tmp_path, code: str, *constraints: Constraint) -> dict[str, str]:
    return built(tmp_path, HEAD + "# %%\nFACTOR = 2.5\n" + code + FIT + JUDGED, *constraints)


@pytest.mark.parametrize(
    ("signature", "after"),
    [
        ("v", "v, factor"),
        ("v, by=1", "v, by=1, *, factor"),
        ("v, *more", "v, *more, factor"),
        ("v, *, by=1", "v, *, by=1, factor"),
        ("v, **more", "v, factor, **more"),
        ("", "factor"),
    ],
)
def test_a_global_becomes_the_last_parameter(tmp_path, signature, after):
    code = f"def scaled({signature}):\n    return FACTOR * 2\ndf['c'] = scaled({'1' if signature else ''})\n"
    files = package(tmp_path, code)
    assert definition(files, "scaled") == f"def scaled({after}):\n    return factor * 2"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("scaled(df['a'])", 'scaled(df["a"], factor=factor)'),
        ("scaled(v=df['a'])", 'scaled(v=df["a"], factor=factor)'),
        ("scaled(scaled(df['a']))", 'scaled(scaled(df["a"], factor=factor), factor=factor)'),
        ("df['a'].map(scaled)", 'df["a"].map(partial(scaled, factor=factor))'),
        ("[scaled(v) for v in df['a']]", '[scaled(v, factor=factor) for v in df["a"]]'),
        ("df['a'].map(lambda v: scaled(v) + 1)", 'df["a"].map(lambda v: scaled(v, factor=factor) + 1)'),
        ("scaled(*[df['a']])", 'scaled(*[df["a"]], factor=factor)'),
        ("scaled(df['größe'])", 'scaled(df["größe"], factor=factor)'),
    ],
)
def test_calls_pass_it_by_keyword_and_values_by_partial(tmp_path, before, after):
    files = package(tmp_path, f"def scaled(v):\n    return v * FACTOR\ndf['c'] = {before}\n")
    assert f'df["c"] = {after}\n' in body(files, "load_data")


def test_a_function_that_calls_another_passes_on_what_that_needs(tmp_path):
    code = "def scaled(v):\n    return v * FACTOR\ndef moved(v):\n    return scaled(v) + 1\ndf['c'] = moved(df['a'])\n"
    files = package(tmp_path, code)
    assert definition(files, "moved") == "def moved(v, factor):\n    return scaled(v, factor=factor) + 1"
    assert 'moved(df["a"], factor=factor)' in body(files, "load_data")


def test_a_function_that_needs_nothing_stays_word_for_word(tmp_path):
    text = "def scaled(v, by=2):\n    # twice, by default\n    return v * by"
    files = package(tmp_path, f"{text}\ndf['c'] = scaled(df['a'])\n")
    assert definition(files, "scaled") == text
    assert 'scaled(df["a"])' in body(files, "load_data")


def test_a_function_that_writes_a_global_is_a_closure(tmp_path):
    code = (
        "calls = 0\ndef counted(v):\n    global calls\n    calls += 1\n    return v\ndf['a'] = df['a'].map(counted)\n"
    )
    files = package(tmp_path, code)
    assert "nonlocal calls" in body(files, "load_data")
    assert "global" not in body(files, "load_data")
    assert not any("\ndef counted" in text for text in files.values())


def test_a_function_stays_inside_where_a_constraint_says_so(tmp_path):
    code = "def scaled(v):\n    return v * FACTOR\ndf['c'] = df['a'].map(scaled)\n"
    files = package(tmp_path, code, Constraint(kind="nest", target="scaled"))
    inside = body(files, "load_data")
    assert "def scaled(v):\n    return v * factor\n" in inside
    assert 'df["a"].map(scaled)' in inside


def test_a_function_is_called_with_what_the_variable_holds_by_then(tmp_path):
    code = "limit = len(df)\ndef capped(v):\n    return min(v, limit)\nlow = capped(3)\nlimit = low + 5\n"
    files = package(tmp_path, code + "df['a'] += low + capped(3)\n")
    space: dict[str, object] = {}
    exec(definition(files, "capped"), space)
    start = body(files, "load_data").partition("X_train")[0].partition("df =")[2].partition("\n")[2]
    exec(start, space | {"df": {"a": 0, "b": 1}}, found := {"df": {"a": 0, "b": 1}})
    assert found["df"]["a"] == 2 + 3


@pytest.mark.parametrize(
    "end", ["df['a'],\n  2  # last\n)", "df['a'],\n  2,  # last\n)", "df['a'], 2,)", "*[df['a'], 2]  # (\n)"]
)
def test_comments_and_commas_at_the_end_of_a_call_do_no_harm(tmp_path, end):
    files = package(tmp_path, f"def scaled(v, w):\n    return v * w * FACTOR\ndf['c'] = scaled({end}\n")
    call = next(
        n
        for n in ast.walk(ast.parse(body(files, "load_data")))
        if getattr(n, "func", None) and ast.unparse(n.func) == "scaled"
    )
    assert [k.arg for k in call.keywords] == ["factor"]


def test_a_global_that_only_the_function_binds_is_declared_around_it(tmp_path):
    code = "def setup():\n    global cache\n    cache = {'k': 2}\nsetup()\ndf['a'] *= cache['k']\n"
    files = package(tmp_path, code)
    compile(files["src/data/loader.py"], "loader", "exec")
    assert body(files, "load_data").startswith("cache: Any\n")
    assert "nonlocal cache" in body(files, "load_data")
