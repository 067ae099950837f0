"""The schema from which generated tests make up rows where the data is not there."""

import ast
import json
from pathlib import PurePosixPath

from tools.analysis.model import DataSource, NotebookFacts
from tools.plan.model import ExtractionPlan
from tools.render.settings import data_keys, literal

Column = dict[str, float | str | list[float | str | bool]]
Schemas = dict[str, dict[str, Column]]


def schemas(plan: ExtractionPlan, facts: NotebookFacts) -> Schemas:
    """Return the recorded schema of each data file; nothing unless every file is one that can be made up.

    A file can be made up where the run showed the type and range of each of its columns, and where it is read as plain
    comma-separated values.
    """
    keys = set(data_keys(plan))
    found: Schemas = {}
    for setting in plan.settings:
        if setting.key not in keys:
            continue
        path = str(literal(setting))
        sources = [source for source in facts.data_sources if _same_file(source.path, path, plan)]
        schema = _schema(sources[0], facts) if len(sources) == 1 else {}
        if not schema:
            return {}
        found[path] = schema
    return found


def schema_json(found: Schemas) -> str:
    """Return the text of tests/schema.json."""
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def _same_file(written: str, configured: str, plan: ExtractionPlan) -> bool:
    origin = dict(plan.data_files).get(configured, configured)
    return PurePosixPath(written) in (PurePosixPath(configured), PurePosixPath(origin))


def _schema(source: DataSource, facts: NotebookFacts) -> dict[str, Column]:
    statement = next((s for s in facts.notebook.statements() if s.id == source.statement), None)
    traced = facts.trace.statements.get(source.statement)
    value = traced.bound.get(source.variable) if traced else None
    plain = source.reader == "pandas.read_csv" and source.path.endswith(".csv") and statement is not None
    if value is None or not plain or statement is None or not _reads_plainly(statement.code):
        return {}
    rows = value.shape[0] if value.shape else 0
    if not rows or list(value.schema_) != [name for name, _ in value.columns]:
        return {}
    columns = {name: _column(figures, rows) for name, figures in value.schema_.items()}
    return {} if None in columns.values() else {name: column for name, column in columns.items() if column}


def _reads_plainly(code: str) -> bool:
    """Say whether the file is read with no option and nothing is done to it in the same statement."""
    body = ast.parse(code).body[0]
    call = body.value if isinstance(body, ast.Assign | ast.AnnAssign) else None
    return isinstance(call, ast.Call) and not call.keywords and len(call.args) == 1


def _column(figures: dict[str, str | float | int | list[str] | None], rows: int) -> Column | None:
    dtype, low, high, values = (figures.get(key) for key in ("dtype", "min", "max", "values"))
    missing = figures.get("missing") or 0
    if not isinstance(dtype, str) or not isinstance(missing, int | float):
        return None
    column: Column = {"dtype": dtype, "missing": round(missing / rows, 4)}
    if isinstance(values, list) and values:
        return column | {"values": [_parsed(value, dtype) for value in values]}
    if isinstance(low, int | float) and isinstance(high, int | float) and dtype.startswith(("int", "uint", "float")):
        return column | {"min": low, "max": high}
    return None


def _parsed(value: str, dtype: str) -> float | str | bool:
    try:
        parsed = ast.literal_eval(value)
    except (ValueError, SyntaxError):
        return value
    numeric = dtype.startswith(("int", "uint", "float", "bool"))
    return parsed if (isinstance(parsed, int | float) if numeric else isinstance(parsed, str)) else value
