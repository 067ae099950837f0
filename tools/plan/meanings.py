"""What a setting means, in a clause for docstrings: by the name of the parameter, else by where it comes from."""

import re

from tools.analysis.knowledge.load import knowledge, snake_case, title_of
from tools.plan.model import Setting
from tools.plan.settings import literal

_FILES = {
    "csv": "CSV file",
    "tsv": "TSV file",
    "txt": "Text file",
    "parquet": "Parquet file",
    "xlsx": "Excel file",
    "xls": "Excel file",
    "json": "JSON file",
    "jsonl": "JSON Lines file",
    "npy": "NumPy file",
    "npz": "NumPy file",
    "pkl": "Pickle file",
    "h5": "HDF5 file",
    "db": "SQLite file",
    "zip": "Zip archive",
}
_COLUMNS = (
    (("drop", "remove", "exclude"), "Columns to drop"),
    (("cat", "categorical", "nominal"), "Categorical columns"),
    (("num", "numeric", "numerical", "continuous"), "Numeric columns"),
    (("text",), "Columns of text"),
    (("feature", "features", "predictors"), "Columns of the features"),
    (("skewed",), "Skewed columns"),
    (("target", "targets", "label"), "Columns of the target"),
    (("cols", "columns", "col"), "Columns"),
)
_SECTIONS = {
    "data": "Where the data is, and how it is selected and split.",
    "preprocessing": "How the data is prepared.",
    "model": "Hyperparameters of the models.",
    "training": "How training goes, and where its results are written.",
    "evaluation": "How models are judged, and where their metrics are written.",
}
_PARTS = {
    "train": "training",
    "tr": "training",
    "test": "test",
    "te": "test",
    "val": "validation",
    "valid": "validation",
}
_VARIABLES = (
    (r"(?:x_?(?P<a>train|test|val|valid|tr|te)|(?P<b>train|test|val|valid)_(?:x|features))(?:_.*)?", "Features"),
    (
        r"(?:y_?(?P<a>train|test|val|valid|tr|te)|(?P<b>train|test|val|valid)_(?:y|labels|targets?|labels?))(?:_.*)?",
        "Target",
    ),
    (r"(?:x|features)", "Features"),
    (r"(?:y|targets?|labels?)", "Target"),
    (r"(?:y_?(?:pred|hat)|preds?|predictions?|predicted)(?:_.*)?", "Predictions"),
    (r"(?:y_?)?prob(?:a|as|s|abilities)?(?:_.*)?", "Predicted probabilities"),
)


def variable_meaning(variable: str) -> str:
    """Return what a table, column or array is, by the name that everyone gives it; empty where it has none of these.

    Args:
        variable: Of the notebook: `X_train`, `y_test_scaled`, `proba`.
    """
    for pattern, text in _VARIABLES:
        found = re.fullmatch(pattern, snake_case(variable))
        if found:
            groups = found.groupdict()
            part = _PARTS.get(groups.get("a") or groups.get("b") or "", "")
            return f"{text} of the {part} rows" if part else text
    return ""


def meaning(setting: Setting) -> str:
    """Return what a setting means, one clause without a full stop."""
    parts = setting.key.split(".")
    last = re.sub(r"_\d+$", "", parts[-1])
    if "grid" in parts[:-1]:
        return f"Values of `{parts[-1]}` to try"
    value = literal(setting)
    return _of_path(value) or _of_columns(setting, last, value) or _known(setting, last) or _otherwise(setting, parts)


def argument_meaning(name: str) -> str:
    """Return what a parameter of the author's own function is, where its name tells; else an empty string."""
    known = knowledge()
    if name in known.arguments:
        return known.arguments[name]
    return variable_meaning(name) or ("" if name in known.ambiguous else known.meanings.get(name, ""))


def section_meaning(section: str) -> str:
    """Return what a section of settings holds, one sentence."""
    if not section:
        return "All settings."
    if section in _SECTIONS:
        return _SECTIONS[section]
    parts = section.split(".")
    if parts[-1] == "grid":
        return f"Values to try in the search for the {title_of(parts[-2])}."
    words = title_of(parts[-1])
    return f"Hyperparameters of the {words}." if parts[0] == "model" else f"Settings of the {words}."


def _of_path(value: object) -> str:
    if not isinstance(value, str) or "${" in value or " " in value.strip():
        return ""
    kind = _FILES.get(value.rpartition(".")[2].lower(), "") if "." in value else ""
    return f"{kind}, at an address" if kind and "://" in value else kind


def _of_columns(setting: Setting, last: str, value: object) -> str:
    if last in ("target", "target_col", "target_column", "label_col", "target_name") and isinstance(value, str):
        return "Column of the target"
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        return ""
    words = last.lower().split("_")
    return next((text for known, text in _COLUMNS if any(word in known for word in words)), "")


def _known(setting: Setting, last: str) -> str:
    if setting.variable and last in knowledge().ambiguous:
        return ""
    text = knowledge().meanings.get(last) or knowledge().meanings.get(last.lower(), "")
    if text.startswith("Share of the rows") and setting.annotation.startswith("int"):
        return text.replace("Share of the rows", "Number of rows", 1)
    if not text and not setting.variable and last.endswith(("_min", "_max")):
        return f"{'Smallest' if last.endswith('_min') else 'Largest'} `{last[:-4]}`"
    return text


def _otherwise(setting: Setting, parts: list[str]) -> str:
    said = setting.comment.partition(": ")[2] if re.match(r"c\d+: ", setting.comment) else ""
    if setting.variable:
        return f"`{setting.variable}` of the notebook" + (f": {said.rstrip('.')}" if said else "")
    owner = title_of(parts[-2]) if len(parts) > 2 else ""
    return f"Argument `{parts[-1]}`" + (f" of the {owner}" if owner else "") + (f": {said.rstrip('.')}" if said else "")
