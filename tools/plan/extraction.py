"""Facts and constraints in, extraction plan out."""

import ast
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.analysis.model import Metric, NotebookFacts
from tools.numbering import numbered
from tools.plan.capture import metric_key, value_key
from tools.plan.criteria import Criteria, find_criteria, metric_names
from tools.plan.edits import dropped_models, renamed, with_purposes, with_renamed_keys
from tools.plan.evaluation import plan_evaluation
from tools.plan.hoist import Hoisted, find_hoisted
from tools.plan.keep import decisions, kept_statements
from tools.plan.liveness import Flow, find_flows
from tools.plan.meanings import meaning
from tools.plan.model import Change, Constraint, Decision, ExtractionPlan, FunctionPlan, Parameter, Returned, Setting
from tools.plan.modules import MODULES, author_modules
from tools.plan.naming import (
    RESERVED,
    built_name,
    data_heading_name,
    default_name,
    name_by_heading,
    purpose_of,
    safe_name,
    unique_name,
)
from tools.plan.places import placed, places_of
from tools.plan.reordering import containers_near
from tools.plan.seeding import leading_seeds
from tools.plan.segments import Segment, cut_segments
from tools.plan.settings import added_settings, data_files, find_settings
from tools.plan.values import Values, annotation_of, described, imports_of
from tools.repair.tell import changes as repair_changes
from tools.trace.model import ValueFacts


def plan_extraction(facts: NotebookFacts, constraints: Sequence[Constraint] = ()) -> ExtractionPlan:
    """Plan which statements are kept and which function each becomes.

    Args:
        facts: Of the notebook.
        constraints: What checks have taught, and what a person asked for.

    Raises:
        UserError: If there is nothing to extract.
    """
    criteria = find_criteria(facts, dropped_models(constraints))
    kept = kept_statements(facts, criteria, constraints)
    order = [i for i in facts.order if i in kept]
    settings = with_renamed_keys(find_settings(facts, kept), constraints)
    constants = frozenset(s.variable for s in settings if s.variable)
    hoisted = find_hoisted(facts, order, constants, constraints)
    seeding = leading_seeds(facts, order, settings)
    body = [i for i in order if i not in seeding and _in_a_function(facts, i, hoisted, settings)]
    segments = cut_segments(facts, body, hoisted, criteria, constraints, containers_near(facts, body, constraints))
    flows = find_flows(facts, segments, hoisted, constants, _wanted(criteria, segments))
    made = _Functions(facts, criteria, settings, constants, hoisted, renamed(constraints, "rename-function"))
    functions = with_purposes(made.build(segments, flows), constraints)
    drawing = frozenset(i for i, found in facts.statements.items() if found.draws or found.opaque)
    evaluation = plan_evaluation(functions, criteria.models, constraints, drawing)
    added, changes = added_settings(settings)
    return ExtractionPlan(
        project=project_name(facts),
        summary=_summary(facts),
        order=tuple(order),
        decisions=decisions(facts, criteria, kept, constraints),
        functions=functions,
        settings=(*(s for s in added if s.key == "seed"), *settings, *(s for s in added if s.key != "seed")),
        saved=evaluation.saved,
        evaluation=evaluation.functions,
        data_files=data_files(facts, kept),
        local_modules=tuple((f"src/{Path(m).name}", m) for m in facts.trace.local_modules),
        constraints=tuple(constraints),
        changes=(*repair_changes(facts.notebook.repairs), *changes, *_path_changes(facts, kept)),
        seeded=tuple(sorted({generator for generators in seeding.values() for generator in generators})),
        questions=tuple(f"{w.statement}: {w.message}." for w in facts.warnings if w.code in ("leakage", "unseeded")),
    )


def plan_of_nothing(facts: NotebookFacts) -> ExtractionPlan:
    """Return the plan of a notebook in which there is nothing to extract: every statement is dropped."""
    reason = "no model, metric or saved file in the notebook"
    dropped = tuple(Decision(statement=s.id, kept=False, reason=reason) for s in facts.notebook.statements())
    return ExtractionPlan(project=project_name(facts), summary=_summary(facts), decisions=dropped)


def project_name(facts: NotebookFacts) -> str:
    """Return the name of the project in kebab case: from the title, else from the file's name."""
    words = re.findall(r"[a-z0-9]+", facts.notebook.title.lower())
    if not words or len(words) > 6:
        stem = Path(facts.notebook.path).stem
        stem = Path(facts.notebook.path).parent.name if stem in ("experiment", "notebook", "untitled") else stem
        words = re.findall(r"[a-z0-9]+", stem.lower())
    name = "-".join(words)[:50].strip("-")
    return name if name and name[0].isalpha() else f"project-{name}".strip("-")


def _summary(facts: NotebookFacts) -> str:
    text = " ".join(facts.notebook.description.split())
    first = re.split(r"(?<=[.!?])\s", text)[0] if text else facts.notebook.title
    first = re.sub(r"[*_`#<>\[\]]+", "", first).strip()
    return (first if len(first) <= 200 else first[:197] + "...") or facts.notebook.title


def _in_a_function(facts: NotebookFacts, identifier: str, hoisted: Hoisted, settings: Sequence[Setting]) -> bool:
    found = facts.statements[identifier]
    if found.kind == "import" or identifier in hoisted.statements.values():
        return False
    return not any(s.variable and s.variable in found.defines and identifier in dict(s.places) for s in settings)


def _wanted(criteria: Criteria, segments: Sequence[Segment]) -> dict[int, list[str]]:
    """Return the variables that must come out of a segment although no later one reads them: models and metrics."""
    wanted: dict[int, list[str]] = {}
    for number, segment in enumerate(segments):
        for model in criteria.models:
            if model.variable and model.trained and model.trained[-1] in segment.statements:
                wanted.setdefault(number, []).append(model.variable)
        for artefact in criteria.artefacts:
            if artefact.variable and artefact.kind == "other":
                wanted.setdefault(number, []).append(artefact.variable)
    return wanted


def _with_own_name(returned: Returned, taken: set[str]) -> Returned:
    """Number the name of a result that another result of the function has."""
    return returned.model_copy(update={"name": numbered(returned.name, taken.__contains__)})


def _path_changes(facts: NotebookFacts, kept: frozenset[str]) -> tuple[Change, ...]:
    return tuple(
        Change(kind="path", message=f"The absolute path {s.path!r} becomes a setting.", statement=s.statement)
        for s in facts.data_sources
        if s.kind == "file" and s.statement in kept and s.path.startswith(("/", "~"))
    )


class _Functions:
    """Builds the function plans."""

    def __init__(
        self,
        facts: NotebookFacts,
        criteria: Criteria,
        settings: Sequence[Setting],
        constants: frozenset[str],
        hoisted: Hoisted,
        names: Mapping[str, str],
    ) -> None:
        self.facts = facts
        self.criteria = criteria
        self.settings = settings
        self.constants = constants
        self.hoisted = hoisted
        self.names = names
        self.values = Values(facts)
        classes = {n for f in facts.statements.values() if f.kind == "class" for n in f.defines}
        self.nested = classes - hoisted.statements.keys()
        self.metric_names = metric_names(criteria.metrics)
        self.by_variable = {s.variable: s for s in settings if s.variable}
        self.settings_at = places_of((i, n) for n, s in enumerate(settings) for i, _ in s.places)
        self.settings_of = places_of((s.variable, n) for n, s in enumerate(settings) if s.variable)
        self.metrics_at = places_of((m.statement, n) for n, m in enumerate(criteria.metrics))
        self.codes = {s.id: s.code for s in facts.notebook.statements()}
        self.taken = {n for f in facts.statements.values() for n in f.defines} | {f.name for f in facts.imports}
        self.imported = frozenset(f.name for f in facts.imports) | frozenset(hoisted.statements)
        self.taken |= RESERVED
        self.modules: dict[str, str] = {}

    def build(self, segments: Sequence[Segment], flows: Sequence[Flow]) -> tuple[FunctionPlan, ...]:
        stages = {i: segment.stage for segment in segments for i in segment.statements}
        self.modules = author_modules(self.facts, self.hoisted.statements, stages)
        authors = [self.author(name, identifier) for name, identifier in self.hoisted.statements.items()]
        functions = [self.stage(s, f) for s, f in zip(segments, flows, strict=True)]
        return (*authors, *functions)

    def author(self, name: str, identifier: str) -> FunctionPlan:
        found = self.facts.statements[identifier]
        parameters = [self.parameter(v, identifier) for v in self.hoisted.globals.get(name, ())]
        direct = {s.key: s for s in self.settings if identifier in dict(s.places) and not s.variable}
        for setting in direct.values():
            parameters.append(self.setting(setting, {p.name for p in parameters} | self.names_in(identifier)))
        own = unique_name(f"{name}_model", self.taken) if name in RESERVED else name
        own = self.names.get(own, own)
        return FunctionPlan(
            name=own,
            variable=name if own != name else "",
            module=self.modules[name],
            stage=found.stage,
            kind="author",
            statements=(identifier,),
            parameters=tuple(parameters),
        )

    def names_in(self, identifier: str) -> set[str]:
        """Return every name that a statement's code mentions."""
        nodes = list(ast.walk(ast.parse(self.codes[identifier])))
        return {n.id for n in nodes if isinstance(n, ast.Name)} | {n.arg for n in nodes if isinstance(n, ast.arg)}

    def stage(self, segment: Segment, flow: Flow) -> FunctionPlan:
        model = segment.models[0] if len(segment.models) == 1 else ""
        wanted = data_heading_name(segment.heading) if segment.stage == "data" else ""
        wanted = wanted or default_name(segment.roles, segment.stage, model)
        if not segment.models and (
            segment.stage == "model" or (segment.stage == "training" and wanted == "prepare_data")
        ):
            wanted = built_name(flow.live_out) or wanted
        if wanted in self.taken and segment.stage == "data":
            wanted = default_name(segment.roles, segment.stage, model)
        if wanted in self.taken:
            wanted = name_by_heading(wanted, segment.heading) or wanted
        name = unique_name(wanted, self.taken)
        if self.names.get(name, name) != name:
            name = unique_name(self.names[name], self.taken)
        parameters = [self.parameter(variable, segment.start) for variable in flow.live_in]
        local = {n for i in segment.statements for n in self.facts.statements[i].defines} | self.imported
        for setting in self.used(segment):
            parameters.append(self.setting(setting, {p.name for p in parameters} | local))
        metrics = self.metrics(segment)
        held = {m.variable for m in metrics if m.variable}
        returns = [self.returned(name, v, segment) for v in flow.live_out if v not in held]
        for metric in metrics:
            returns.append(_with_own_name(self.metric(name, metric, segment), {r.name for r in returns}))
        return FunctionPlan(
            name=name,
            module=MODULES[segment.stage],
            stage=segment.stage,
            kind="stage",
            statements=segment.statements,
            parameters=tuple(parameters),
            returns=tuple(returns),
            purpose=purpose_of(re.sub(r"_\d+$", "", name), segment.heading, model),
            raises=self.raises(segment),
        )

    def typed(self, value: ValueFacts | None) -> ValueFacts | None:
        """Return what is known of a value, without its type where that is a class which no module has."""
        if value is None or not self.nested & set(re.findall(r"\w+", value.annotation)):
            return value
        return value.model_copy(update={"annotation": "Any", "imports": ("from typing import Any",)})

    def used(self, segment: Segment) -> list[Setting]:
        """Return the settings that a segment uses: in its own text, by variable, or through an author's function."""
        found: dict[str, Setting] = {}
        calls = self.called(segment)
        within = {self.hoisted.statements[c] for c in calls}
        places = {n for i in segment.statements for n in self.settings_at.get(i, ())}
        places |= {n for i in within for n in self.settings_at.get(i, ()) if not self.settings[n].variable}
        names = {v for c in calls for v in self.hoisted.globals.get(c, ())}
        for known in map(self.facts.statements.get, segment.statements):
            names |= {*known.own_reads, *known.reads, *known.body_reads} if known else set()
        places |= {n for name in names for n in self.settings_of.get(name, ())}
        for number in sorted(places):
            found.setdefault(self.settings[number].key, self.settings[number])
        return list(found.values())

    def called(self, segment: Segment) -> set[str]:
        """Return the hoisted definitions that a segment refers to, directly or through another."""
        todo = [
            name
            for i in segment.statements
            for name in (
                *self.facts.statements[i].own_reads,
                *self.facts.statements[i].reads,
                *self.facts.statements[i].body_reads,
            )
        ]
        found: set[str] = set()
        while todo:
            name = todo.pop()
            if name in self.hoisted.statements and name not in found:
                found.add(name)
                todo += self.facts.statements[self.hoisted.statements[name]].body_reads
        return found

    def parameter(self, variable: str, statement: str) -> Parameter:
        setting = self.by_variable.get(variable)
        if setting:
            return self.setting(setting, set())
        value = self.typed(self.values.before(variable, statement) or self.values.at(variable, statement))
        return Parameter(
            name=safe_name(variable, self.imported),
            annotation=annotation_of(value),
            imports=imports_of(value),
            variable=variable,
            description=described(value, variable),
        )

    def setting(self, setting: Setting, taken: set[str]) -> Parameter:
        name = setting.variable.lower() if setting.variable else setting.key.rpartition(".")[2]
        if safe_name(name, self.imported) in taken:
            name = setting.key.replace(".", "_")
        return Parameter(
            name=safe_name(name, self.imported),
            annotation=setting.annotation,
            setting=setting.key,
            description=f"{meaning(setting)}.",
        )

    def returned(self, function: str, variable: str, segment: Segment) -> Returned:
        last = segment.statements[-1]
        value = self.typed(self.values.at(variable, last))
        return Returned(
            name=safe_name(variable, self.imported),
            variable=variable,
            statement=last,
            annotation=annotation_of(value),
            imports=imports_of(value),
            description=described(value, variable),
            capture=value_key(function, variable),
        )

    def metrics(self, segment: Segment) -> list[Metric]:
        """Return the metrics of a segment; of several that one variable holds, the last."""
        found: dict[str, Metric] = {}
        for metric in placed(self.criteria.metrics, self.metrics_at, segment.statements):
            if metric.kind != "text":
                key = metric.variable or f"{metric.statement}{metric.span}"
                found.pop(key, None)
                found[key] = metric
        return list(found.values())

    def metric(self, function: str, metric: Metric, segment: Segment) -> Returned:
        key = metric_key(metric.statement, metric.span) if metric.span else value_key(function, metric.variable)
        last = segment.statements[-1]
        value = self.values.at(metric.variable, last) if metric.variable else None
        number = metric.kind == "number" if value is None else value.number is not None
        own = metric.function.startswith("__main__.") or metric.kind == "text"
        listed = ("list[Any]" if own else "list[float]") if metric.looped else "Any"
        name = metric.name if number or not metric.variable else metric.variable
        return Returned(
            name=safe_name(name, self.imported),
            variable=metric.variable or metric.name,
            statement=last if metric.variable else metric.statement,
            annotation="float" if number else value.annotation if value else listed,
            imports=value.imports if value and not number else (),
            metric=self.metric_names[metric.statement, metric.span, metric.variable],
            description=f"{metric.name.replace('_', ' ')}.",
            capture=key,
        )

    def raises(self, segment: Segment) -> tuple[tuple[str, str], ...]:
        reads = [
            s for s in self.facts.data_sources if s.statement in segment.statements and s.kind == "file" and s.span
        ]
        return (("FileNotFoundError", "If a data file is missing."),) if reads else ()
