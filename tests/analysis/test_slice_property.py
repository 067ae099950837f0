"""For generated programs, executing the slice gives the same value at the criterion as executing the whole."""

# ruff: noqa: E501 - one program line for each template

import copy
import random
import types

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tools.analysis.def_use import def_use
from tools.analysis.slicing import backward_slice
from tools.notebook.model import Cell, Notebook, Statement
from tools.trace.model import Trace

PRELUDE = (
    "import copy",
    "import random",
    "from functools import partial",
    "a = [[1], [2]]",
    "b = {'k': [3], 'm': 4}",
    "c = [5, 6]",
    "d = a",
    "e = 7",
)
TEMPLATES = (
    "{x} = [{n}, {n}]",
    "{x} = [[{n}], [{n}]]",
    "{x} = {{'k': [{n}], 'm': {y}}}",
    "{x} = {n}",
    "{x} = {y}",
    "{x} = list({y})",
    "{x} = [[*t] for t in {y}]",
    "{x} = tuple({y})",
    "{x} = {y}[0]",
    "{x} = {y}['k']",
    "{x} = {y}[1:]",
    "{x} = [{y}, {z}]",
    "{x} = ({y}, {z})",
    "{x} = dict(k={y}, m={z})",
    "{x} = copy.copy({y})",
    "{x} = copy.deepcopy({y})",
    "{x} = {y}.copy()",
    "{x} = [t for t in {y}]",
    "{x} = [t[:] for t in {y}]",
    "{x} = {{t: {y} for t in range(2)}}",
    "{x} = {y} + {z}",
    "{x} = {y} * 2",
    "{x} = sorted({y}, key=repr)",
    "{x} = {y} or {z}",
    "{x} = {y} if {z} else {n}",
    "{x} = (w := {y})",
    "{x} = w",
    "{x} = max({y}, key=repr)",
    "{x}.append({n})",
    "{x}.append({y})",
    "{x}[0].append({n})",
    "{x}[0] = {n}",
    "{x}[0] = {y}",
    "{x}['k'] = {y}",
    "{x}['k'].append({n})",
    "{x} += [{n}]",
    "{x} += {y} if isinstance({y}, list | int) else []",
    "{x} += {n}",
    "{x}[0] += [{n}]",
    "del {x}[0]",
    "del {x}",
    "{x}.extend(list({y}))",
    "{x}.insert(0, {y})",
    "{x}.sort(key=repr)",
    "{x}.update({y})",
    "{x} = {y}.pop()",
    "{x} = {y}.get('k')",
    "{x} = {y}.setdefault('q', {z})",
    "{x} = {y}.values()",
    "{x} = list({y}.items())",
    "{x}, {y} = {y}, {x}",
    "{x}, *{y} = {z}",
    "{x}, {y} = {z}",
    "for t in {x}:\n    t.append({n})",
    "for t in {x}:\n    {y}.append(t)\n    if len({y}) > 4:\n        break",
    "for i, t in enumerate({x}):\n    t.append(i)",
    "for k, v in {x}.items():\n    {y}.append(v)",
    "for t in list({x}):\n    {y} = t",
    "if len({x}) > 2:\n    {y} = {z}",
    "if len({x}) > 2:\n    {y}.append({n})\nelse:\n    {z} = [{n}]",
    "while len({x}) < 4:\n    {x}.append({y})",
    "try:\n    {x} = {y}[3]\nexcept Exception:\n    {x} = {z}",
    "try:\n    {x}.append({y}[3])\n    {z} = 1\nexcept Exception as error:\n    {z} = [str(error)]\nfinally:\n    {x} = {y}",
    "match {x}:\n    case [t, *rest]:\n        {y} = rest\n        t.append({n})\n    case dict():\n        {x}['k'] = {z}",
    # random draws
    "{x} = random.random()",
    "random.seed({n})",
    "random.shuffle({x})",
    "{x} = random.choice({y})",
    "{x} = random.sample({y}, 1)",
    "if {x}:\n    random.seed({n})",
    "{x} = [random.random() for t in range({n})]",
    "{x} = random.Random({n})",
    "{x} = {y}.random()",
    # iterators
    "{x} = iter({y})",
    "{x} = next({y})",
    "{x} = (t for t in {y})",
    "{x} = ([t, {z}] for t in {y})",
    "{x} = zip({y}, {z})",
    "{x} = enumerate({y})",
    "{x} = map(f, {y})",
    "{x} = reversed({y})",
    "for t in {x}:\n    break",
    "{x} = sum(1 for t in {y})",
    "{x} = {y} in {z}",
    # functions
    "def f(v):\n    v.append({n})\n    return v",
    "def f(v):\n    return [v, {x}]",
    "def f(v):\n    global {x}\n    {x} = v",
    "def f(v):\n    global {x}\n    {x} += [v]\n    return {y}",
    "def f(v, kept=[]):\n    kept.append(v)\n    return kept",
    "def f(v):\n    if v:\n        return {x}\n    {y}.append(v)\n    return v",
    "def f(v):\n    return v if len(v) < 2 else f(v[1:])",
    "def f(v):\n    yield v\n    {x}.append({n})\n    yield {x}",
    "def f(v):\n    def inner(u=1):\n        v.append(u)\n        return v\n    return inner",
    "def f(v):\n    count = [0]\n    def inner(u=1):\n        nonlocal v\n        v = [v, u]\n        count[0] += 1\n        return v, count\n    return inner",
    "def f(v):\n    return random.random()",
    "def f(v):\n    random.seed({n})\n    return v",
    "{x} = f({y})",
    "f({x})",
    "{x} = f",
    "{x} = lambda v=0: [{y}, v]",
    "{x} = lambda v=0: {y}.append(v)",
    "{x} = {y}()",
    "{x} = {y}({z})",
    "{x}({y})",
    "{x} = partial(f, {y})",
    "{x} = list(map(f, {y}))",
    "{x} = [f(t) for t in {y}]",
    "{x} = [lambda v=0: t for t in {y}]",
    # classes
    "class P:\n    shared = []\n    def __init__(self, v={n}):\n        self.v = v\n    def put(self, u):\n        self.v.append(u)\n        return self\n    def all(self):\n        return [self.shared, self.v]",
    "class P:\n    shared = {x}\n    def __init__(self, v={n}):\n        self.v = [v]\n        self.shared.append(v)\n    @property\n    def size(self):\n        self.v.append(1)\n        return self.v\n    def put(self, u):\n        P.shared = [u]\n    def all(self):\n        return {y}\n    def __add__(self, other):\n        self.v.append(other)\n        return self\n    def __iter__(self):\n        yield self.v",
    "class Q(P):\n    def put(self, u):\n        super().put(u)\n        {x}.append(u)",
    "{x} = P({y})",
    "{x} = Q({y})",
    "{x}.put({n})",
    "{x} = {y}.put({z})",
    "{x} = {y}.all()",
    "{x} = {y}.v",
    "{x} = {y}.size",
    "{x}.v = {y}",
    "P.shared.append({n})",
    "P.shared = {x}",
    "P.all = lambda self: {x}",
    "setattr({x}, 'v', {y})",
    "{x} = getattr({y}, 'v')",
    "{x} = {y} + {n}",
    "{x} = {y}.put",
    "random.random = lambda: {n}",
    "len = lambda v: {n}",
    "{x} = vars({y})",
    "exec('{x} = {y}')",
    "{x} = eval('{y}')",
    "globals()['{x}'] = {y}",
)
NAMES = "abcde"


def notebook(codes):
    """One cell for each statement."""
    cells = []
    for number, code in enumerate(codes, start=1):
        statement = Statement(
            id=f"c{number}.s1", cell=number, number=1, source=code, code=code, line=1, end_line=code.count("\n") + 1
        )
        cells.append(Cell(index=number, id=str(number), position=number - 1, source=code, statements=(statement,)))
    return Notebook(path="/nowhere/notebook.ipynb", sha256="", cells=tuple(cells))


def plain(value, depth=5):
    """A comparable picture of a value."""
    if depth == 0:
        return "…"
    if isinstance(value, list | tuple):
        return [type(value).__name__, len(value), *(plain(element, depth - 1) for element in value[:6])]
    if isinstance(value, dict):
        return {"dict": [[plain(k, depth - 1), plain(v, depth - 1)] for k, v in list(value.items())[:6]]}
    if isinstance(value, int | float | str | bytes | type(None)):
        return value
    if type(value).__name__ in "PQ":
        return [type(value).__name__, plain(value.__dict__, depth - 1), plain(type(value).shared, depth - 1)]
    if isinstance(value, types.FunctionType | types.MethodType | partial_type()):
        return "function"
    if isinstance(value, random.Random):
        return value.random()
    if hasattr(value, "__next__"):
        return "iterator"
    return type(value).__name__


def partial_type():
    from functools import partial

    return partial


class TooLong(BaseException):
    """No program catches it."""


class Budget:
    """Ends programs that would not."""

    def __init__(self, lines=3000):
        self.lines = lines

    def __call__(self, frame, event, argument):
        self.lines -= 1
        if self.lines < 0:
            raise TooLong
        return self


def run(codes, skip_failing):
    """Run statements in a namespace of their own; give those that ran, and the value of the criterion."""
    import sys

    namespace = {"__name__": "__main__"}
    kept = []
    state, original = random.getstate(), random.random
    random.seed(11)
    sys.settrace(Budget())
    try:
        for code in codes:
            try:
                exec(compile(code, "<program>", "exec"), namespace)
            except Exception:
                if not skip_failing:
                    raise
                continue
            kept.append(code)
        sys.settrace(None)
        return kept, plain(namespace.get("result"))
    finally:
        sys.settrace(None)
        random.random = original
        random.setstate(state)


def filtered(codes):
    """Keep the statements that run to the end: the program that a notebook without errors is."""
    while True:
        try:
            kept, _ = run(codes, skip_failing=True)
        except TooLong:
            codes = codes[: len(codes) // 2]
            continue
        if kept == codes:
            return kept
        codes = kept


@st.composite
def programs(draw):
    codes = list(PRELUDE)
    picks = draw(
        st.lists(
            st.tuples(
                st.sampled_from(TEMPLATES),
                st.sampled_from(NAMES),
                st.sampled_from(NAMES),
                st.sampled_from(NAMES),
                st.integers(min_value=0, max_value=3),
            ),
            min_size=1,
            max_size=14,
        )
    )
    codes.extend(template.format(x=x, y=y, z=z, n=n) for template, x, y, z, n in picks)
    return [*codes, f"result = {draw(st.sampled_from(NAMES))}"]


def check(codes):
    try:
        codes = filtered(codes)
        _, whole = run(codes, skip_failing=False)
    except (RecursionError, TooLong):
        return
    if not codes or not codes[-1].startswith("result"):
        return
    found = notebook(codes)
    order = tuple(statement.id for statement in found.statements())
    facts = def_use(found, Trace(status="not run"), order)
    kept = backward_slice(facts, order, frozenset({order[-1]}))
    sliced = [code for identifier, code in zip(order, codes, strict=True) if identifier in kept]
    try:
        _, value = run(sliced, skip_failing=False)
    except Exception as error:
        value = f"fails: {error!r}"
    program = "\n".join(f"{'  ' if i in kept else '- '}{code!r}" for i, code in zip(order, codes, strict=True))
    assert value == whole, f"\n{program}\nslice gives {value}\nwhole gives {whole}"


@settings(derandomize=True, max_examples=300, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(programs())
def test_the_slice_computes_what_the_whole_program_computes(codes):
    check(copy.copy(codes))
