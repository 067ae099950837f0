"""Names of functions, by rule: the heading if it is verb and noun, else what the function does."""

import builtins
import keyword
import re
from collections.abc import Sequence

from tools.analysis.knowledge.load import title_of
from tools.analysis.model import Role, Stage
from tools.numbering import numbered

_VERBS = {
    *(
        "load",
        "read",
        "import",
        "get",
        "fetch",
        "clean",
        "prepare",
        "preprocess",
        "process",
        "transform",
        "encode",
        "scale",
    ),
    *("normalize", "normalise", "standardize", "impute", "fill", "drop", "remove", "filter", "select", "split", "add"),
    *(
        "create",
        "build",
        "make",
        "define",
        "extract",
        "engineer",
        "train",
        "fit",
        "tune",
        "optimize",
        "evaluate",
        "test",
    ),
    *(
        "predict",
        "score",
        "compare",
        "merge",
        "join",
        "combine",
        "balance",
        "resample",
        "convert",
        "compute",
        "calculate",
    ),
    *(
        "cluster",
        "reduce",
        "generate",
        "sample",
        "tokenize",
        "vectorize",
        "save",
        "export",
        "validate",
        "check",
        "handle",
    ),
}
_OF_DATA = {
    *("load", "read", "import", "clean", "prepare", "preprocess", "process", "transform", "encode", "scale"),
    *("normalize", "normalise", "standardize", "split", "balance", "resample", "merge", "filter", "tokenize"),
}
_OF_MODELS = {"train", "fit", "tune", "optimize", "evaluate", "test", "predict", "score", "compare"}
_OF_CODE = {"library", "libraries", "libs", "package", "packages", "module", "modules", "dependencies", "requirements"}
_EMPTY = {"data", "dataset", "model", "models", "evaluation", "training", "results", "result", "metrics", "conclusion"}
_ASKING = {
    "who",
    "what",
    "which",
    "why",
    "how",
    "is",
    "are",
    "do",
    "does",
    "can",
    "where",
    "when",
    "not",
    "let",
    "lets",
}
_NOUNLESS = {"a", "an", "the", "our", "my", "some", "and", "of", "for", "to", "with", "on", "in", "by", "it", "them"}
_DEFAULT: dict[Role, str] = {
    "load_data": "load_data",
    "validate_data": "check_data",
    "preprocess": "clean_data",
    "feature_engineering": "add_features",
    "split": "split_data",
    "define_model": "build_model",
    "train": "train_model",
    "tune": "tune_model",
    "evaluate": "evaluate_model",
    "export": "export_results",
    "setup": "set_up",
    "visualize": "prepare_data",
    "explore": "prepare_data",
    "other": "prepare_data",
    "import": "prepare_data",
}
_PURPOSE = {
    "load_data": "Read the data.",
    "check_data": "Check the data.",
    "clean_data": "Clean the data.",
    "add_features": "Add features to the data.",
    "split_data": "Split the data into parts to train and to test on.",
    "prepare_data": "Prepare the data.",
    "set_up": "Set the experiment up.",
    "export_results": "Write the results.",
}


RESERVED = frozenset(
    {"train", "evaluate", "main", "track", "log", "config", "metrics", "examples", "set_seed", "load_config", "Config"}
)
"""Names that the generated modules use themselves."""


def heading_name(heading: str) -> str:
    """Return a function name for a heading that begins with a verb; else an empty string.

    Verb and noun of two to four words are taken as they are; a verb alone that is done to data gets `data` for a noun.
    """
    words = _words_of(heading)
    if not 1 <= len(words) <= 4:
        return ""
    words = [
        _infinitive(w) if w.endswith("ing") and len(w) > 5 and (not n or len(words) == 2) else w
        for n, w in enumerate(words)
    ]
    if len(words) == 1:
        return f"{words[0]}_data" if words[0] in _OF_DATA else ""
    if len(words) == 2 and set(words) <= _OF_DATA | {"impute", "fill", "engineer", "select"}:
        return f"{words[0]}_and_{words[1]}"
    return "_".join(words) if words[0] in _VERBS and not _OF_CODE & set(words) else ""


def _words_of(heading: str) -> list[str]:
    """Return the telling words of a heading, without its number; none where it is not in plain letters."""
    text = re.sub(r"^[\d.\s)(\-:#*]+", "", heading)
    return [w for w in re.findall(r"[A-Za-z]+", text.lower()) if w not in _NOUNLESS] if text.isascii() else []


def data_heading_name(heading: str) -> str:
    """Return a function name for a heading over what is done to data; empty where it tells of models."""
    name = heading_name(heading)
    return "" if name.partition("_")[0] in _OF_MODELS else name


def name_by_heading(wanted: str, heading: str) -> str:
    """Return what tells a function from another whose name it would get: its verb and the heading's few words.

    Args:
        wanted: The name that is taken: `clean_data`.
        heading: `Missing values`.

    Returns:
        `clean_missing_values`; empty where the heading says nothing more.
    """
    told = heading_name(heading)
    if told:
        return told if told != wanted else ""
    words = _words_of(heading)
    verb = wanted.partition("_")[0]
    if not 1 <= len(words) <= 3 or set(words) & (_OF_CODE | _VERBS | _EMPTY | _ASKING | {verb}):
        return ""
    return f"{verb}_{'_'.join(words)}"


def built_name(variables: Sequence[str]) -> str:
    """Return `build_` and what is built: the variable, or the last words that several have in common; else empty."""
    split = [v.lower().strip("_").split("_") for v in variables if v.isascii()]
    if not split or len(split) != len(variables):
        return ""
    common = split[0]
    for words in split[1:]:
        while common and words[-len(common) :] != common:
            common = common[1:]
    name = "_".join(common)
    return f"build_{name}" if len(name) > 2 else ""


def _infinitive(word: str) -> str:
    stem = word[:-3]
    for candidate in (stem, stem + "e", stem[:-1] if stem[-1:] == stem[-2:-1] else stem):
        if candidate in _VERBS:
            return candidate
    return word


def default_name(roles: Sequence[Role], stage: Stage, model: str) -> str:
    """Return a function name from what the function does and for which model."""
    first = next((r for r in _priority(stage) if r in roles), roles[0] if roles else "other")
    name = _DEFAULT[first]
    if model and name in ("build_model", "train_model", "tune_model", "evaluate_model"):
        return name.replace("model", model)
    return name


def purpose_of(name: str, heading: str, model: str) -> str:
    """Return the first line of a docstring: what the function does."""
    if name in _PURPOSE:
        return _PURPOSE[name]
    if "_and_" in name and set(name.split("_and_")) <= _VERBS:
        return f"{' and '.join(name.split('_and_')).capitalize()} the data."
    verb, _, rest = name.partition("_")
    rest, model = re.sub(r"_\d+$", "", rest), re.sub(r"_\d+$", "", model)
    words = rest.replace("_", " ")
    if verb in ("build", "train", "tune", "evaluate") and (rest == model or rest == "model"):
        return f"{verb.capitalize()} the {title_of(model) if rest == model and model else 'model'}."
    return f"{verb.capitalize()} {_article(words)}{words}." if words else f"{verb.capitalize()}."


def safe_name(variable: str, imported: frozenset[str]) -> str:
    """Return the name of a variable in the package: its own, unless it would hide a builtin or an import."""
    if hasattr(builtins, variable) or variable in imported or variable in RESERVED:
        return f"{variable}_value"
    return variable


def unique_name(wanted: str, taken: set[str]) -> str:
    """Return a valid identifier that is taken by nothing, and take it."""
    base = re.sub(r"\W", "_", wanted) or "step"
    if base[0].isdigit():
        base = f"step_{base}"
    name = numbered(base, lambda n: n in taken or keyword.iskeyword(n) or hasattr(builtins, n))
    taken.add(name)
    return name


def _priority(stage: Stage) -> tuple[Role, ...]:
    orders: dict[Stage, tuple[Role, ...]] = {
        "data": ("load_data", "split", "feature_engineering", "preprocess", "validate_data"),
        "model": ("define_model",),
        "training": ("train", "tune"),
        "evaluation": ("evaluate", "export"),
    }
    return orders[stage]


def _article(words: str) -> str:
    return "" if words.startswith(("the ", "a ")) or words.endswith("s") else "the "
