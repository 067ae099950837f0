"""What the passes know: facts and plan, indexed for the function at hand."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from tools.analysis.model import Import, NotebookFacts, Span
from tools.notebook.model import Statement
from tools.plan.model import ExtractionPlan, FunctionPlan, Parameter, Setting

SECTION_FROM = 4


@dataclass(frozen=True)
class PackageContext:
    """Facts and plan of one package.

    Attributes:
        facts: Of the notebook.
        plan: In force.
        hardened: Types, docstrings, logging and guards are wanted.
    """

    facts: NotebookFacts
    plan: ExtractionPlan
    hardened: bool

    @cached_property
    def statements(self) -> Mapping[str, Statement]:
        """Statements by id."""
        return {s.id: s for s in self.facts.notebook.statements()}

    @cached_property
    def imports(self) -> Mapping[str, Import]:
        """Imports by the name they bind; the last one counts."""
        return {found.name: found for found in self.facts.imports}

    @cached_property
    def conditional(self) -> Mapping[str, str]:
        """Statements that import under a condition (a try, an if) by each name that they bind."""
        found: dict[str, str] = {}
        for identifier in self.facts.order:
            if self.imports_only(identifier) and self.facts.statements[identifier].kind == "compound":
                found |= dict.fromkeys(self.facts.statements[identifier].defines, identifier)
        return found

    def imports_only(self, identifier: str) -> bool:
        """Tell whether a statement stands for imports: it is one, or a try or if around some."""
        facts = self.facts.statements[identifier]
        return facts.kind == "import" or (facts.kind == "compound" and facts.roles[:1] == ("import",))

    @cached_property
    def logger(self) -> str:
        """Name of the modules' logger: `log`, unless the notebook itself uses that name."""
        own = {found.name for found in self.facts.imports} | {
            getattr(node, attribute)
            for statement in self.statements.values()
            for node in ast.walk(ast.parse(statement.code))
            if not isinstance(node, ast.keyword)
            for attribute in ("id", "arg", "name", "asname")
            if isinstance(getattr(node, attribute, None), str)
        }
        return next(name for name in ("log", "logger", "event_log", "package_log") if name not in own)

    @cached_property
    def authors(self) -> Mapping[str, FunctionPlan]:
        """The author's hoisted definitions by their name in the notebook."""
        found: dict[str, FunctionPlan] = {}
        for function in self.plan.functions:
            if function.kind == "author":
                other = self.hidden(function)
                parameters = tuple(
                    p.model_copy(update={"name": other.get(p.name, p.name)}) for p in function.parameters
                )
                found[function.variable or function.name] = function.model_copy(update={"parameters": parameters})
        return found

    def hidden(self, function: FunctionPlan) -> dict[str, str]:
        """Return another name for each setting of a function whose own name the notebook's code binds itself."""
        bound = {
            name
            for identifier in function.statements
            for node in ast.walk(ast.parse(self.statements[identifier].code))
            for name in bound_names(node)
        }
        found: dict[str, str] = {}
        for parameter in function.parameters:
            setting = self.settings.get(parameter.setting)
            if setting and parameter.name in bound and parameter.name != setting.variable:
                name = f"{parameter.name}_setting"
                found[parameter.name] = f"{name}_value" if name in bound else name
        return found

    @cached_property
    def stages(self) -> tuple[FunctionPlan, ...]:
        """Stage functions in call order."""
        return tuple(f for f in self.plan.functions if f.kind == "stage")

    @cached_property
    def settings(self) -> Mapping[str, Setting]:
        """Settings by key."""
        return {s.key: s for s in self.plan.settings}

    @cached_property
    def places(self) -> Mapping[str, list[tuple[Span, str]]]:
        """(span, key) of the settings that replace expressions, by statement."""
        found: dict[str, list[tuple[Span, str]]] = {}
        for setting in self.plan.settings:
            for statement, span in setting.places:
                found.setdefault(statement, []).append((span, setting.key))
        return found


def bound_names(node: ast.AST) -> tuple[str, ...]:
    """Return the names that a node by itself binds."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
            return (name,)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return (name,)
        case _:
            return ()


@dataclass(frozen=True)
class FunctionContext:
    """What is known while one function is built.

    Attributes:
        package: Facts and plan.
        function: The function at hand.
    """

    package: PackageContext
    function: FunctionPlan

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        """Parameters by the setting that they pass."""
        return {p.setting: p for p in self.function.parameters if p.setting}

    def setting_name(self, key: str) -> str:
        """Return the expression by which the function reads a setting; empty where it is not passed."""
        found = self.parameters.get(key)
        return self.expression(found) if found else ""

    def expression(self, parameter: Parameter) -> str:
        """Return the expression by which the function reads a parameter: its name, or a field of a section."""
        section = collapsed_section(self.function)
        if section and parameter.setting.rpartition(".")[0] == section:
            return f"config.{parameter.setting.rpartition('.')[2]}"
        return self.aliases.get(parameter.name, parameter.name)

    @cached_property
    def aliases(self) -> Mapping[str, str]:
        """Local names of parameters that the body of a stage function would overwrite or hide, by parameter."""
        return self.package.hidden(self.function) if self.function.kind == "stage" else {}


def collapsed_section(function: FunctionPlan) -> str:
    """Return the section that is passed as a whole, since four or more of its settings are used; empty for none."""
    if function.kind == "author":
        return ""
    counts: dict[str, int] = {}
    for parameter in function.parameters:
        section = parameter.setting.rpartition(".")[0]
        if section:
            counts[section] = counts.get(section, 0) + 1
    return min((name for name, count in counts.items() if count >= SECTION_FROM), default="")
