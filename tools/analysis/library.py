"""Calls of code that is not the notebook's own: their effects come from the tables, the rest is assumed the worst."""

import ast

from tools.analysis import calls, evaluate, files, items
from tools.analysis.constants import identifiers
from tools.analysis.effects import Effects, effects, matches
from tools.analysis.heap import ELEMENTS, NOTHING, SOURCES, Obj, Value, contents
from tools.analysis.session import Session, TooMuchWork

EXACTLY_SELF = frozenset(
    {"fit", "partial_fit", "set_params", "set_output", "train", "eval", "to", "cuda", "cpu", "half", "double", "float"}
)
DEEP_METHODS = frozenset({"step", "zero_grad", "backward", "writerow", "writerows", "apply_gradients", "minimize"})
ADDING_METHODS = frozenset({"extend", "update", "extendleft", "intersection_update", "__iadd__"})
GENERATORS = ("random", "numpy", "torch", "tensorflow")
CALLING_NO_METHODS = frozenset({"torch", "builtins", "matplotlib", "numpy", "pandas"})
"""Libraries that call nothing but double-underscore methods of what inherits from none of their classes."""
OWN_GENERATORS = frozenset({"torch", "tensorflow", "keras", "polars", "random"})
"""Libraries whose objects, asked for a sample, do not draw from numpy's global generator."""
ROUNDS = 16
"""Turns of all calls back from a library; what they do is known long before, or never."""


def call_reference(s: Session, name: str, arguments: "calls.Arguments", node: ast.AST) -> Value:
    """Call a function or class of a library by its qualified name."""
    tables = effects()
    known = tables.library(name)
    passed = arguments.all()
    _state(s, tables, name, arguments)
    _random_function(s, tables, name, arguments, passed)
    files.function(s, name, arguments)
    _follow(s, name, passed, arguments, known, inert=name in tables.inert)
    if name.split(".")[0] in tables.plotting_roots:
        _plot(s, name in tables.figure_starts)
    _changed_arguments(s, tables, name, arguments, known)
    return _result(s, tables, name, arguments, passed, known, node)


def _result(
    s: Session, tables: Effects, name: str, arguments: "calls.Arguments", passed: Value, known: bool, node: ast.AST
) -> Value:
    if name in {"builtins.getattr", "builtins.setattr", "builtins.delattr"}:
        first = arguments.positional[0] if arguments.positional else NOTHING
        if name == "builtins.setattr":
            for obj in sorted(first):
                s.hold(obj, "*", passed - {obj})
                if obj.kind == "reference":
                    s.write_state("<patched libraries>")
        return passed | contents(first) | _class_members(first)
    if name == "builtins.vars":
        return passed | contents(passed)
    if name == "builtins.type":
        return frozenset(c for obj in passed for c in obj.fields.get("<class>", {obj}))
    if name in tables.immutable or name.startswith("builtins.str."):
        return NOTHING
    if name in tables.containers or name in tables.iterators:
        return frozenset({_container(s, tables, name, arguments, node)})
    if name in tables.elements:
        return passed | calls.iterate(s, passed, node) if name != "builtins.next" else _next(s, passed, node)
    if name in tables.returning_arguments:
        result = s.make("library", f"{name.split('.')[0]}.", node)
        s.hold(result, ELEMENTS, passed if name.rsplit(".", 1)[-1][0].isupper() else evaluate.shared_elements(passed))
        return passed | {result}
    last = name.rsplit(".", 1)[-1]
    constructs = last[:1].isupper() or last.startswith(("make_", "default_rng")) or ".optim" in name
    result = s.make("library" if known else "unknown", name if constructs else f"{name.split('.')[0]}.", node)
    result.draws = _draws_when_used(tables, name, arguments)
    if name in tables.fresh:
        return frozenset({result})
    if constructs or not known:
        s.hold(result, ELEMENTS, passed)
    else:
        s.hold(result, ELEMENTS, evaluate.shared_elements(passed) | _python_objects(passed))
    return frozenset({result}) if known else passed | {result}


def _python_objects(value: Value) -> Value:
    return frozenset(
        obj for obj in value if obj.kind in {"function", "instance", "class", "method", "iterator", "unknown"}
    )


def _class_members(value: Value) -> Value:
    return contents(frozenset(c for obj in value for c in obj.fields.get("<class>", ())))


def _next(s: Session, passed: Value, node: ast.AST) -> Value:
    for obj in sorted(passed):
        s.mutate({obj}, obj.kind == "iterator")
    return calls.iterate(s, passed, node)


def _container(s: Session, tables: Effects, name: str, arguments: "calls.Arguments", node: ast.AST) -> Obj:
    if name in tables.iterators:
        result = s.make("iterator", files.handle_type(s, name, arguments), node)
        for value in (*arguments.positional, arguments.extra, *arguments.keywords.values()):
            callbacks = frozenset(obj for obj in value if obj.kind in {"function", "method", "class", "instance"})
            s.hold(result, SOURCES, value)
            s.hold(result, "<callbacks>", callbacks)
        elements = [elements_of(value) for value in arguments.positional]
        if name in calls.ROWS:
            row = s.make("tuple", "", (node, "row"))
            if name == "builtins.enumerate":
                elements = [NOTHING, *elements[:1]]
            for position, value in enumerate(elements):
                s.hold(row, str(position), value)
            if arguments.extra:
                s.hold(row, ELEMENTS, elements_of(arguments.extra) | arguments.extra)
            s.hold(result, ELEMENTS, {row})
            for position, value in enumerate(arguments.positional):
                s.hold(result, f"<source {position + (name == 'builtins.enumerate')}>", value)
        else:
            s.hold(result, ELEMENTS, frozenset().union(*elements, arguments.extra))
            if name in {"itertools.combinations", "itertools.permutations", "itertools.groupby", "itertools.tee"}:
                row = s.make("tuple", "", (node, "row"))
                s.hold(row, ELEMENTS, frozenset().union(*elements))
                s.hold(result, ELEMENTS, {row})
        return result
    result = s.make("tuple" if name == "builtins.tuple" else "container", name, node)
    for value in (*arguments.positional, arguments.extra):
        s.hold(result, ELEMENTS, contents(value) | _python_objects(value))
        s.hold(result, ELEMENTS, (obj for obj in value if obj.kind == "library"))
        if name in {"copy.copy", "dataclasses.replace"}:
            for obj in value:
                if obj.kind == "instance":
                    result.kind = "instance"
                    for field, held in obj.fields.items():
                        s.hold(result, field, held)
    for value in arguments.keywords.values():
        s.hold(result, ELEMENTS, value)
    return result


def elements_of(value: Value) -> Value:
    """Return what iterating gives, as far as it is known before any iterator runs."""
    whole = frozenset(obj for obj in value if obj.kind not in {"container", "tuple", "iterator"})
    return contents(value) | whole


def call_method(s: Session, obj: Obj, name: str, arguments: "calls.Arguments", node: ast.AST) -> Value:
    """Call a method of an object that is not an instance of an own class, or that an own class inherits."""
    passed = arguments.all()
    s.step()
    if obj.kind in {"container", "tuple"}:
        return _container_method(s, obj, name, arguments, node)
    if obj.kind == "iterator":
        s.mutate({obj}, True)
        _follow(s, name, passed, arguments, True, inert=False)
        s.hold(obj, ELEMENTS, passed)
        return calls.iterate(s, frozenset({obj}), node) | {obj}
    tables = effects()
    root = obj.root if obj.kind not in {"instance", "class"} else items.external_root(obj)
    known = root in tables.libraries or (obj.kind in {"instance", "class"} and not root)
    if root == "pandas":
        s.read_state("<pandas options>")
    _read_states(s, tables, root)
    _random_method(s, tables, obj, name, arguments)
    files.method(s, obj, name, arguments)
    if root in tables.plotting_roots or (name in tables.plotting_methods and root in {"pandas", "sklearn"}):
        _plot(s, False)
    followed = passed | contents({obj}) | ({obj} if obj.kind == "instance" else NOTHING)
    _follow(s, name, followed, arguments, known, inert=False, root=root or "own")
    changes = _method_changes(tables, obj, name, arguments)
    if name in {"apply_async", "submit"} or not known:
        s.mutate_deep({obj} | passed)
    if changes:
        s.mutate({obj}, True)
        if name in DEEP_METHODS:
            s.mutate_deep(contents({obj}) | passed)
        elif name.startswith("fit") or name in {"set_params", "train", "eval", "to", "step"}:
            s.mutate_deep(
                part for part in contents({obj}) if part.kind in {"library", "instance", "container", "unknown"}
            )
        if root != "pandas" or name not in {"insert", "update"}:
            kept = root == "sklearn" and name.startswith(("fit", "partial_fit"))
            s.hold(obj, "<kept>" if kept else ELEMENTS, passed)
    return _method_result(s, tables, obj, name, passed, known, node)


def _method_changes(tables: Effects, obj: Obj, name: str, arguments: "calls.Arguments") -> bool:
    call = arguments.node
    for keyword in call.keywords if call is not None else ():
        if keyword.arg == "inplace":
            return not (isinstance(keyword.value, ast.Constant) and keyword.value.value in {False, None})
    if name in tables.mutating_methods:
        return not (obj.root == "pandas" and name in tables.pandas_pure_methods)
    if obj.type in tables.generator_types:
        return True
    if obj.root in tables.plotting_roots:
        return not name.startswith("get_")
    return (name.endswith("_") and not name.startswith("_") and obj.root == "torch") or name.startswith("set_")


def _method_result(
    s: Session, tables: Effects, obj: Obj, name: str, passed: Value, known: bool, node: ast.AST
) -> Value:
    if name in EXACTLY_SELF and (obj.root != "pandas" or name in {"fit"}):
        return frozenset({obj})
    if name in tables.immutable_methods:
        return NOTHING
    result = s.make("library" if known else "unknown", f"{obj.root}." if known else "", (node, obj.root))
    held = evaluate.shared_elements(frozenset({obj}))
    if name in {"items", "iterrows", "itertuples", "named_parameters", "named_children", "named_modules", "groupby"}:
        row = s.make("tuple", "", (node, "row"))
        s.hold(row, ELEMENTS, contents({obj}) | {obj})
        s.hold(result, ELEMENTS, {row})
        return frozenset({result, row})
    if name in tables.returning_self or not known:
        s.hold(result, ELEMENTS, contents({obj}) | ({obj} if obj.root in {"torch", "keras", "tensorflow"} else set()))
        extra = passed if not known else NOTHING
        return frozenset({obj, result}) | contents({obj}) | extra
    s.hold(result, ELEMENTS, held | _python_objects(passed))
    if obj.root in {"", "torch"} and name == "__call__":
        result.type = "torch."
    return frozenset({result})


def _container_method(s: Session, obj: Obj, name: str, arguments: "calls.Arguments", node: ast.AST) -> Value:
    passed = arguments.all()
    inside = contents({obj})
    _follow(s, f"builtins.list.{name}", passed | (inside if name == "sort" else NOTHING), arguments, True, inert=False)
    if name in {"copy", "__copy__"}:
        result = s.make("container", obj.type, (node, "copy"))
        s.hold(result, ELEMENTS, inside)
        return frozenset({result})
    if name in {"items", "keys", "values", "most_common"}:
        result = s.make("container", "", (node, obj.root))
        row = s.make("tuple", "", (node, "row"))
        s.hold(row, ELEMENTS, inside)
        s.hold(result, ELEMENTS, inside | {row} if name != "values" else inside)
        s.hold(result, "<of>", {obj})
        return frozenset({result})
    if name in effects().mutating_methods:
        s.mutate({obj}, True)
        elements = calls.iterate(s, passed, node) if name in ADDING_METHODS else NOTHING
        if name in ADDING_METHODS:
            s.hold(obj, ELEMENTS, elements | contents(elements) | _python_objects(passed))
        else:
            s.hold(obj, ELEMENTS, passed)
        return inside | passed if name in {"pop", "popitem", "popleft", "setdefault", "get_nowait"} else NOTHING
    if name in {"index", "count", "isdisjoint", "issubset", "issuperset", "__contains__", "__len__"}:
        calls.touch(s, inside | passed)
        return NOTHING
    if name in {"get", "__getitem__", "pop"}:
        return inside | passed
    if name in {"union", "difference", "intersection", "symmetric_difference", "__iter__", "__add__", "fromkeys"}:
        result = s.make("container", "", (node, obj.root))
        s.hold(result, ELEMENTS, inside | contents(passed) | passed)
        return frozenset({result})
    s.mutate({obj}, False)
    s.hold(obj, ELEMENTS, passed)
    return inside | passed | {obj}


def forward(s: Session, obj: Obj) -> None:
    """Note what calling a neural network does beside computing: dropout draws, batch normalisation changes."""
    tables = effects()
    for part in sorted(s.reach(frozenset({obj}))):
        last = part.type.rsplit(".", 1)[-1]
        if last in tables.drawing_layers:
            s.draw("torch")
        if last in tables.changing_layers:
            s.mutate({part}, False)


def used(s: Session, obj: Obj) -> None:
    """Note that an object of a library is iterated over."""
    if s.record.follows.get(obj) == s.version:
        return
    s.record.follows[obj] = s.version
    for generator in sorted(obj.draws):
        s.draw(generator)
    for part in sorted(contents({obj})):
        for member in calls.special_methods(part) if part.kind == "instance" else ():
            _callback(s, member, frozenset({part}), contents({part}))


def _follow(
    s: Session, name: str, passed: Value, arguments: "calls.Arguments", known: bool, *, inert: bool, root: str = ""
) -> None:
    """Follow what a library may call back, iterate over and read: functions, own objects and iterators passed to it."""
    s.read_state("<patched libraries>")
    _formulas(s, arguments)
    if inert and name not in {"builtins.print", "builtins.str", "builtins.repr", "builtins.format"}:
        return
    root = root or name.split(".")[0]
    key = ("follow", passed, inert, known, root)
    if s.record.follows.get(key) == s.version:
        return
    s.step(1 + len(passed) // 8)
    given = s.handed_over(passed)
    for obj in given.running:
        if obj.kind == "iterator" and not inert:
            if obj in passed or root not in {"matplotlib"}:
                calls.consume(s, obj)
        elif obj.kind in {"function", "method"} and not inert:
            _callback(s, obj, NOTHING, given.inside - {obj})
        elif obj.kind == "instance":
            names: frozenset[str] | None = frozenset()
            inherited = items.external_root(obj)
            if not known or (inherited and (inherited == root or root not in CALLING_NO_METHODS)):
                names = None
            elif root not in CALLING_NO_METHODS:
                names = effects().protocol
            for member in calls.special_methods(obj, names):
                _callback(s, member, frozenset({obj}), passed - {obj})
        elif obj.kind == "class" and obj in passed and not inert:
            _callback(s, obj, NOTHING, passed - {obj})
    s.record.follows[key] = s.version


def _callback(s: Session, member: Obj, receiver: Value, extra: Value) -> None:
    """Follow a call back from a library; those that come up meanwhile take their turns after it, round after round."""
    key = (member, receiver)
    growth, known = s.record.callbacks.get(key, (-1, NOTHING))
    if extra <= known and growth == s.growth:
        return
    if len(extra) >= s.hopeless.get(member, len(extra) + 1):
        raise TooMuchWork
    s.record.callbacks[key] = (growth, extra | known)
    s.record.due[key] = None
    if s.record.called_back_at is not None:
        return
    s.record.called_back_at = s.record.steps

    def turns() -> None:
        for member, receiver in tuple(s.record.due):
            s.alternatives(lambda: _call_back(s, member, receiver), lambda: None)  # noqa: B023

    for _ in range(ROUNDS):
        before = (s.growth, [s.record.callbacks[key][1] for key in s.record.due])
        bound = s.alternatives(turns, lambda: None)
        if not bound and before == (s.growth, [s.record.callbacks[key][1] for key in s.record.due]):
            break
    else:
        raise TooMuchWork
    s.record.due = {}
    s.record.called_back_at = None


def _call_back(s: Session, member: Obj, receiver: Value) -> None:
    s.step(5)
    _, extra = s.record.callbacks[(member, receiver)]
    where = member.node or calls.NOWHERE
    arguments = calls.Arguments(extra=extra)
    given = (
        calls.call_member(s, member, receiver, arguments, where)
        if receiver
        else calls.call_value(s, member, arguments, where)
    )
    for part in sorted(given):
        if part.kind == "iterator":
            calls.consume(s, part)
    s.record.callbacks[(member, receiver)] = (s.growth, s.record.callbacks[(member, receiver)][1])


def _formulas(s: Session, arguments: "calls.Arguments") -> None:
    """Read the variables that a string argument names: `@name` in a query, functions in a model formula."""
    call = arguments.node
    if call is None or arguments.frame is None:
        return
    for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
        for part in ast.walk(argument):
            if (
                isinstance(part, ast.Constant)
                and isinstance(part.value, str)
                and ("@" in part.value or "~" in part.value)
            ):
                for name in identifiers(part.value):
                    if name in s.module.variables:
                        s.load(name, arguments.frame)


def _changed_arguments(s: Session, tables: Effects, name: str, arguments: "calls.Arguments", known: bool) -> None:
    if "out" in arguments.keywords:
        s.mutate(arguments.keywords["out"], True)
    positions = tables.mutating_functions.get(name)
    if positions is None and (name.startswith("torch.nn.init.") or (name.endswith("_") and name.startswith("torch."))):
        positions = "0"
    for position in (positions or "").split(","):
        if position and int(position) < len(arguments.positional):
            value = arguments.positional[int(position)]
            s.mutate(value, len(value) == 1)
            if not name.startswith("torch.nn.utils"):
                s.hold_all(value, arguments.all() - value)
            else:
                s.mutate_deep(value)
    if not known:
        s.mutate_deep(arguments.all())
    elif name.startswith(("builtins.list.", "builtins.dict.", "builtins.set.")) and arguments.positional:
        s.mutate(arguments.positional[0], False)


def _state(s: Session, tables: Effects, name: str, arguments: "calls.Arguments") -> None:
    written = tables.state_written(name)
    last = name.rsplit(".", 1)[-1]
    if written and not last.startswith(("get", "copy", "items", "keys", "values", "list_", "is_", "device_count")):
        if written == "pandas options" and files.is_display_option(arguments):
            written = "pandas display options"
        if written == "warnings" and ("<raised warnings>" in s.state or _may_raise(arguments)):
            written = "raised warnings"
        if name == "os.chdir":
            files.enter(s, arguments)
        s.write_state(f"<{written}>")
    elif written:
        s.read_state(f"<{written}>")
    _read_states(s, tables, name.split(".")[0])
    if name in {"builtins.str", "builtins.repr", "builtins.format", "builtins.print"}:
        s.read_state("<pandas display options>")
        s.read_state("<numpy print options>")
    if name == "os.getcwd" or name.startswith("os.path.abspath"):
        s.read_state("<cwd>")


def _read_states(s: Session, tables: Effects, root: str) -> None:
    for state, roots in tables.state_readers.items():
        if f"<{state}>" in s.state and (roots == "*" or root in roots.split()):
            s.read_state(f"<{state}>")


def _may_raise(arguments: "calls.Arguments") -> bool:
    """Tell whether a filter may turn warnings into exceptions, which decide how a `try` goes on."""
    action = files.argument(arguments, 0, "action")
    return action is not None and not (isinstance(action, ast.Constant) and action.value != "error")


def _plot(s: Session, starts: bool) -> None:
    s.record.plots = True
    s.read_state("<matplotlib rc>")
    s.write_state("<matplotlib>", replaces=starts)


def _seeded(arguments: "calls.Arguments", names: tuple[str, ...] = ("random_state", "seed")) -> bool:
    call = arguments.node
    for keyword in call.keywords if call is not None else ():
        if keyword.arg in names:
            return not (isinstance(keyword.value, ast.Constant) and keyword.value.value is None)
    return bool(arguments.extra)


def _random_function(s: Session, tables: Effects, name: str, arguments: "calls.Arguments", passed: Value) -> None:
    seeded = tables.seeding.get(name)
    if seeded is not None:
        for generator in seeded.split():
            s.seed(generator)
        return
    for generator in sorted(tables.generator_of(name)):
        s.draw(generator)
    if matches(name, tables.unseeded_functions) and not _seeded(arguments):
        s.draw("numpy")
    if name in {"numpy.random.default_rng", "numpy.random.RandomState", "random.Random"} and not passed:
        call = arguments.node
        if call is None or not (call.args or call.keywords):
            s.write_state("<entropy>")
    drawing = [part for part in sorted(s.reach(passed)) if part.draws or part.type in tables.generator_types]
    if drawing and name not in tables.inert and not name.rsplit(".", 1)[-1][:1].isupper():
        _draw_from(s, tables, drawing)


def _draw_from(s: Session, tables: Effects, drawing: list[Obj]) -> None:
    for part in drawing:
        for generator in sorted(part.draws):
            s.draw(generator)
        if part.type in tables.generator_types:
            s.mutate({part}, True)


def _random_method(s: Session, tables: Effects, obj: Obj, name: str, arguments: "calls.Arguments") -> None:
    if name in tables.drawing_methods or name == "__call__" or name.startswith("fit"):
        _draw_from(
            s,
            tables,
            [p for p in sorted(s.reach(arguments.all() | {obj})) if p.draws or p.type in tables.generator_types],
        )
        if obj.root in {"keras", "tensorflow"} or obj.kind == "unknown":
            for generator in ("numpy", "random", "tensorflow") if obj.root else ("numpy",):
                s.draw(generator)
    if name in tables.sampling_methods and obj.root not in OWN_GENERATORS and not _seeded(arguments):
        s.draw("numpy")
    if obj.root == "torch" and (
        name
        in {
            "normal_",
            "uniform_",
            "random_",
            "bernoulli_",
            "exponential_",
            "sample",
            "rsample",
            "multinomial",
            "bernoulli",
            "reset_parameters",
        }
    ):
        s.draw("torch")
    if obj.root == "scipy" and name == "rvs" and not _seeded(arguments):
        s.draw("numpy")
    if name in {"__call__", "forward", "predict"}:
        forward(s, obj)
    for value in arguments.all():
        if value.type in tables.generator_types:
            s.mutate({value}, True)


def _draws_when_used(tables: Effects, name: str, arguments: "calls.Arguments") -> frozenset[str]:
    last = name.rsplit(".", 1)[-1]
    if last in tables.unseeded_classes and not _seeded(arguments):
        return frozenset({"numpy"})
    if last in tables.shuffling_classes:
        call = arguments.node
        for keyword in call.keywords if call is not None else ():
            off = isinstance(keyword.value, ast.Constant) and not keyword.value.value
            if keyword.arg in {"shuffle", "sampler", "batch_sampler"} and not off and not _seeded(arguments):
                return frozenset({"torch"} if last == "DataLoader" else {"numpy"})
        if last == "DataLoader":  # its iterator takes a base seed from the global generator
            return frozenset({"torch"})
    return frozenset()
