"""The author's own functions and classes at module level: globals become parameters, the rest stays as written."""

import ast
import re
import textwrap
from typing import TypeVar

import libcst as cst

from tools.plan.meanings import argument_meaning
from tools.plan.model import FunctionPlan
from tools.transform.argument_types import argument_types
from tools.transform.context import FunctionContext, PackageContext
from tools.transform.print_to_log import print_to_log
from tools.transform.prune_display import prune_display
from tools.transform.rewrite import rewrite_statement


def author_definition(package: PackageContext, function: FunctionPlan) -> str:
    """Return the text of a hoisted function or class."""
    context = FunctionContext(package, function)
    identifier = function.statements[0]
    source = "\n".join(rewrite_statement(context, identifier, {}, {}))
    if function.parameters:
        source = _with_parameters(source, context)
    if function.variable and function.variable != function.name:
        pattern = rf"^((?:async )?def|class) {re.escape(function.variable)}\b"
        source = re.sub(pattern, rf"\1 {function.name}", source, count=1, flags=re.MULTILINE)
    module = prune_display(cst.parse_module(source), prints=False)
    if package.hardened:
        module = print_to_log(module, package.logger).visit(_Annotator(argument_types(package, function)))
    return module.code.strip("\n") + "\n"


def annotated(module: cst.Module) -> cst.Module:
    """Give the functions and classes that are nested in a body annotations and docstrings where they have none."""
    return module.visit(_Annotator({}))


def _with_parameters(source: str, context: FunctionContext) -> str:
    """Append parameters to the signature of the definition."""
    node = next(
        n for n in ast.parse(source).body if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    )
    module = cst.parse_module(source)
    return module.visit(_Parameters(node.name, [p.name for p in context.function.parameters])).code


class _Parameters(cst.CSTTransformer):
    """Appends keyword parameters to a function of a given name."""

    def __init__(self, name: str, added: list[str]) -> None:
        self.name = name
        self.added = added

    def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef) -> cst.FunctionDef:  # noqa: N802
        if updated_node.name.value != self.name:
            return updated_node
        new = [cst.Param(cst.Name(name)) for name in self.added]
        parameters = updated_node.params
        if (
            any(p.default is not None for p in parameters.params)
            or parameters.star_arg is not cst.MaybeSentinel.DEFAULT
        ):
            return updated_node.with_changes(
                params=parameters.with_changes(kwonly_params=[*parameters.kwonly_params, *new])
            )
        return updated_node.with_changes(params=parameters.with_changes(params=[*parameters.params, *new]))


class _Annotator(cst.CSTTransformer):
    """Adds annotations and docstrings where there are none; known types first, `Any` where nothing is known."""

    def __init__(self, types: dict[str, dict[str, str]]) -> None:
        self.types = types
        self.classes: list[str] = []
        self.functions: list[str] = []

    def visit_ClassDef(self, node: cst.ClassDef) -> None:  # noqa: N802
        bases = (
            cst.Module([]).code_for_node(cst.Tuple([cst.Element(b.value) for b in node.bases])) if node.bases else ""
        )
        self.classes.append(bases)

    def leave_ClassDef(self, original_node: cst.ClassDef, updated_node: cst.ClassDef) -> cst.ClassDef:  # noqa: N802
        self.classes.pop()
        name = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", updated_node.name.value).lower()
        return updated_node if updated_node.get_docstring() else _documented(updated_node, f"The author's {name}.")

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:  # noqa: N802
        self.functions.append(node.name.value)

    def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef) -> cst.FunctionDef:  # noqa: N802
        self.functions.pop()
        nested = bool(self.functions)
        known = {} if nested or len(self.classes) > 1 else self.types.get(updated_node.name.value, {})
        tensors = bool(self.classes) and "Module" in self.classes[-1] and updated_node.name.value != "__init__"
        parameters = updated_node.params.with_changes(
            posonly_params=[
                self.parameter(p, known, tensors, i) for i, p in enumerate(updated_node.params.posonly_params)
            ],
            params=[self.parameter(p, known, tensors, i) for i, p in enumerate(updated_node.params.params)],
            kwonly_params=[self.parameter(p, known, tensors, 1) for p in updated_node.params.kwonly_params],
            star_arg=self.star(updated_node.params.star_arg),
            star_kwarg=self.parameter(updated_node.params.star_kwarg, known, tensors, 1)
            if updated_node.params.star_kwarg
            else None,
        )
        updated_node = updated_node.with_changes(params=parameters)
        if updated_node.returns is None:
            result = known.get("return") or (
                "None" if not _returns(updated_node) else "torch.Tensor" if tensors else "Any"
            )
            updated_node = updated_node.with_changes(returns=_annotation(result))
        return updated_node if nested else self.with_docstring(updated_node)

    def with_docstring(self, node: cst.FunctionDef) -> cst.FunctionDef:
        """Give a function a docstring that names every argument; the author's own first line stays."""
        written = node.get_docstring() or ""
        if "Args:" in written or (node.name.value.startswith("_") and node.name.value != "__init__"):
            return node
        names = [*node.params.posonly_params, *node.params.params, *node.params.kwonly_params]
        taken = [p for p in names if p.name.value not in ("self", "cls")]
        lines = [written or self.summary(node.name.value)]
        if taken:
            lines += ["", "Args:", *(f"    {p.name.value}: {_described(p)}" for p in taken)]
        result = cst.Module([]).code_for_node(node.returns.annotation) if node.returns else "None"
        if result != "None":
            lines += ["", "Returns:", f"    {_what(result)}"]
        return _documented(_without_docstring(node) if written else node, "\n".join(lines))

    def parameter(self, parameter: cst.Param, known: dict[str, str], tensors: bool, index: int) -> cst.Param:
        name = parameter.name.value
        if parameter.annotation is not None or (self.classes and index == 0 and name in ("self", "cls")):
            return parameter
        kind = known.get(name) or _default_type(parameter.default) or ("torch.Tensor" if tensors else "Any")
        equal = cst.AssignEqual() if parameter.default is not None else cst.MaybeSentinel.DEFAULT
        return parameter.with_changes(annotation=_annotation(kind), equal=equal)

    def star(
        self, star: cst.Param | cst.ParamStar | cst.MaybeSentinel
    ) -> cst.Param | cst.ParamStar | cst.MaybeSentinel:
        return self.parameter(star, {}, False, 1) if isinstance(star, cst.Param) else star

    def summary(self, name: str) -> str:
        words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).strip("_").replace("_", " ").lower()
        if name == "__init__":
            return "Set it up."
        if name == "forward":
            return "Compute the output for a batch."
        return f"{words[:1].upper()}{words[1:]}." if words else "Run."


def _annotation(text: str) -> cst.Annotation:
    return cst.Annotation(cst.parse_expression(text))


def _default_type(default: cst.BaseExpression | None) -> str:
    if isinstance(default, cst.Integer):
        return "int"
    if isinstance(default, cst.Float):
        return "float"
    if isinstance(default, cst.SimpleString):
        return "str"
    if isinstance(default, cst.Name) and default.value in ("True", "False"):
        return "bool"
    return ""


def _returns(node: cst.FunctionDef) -> bool:
    source = cst.Module([node]).code
    return any(
        (isinstance(n, ast.Return) and n.value is not None) or isinstance(n, (ast.Yield, ast.YieldFrom))
        for n in ast.walk(ast.parse(textwrap.dedent(source)))
    )


def _described(parameter: cst.Param) -> str:
    """Return a clause for an argument: what it is, and its default."""
    kind = cst.Module([]).code_for_node(parameter.annotation.annotation) if parameter.annotation else "Any"
    default = f" Defaults to `{cst.Module([]).code_for_node(parameter.default)}`." if parameter.default else ""
    meaning = argument_meaning(parameter.name.value)
    return f"{f'{meaning}.' if meaning else _what(kind)}{default}"


def _what(kind: str) -> str:
    words = {
        "str": "Text.",
        "int": "A whole number.",
        "float": "A number.",
        "bool": "Whether to.",
        "Any": "As in the notebook.",
    }
    return words.get(kind, f"`{kind}`.")


def _without_docstring(node: cst.FunctionDef) -> cst.FunctionDef:
    body = node.body
    return (
        node.with_changes(body=body.with_changes(body=list(body.body)[1:]))
        if isinstance(body, cst.IndentedBlock)
        else node
    )


Definition = TypeVar("Definition", cst.FunctionDef, cst.ClassDef)


def _documented(node: Definition, text: str) -> Definition:
    """Put a docstring at the top of a definition."""
    indent = "    "
    if "\n" in text:
        text = text.replace("\n", "\n" + indent) + "\n" + indent
        text = re.sub(r"[ \t]+\n", "\n", text)
    line = cst.SimpleStatementLine([cst.Expr(cst.SimpleString('"""' + text.replace("\\", "\\\\") + '"""'))])
    if isinstance(node.body, cst.IndentedBlock):
        return node.with_changes(body=node.body.with_changes(body=[line, *node.body.body]))
    statements = node.body.body if isinstance(node.body, cst.SimpleStatementSuite) else []
    return node.with_changes(body=cst.IndentedBlock([line, cst.SimpleStatementLine(list(statements))]))
