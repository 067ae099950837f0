"""Constants that belong in configuration: what they are, and what a person would call them."""

import ast
import keyword
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

from tools.analysis.knowledge.load import knowledge, snake_case
from tools.analysis.literals import annotation_of, comment_of, literal_of, named_values, path_text, span_of
from tools.analysis.model import DataSource, Hyperparameter, ModelUse, Span, StatementFacts
from tools.analysis.option_variables import (
    SEEDERS,
    grid_variable,
    seed_variables,
    subscripted_variables,
    unpacked_variables,
)
from tools.analysis.qualified import Call
from tools.analysis.setting_names import Section, bounds, constant_section, folder_key, owner, path_key, plural, settled
from tools.notebook.model import Statement

__all__ = ["annotation_of", "find_hyperparameters", "literal_of", "span_of"]

Kind = Literal["hyperparameter", "path", "seed", "threshold", "columns", "count", "grid", "constant"]
_FILES = (".csv", ".parquet", ".xlsx", ".xls", ".json", ".pkl", ".txt", ".tsv", ".npy", ".npz", ".h5", ".pt", ".joblib")
_DATE = re.compile(r"\d{4}-\d{2}(-\d{2})?")
_TRAINING_CALLS = ("backward", "step", "fit", "partial_fit", "train_on_batch", "update")


def find_hyperparameters(
    statements: Sequence[Statement],
    trees: Mapping[str, ast.Module],
    facts: Mapping[str, StatementFacts],
    calls: Mapping[str, Sequence[Call]],
    models: Sequence[ModelUse],
    sources: Sequence[DataSource],
) -> tuple[Hyperparameter, ...]:
    """Return the constants in order of appearance; places with the same meaning and value share a key.

    Args:
        statements: In run order.
        trees: Parsed code by statement id.
        facts: With stages.
        calls: Resolved calls by statement id.
        models: Of the notebook.
        sources: Data that it reads.
    """
    search = _Search(facts, calls, models, trees)
    bound = Counter(name for statement in statements for name in facts[statement.id].defines)
    changed = {name for known in facts.values() for name in (*known.mutates, *known.global_writes)}
    constant = {name for name in bound if bound[name] == 1} - changed
    paths: dict[str, list[DataSource]] = {}
    for source in sources:
        if source.span and source.kind in ("file", "url"):
            paths.setdefault(source.statement, []).append(source)
    for statement in statements:
        node = trees[statement.id].body[0]
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        for source in paths.get(statement.id, ()):
            search.path(statement, source)
        search.assigned(statement, node, constant)
        if not isinstance(node, ast.ClassDef):
            for call in calls[statement.id]:
                search.call(statement, call)
            search.loops(statement, node, calls[statement.id])
            search.listed(statement, node)
            for value, column, bound_name in bounds(node, facts[statement.id]):
                section: Section = "evaluation" if column == "threshold" else "preprocessing"
                key = column if column == "threshold" else f"{snake_case(column)}_{bound_name}"
                search.add(statement, value, section, key, "threshold")
    return settled(search.found, search.owners)


class _Search:
    def __init__(
        self,
        facts: Mapping[str, StatementFacts],
        calls: Mapping[str, Sequence[Call]],
        models: Sequence[ModelUse],
        trees: Mapping[str, ast.Module],
    ) -> None:
        self.facts = facts
        self.models = {m.defined: m.name for m in models}
        self.by_variable = {m.variable: m.name for m in models}
        self.found: list[Hyperparameter] = []
        self.owners: dict[tuple[str, Span], tuple[Section, str]] = {}
        self.taken: set[tuple[str, Span]] = set()
        self.grids = {
            name: self.models.get(identifier, "")
            for identifier, made in calls.items()
            for call in made
            if (name := grid_variable(call))
        }
        self.boosted = {
            a.id: call.name.partition(".")[0]
            for made in calls.values()
            for call in made
            if call.name in ("xgboost.train", "xgboost.cv", "lightgbm.train", "lightgbm.cv")
            for a in call.node.args[:1]
            if isinstance(a, ast.Name)
        }
        self.seeds = knowledge().seeds | {
            name for made in calls.values() for call in made for name in seed_variables(call)
        }
        self.unpacked = unpacked_variables(calls, self.by_variable, self.models)
        self.subscripted = subscripted_variables(trees)
        self.readers: dict[str, StatementFacts] = {}
        for known in facts.values():
            for name in known.own_reads:
                self.readers.setdefault(name, known)

    def add(
        self,
        statement: Statement,
        node: ast.expr,
        section: Section,
        key: str,
        kind: Kind,
        variable: str = "",
        fallback: str = "",
        optional: bool = False,
        home: Section = "",
    ) -> None:
        place = (statement.id, span_of(node))
        value = literal_of(node)
        annotation = annotation_of(value)
        if value is None or annotation is None or place in self.taken:
            return
        self.taken.add(place)
        if fallback:
            self.owners[place] = (home or section or "model", fallback)
        self.found.append(
            Hyperparameter(
                key=".".join(f"{part}_" if keyword.iskeyword(part) else part for part in key.split(".")),
                section=section,
                value=repr(value),
                annotation=annotation + (" | None" if optional else ""),
                kind=kind,
                statement=statement.id,
                span=place[1],
                variable=variable,
                comment=comment_of(statement, node),
            )
        )

    def assigned(self, statement: Statement, node: ast.stmt, constant: set[str]) -> None:
        """`SEED = 42`, `skewed = ["a", "b"]`: a literal under a name that is never bound or changed again."""
        if not (isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)):
            return
        name = node.targets[0].id
        if self.grid(statement, node.value, name) or self.options(statement, node.value, name):
            return
        folder = path_text(node.value)
        if folder is not None and name in constant:
            self.add(statement, folder, "data", folder_key(name, str(literal_of(folder))), "path")
            return
        value = literal_of(node.value)
        if value is None or name not in constant or name.startswith("_") or isinstance(value, (bool, dict)):
            return
        if not value or (isinstance(value, str) and len(value) > 120):
            return
        if name in self.seeds or name.lower() in knowledge().seeds:
            self.add(statement, node.value, "", "seed", "seed", name)
        elif isinstance(value, str) and ("/" in value or value.lower().endswith(_FILES)):
            self.add(statement, node.value, "data", path_key(name), "path", name)
        elif isinstance(value, str):
            if _DATE.fullmatch(value):
                self.add(statement, node.value, self.section(name), snake_case(name), "threshold", name)
            elif name.isupper():
                self.add(statement, node.value, self.section(name), snake_case(name), "constant", name)
        else:
            kind: Kind = (
                "columns" if isinstance(value, list) else "threshold" if "thresh" in name.lower() else "constant"
            )
            if not isinstance(value, list) or name.isupper() or all(isinstance(item, str) for item in value):
                self.add(statement, node.value, self.section(name), snake_case(name), kind, name)

    def section(self, name: str) -> Section:
        return constant_section(name, self.readers.get(name))

    def grid(self, statement: Statement, node: ast.expr, name: str) -> bool:
        """A search grid or a dictionary of parameters: each of its entries is a setting of its own."""
        low = name.lower()
        searched = name in self.grids or "grid" in low or "param_dist" in low
        named = searched or name in self.boosted or low.endswith("params") or low.endswith("parameters")
        parts = node.elts if isinstance(node, ast.List) else [node]
        if not named or not parts or not all(isinstance(part, ast.Dict) for part in parts):
            return False
        prefix = self.grids.get(name, "") or {"xgboost": "xgb", "lightgbm": "lgbm"}.get(self.boosted.get(name, ""), "")
        self.entries(statement, parts, prefix or ("" if searched else snake_case(name)))
        return True

    def options(self, statement: Statement, node: ast.expr, name: str) -> bool:
        """`CONFIG = {...}` read as `CONFIG["lr"]`, `params = dict(...)` passed as `**params`: an entry is a setting."""
        pairs = named_values(node)
        if not pairs or name not in self.unpacked.keys() | self.subscripted:
            return False
        section, prefix = self.unpacked.get(name, ("", ""))
        for key, value in pairs:
            literal = literal_of(value)
            if key in knowledge().seeds:
                self.add(statement, value, "", "seed", "seed", fallback=_joined(prefix, key))
            elif isinstance(literal, str) and ("/" in literal or literal.lower().endswith(_FILES)):
                self.add(statement, value, "data", path_key(key), "path")
            elif not isinstance(literal, (bool, dict)) and key not in knowledge().structural:
                home = section or constant_section(key, self.readers.get(name))
                self.add(statement, value, home, _joined(prefix, snake_case(key)), "hyperparameter")
        return True

    def entries(self, statement: Statement, parts: Sequence[ast.expr], prefix: str) -> None:
        for part in parts:
            for key, value in named_values(part) if isinstance(part, ast.Dict) else ():
                bare = key.rpartition("__")[2]
                if bare in knowledge().seeds:
                    self.add(statement, value, "", "seed", "seed", fallback=_joined(prefix, bare))
                elif isinstance(value, ast.List):
                    self.add(statement, value, "model", _joined(_joined(prefix, "grid"), bare), "grid")
                elif bare not in knowledge().structural and not isinstance(literal_of(value), bool):
                    self.add(statement, value, "model", _joined(prefix, bare), "hyperparameter")

    def call(self, statement: Statement, call: Call) -> None:
        """Keyword and known positional arguments of constructors and functions."""
        name, node = call.name, call.node
        if name.endswith(SEEDERS) and node.args:
            self.add(statement, node.args[0], "", "seed", "seed")
            return
        section, prefix, fallback = owner(call, self.models.get(statement.id, ""), self.by_variable)
        bare = name.rpartition(".")[2]
        signature = knowledge().signatures.get(bare, {})
        optional = signature.get("optional", ())
        for given in node.keywords:
            key = given.arg or ""
            value = literal_of(given.value)
            if key in knowledge().seeds:
                name_of_owner = _joined(prefix or fallback, key)
                home: Section = section or "data"
                self.add(statement, given.value, "", "seed", "seed", fallback=name_of_owner, home=home)
            elif section is None or not key or key in knowledge().structural:
                continue
            elif isinstance(value, dict) or key in ("param_grid", "param_distributions"):
                self.entries(statement, [given.value], prefix or fallback)
            elif not isinstance(value, bool) or key in knowledge().switches:
                self.add(
                    statement,
                    given.value,
                    section,
                    _joined(prefix, key),
                    "hyperparameter",
                    "",
                    fallback,
                    key in optional,
                )
        if section is None:
            return
        for argument, key in zip(node.args, signature.get("first", ()), strict=False):
            if key in knowledge().structural or isinstance(literal_of(argument), bool):
                continue
            self.add(
                statement, argument, section, _joined(prefix, key), "hyperparameter", "", fallback, key in optional
            )
        if "Search" in bare and len(node.args) > 1:
            parts = node.args[1].elts if isinstance(node.args[1], ast.List) else [node.args[1]]
            self.entries(statement, parts, prefix or fallback)

    def loops(self, statement: Statement, node: ast.stmt, calls: Sequence[Call]) -> None:
        """`for epoch in range(30)`: how often a training loop runs."""
        if not any(call.looped and call.name.rpartition(".")[2] in _TRAINING_CALLS for call in calls) and (
            self.facts[statement.id].stage != "training"
        ):
            return
        for part in ast.walk(node):
            counted = isinstance(part, ast.For) and isinstance(part.iter, ast.Call)
            if not counted or not isinstance(part, ast.For) or not isinstance(part.iter, ast.Call):
                continue
            if isinstance(part.iter.func, ast.Name) and part.iter.func.id in ("range", "trange"):
                name = part.target.id if isinstance(part.target, ast.Name) else "epoch"
                key = "epochs" if "ep" in name.lower() or len(name) == 1 else f"{snake_case(name)}_count"
                if len(part.iter.args) == 1:
                    self.add(statement, part.iter.args[0], "training", key, "count")

    def listed(self, statement: Statement, node: ast.stmt) -> None:
        """`for lag in [1, 7, 14]`: the numbers that a loop goes through, where it computes something that is kept."""
        facts = self.facts[statement.id]
        if (
            not isinstance(node, ast.For)
            or not isinstance(node.target, ast.Name)
            or not isinstance(node.iter, ast.List)
        ):
            return
        values = literal_of(node.iter)
        numbers = isinstance(values, list) and len(values) > 1 and all(type(v) in (int, float) for v in values)
        if numbers and not {"visualize", "explore"} & set(facts.roles) and len(node.target.id) > 1:
            section: Section = "preprocessing" if facts.stage == "data" else facts.stage
            self.add(statement, node.iter, section, plural(snake_case(node.target.id)), "constant")

    def path(self, statement: Statement, source: DataSource) -> None:
        place = (statement.id, source.span)
        if source.span is None or place in self.taken:
            return
        self.taken.add((statement.id, source.span))
        self.owners[statement.id, source.span] = (
            "data",
            f"{snake_case(source.variable)}_path" if source.variable else "",
        )
        self.found.append(
            Hyperparameter(
                key="path",
                section="data",
                value=repr(source.path),
                annotation="str",
                kind="path",
                statement=statement.id,
                span=source.span,
            )
        )


def _joined(prefix: str, key: str) -> str:
    return f"{prefix}.{key}" if prefix else key
