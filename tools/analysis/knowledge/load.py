"""The knowledge base of library APIs: data in YAML files beside this one, by library."""

import fnmatch
import re
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

import yaml

from tools.analysis.model import Role
from tools.frozen import Frozen


class Knowledge(Frozen):
    """Everything that the files say.

    Attributes:
        roles: By pattern of a qualified name, most exact first.
        methods: By method name, for receivers whose class is not known to a pattern.
        metrics: (name, higher is better) by qualified name.
        texts: Qualified names of reports that are text or tables.
        transformers: Patterns of classes that are fitted but are no model.
        structural: Keyword arguments that are no settings.
        switches: Keyword arguments that are true or false and still settings.
        seeds: Keyword arguments and variables that hold a seed.
        signatures: By class: `first` parameters in order, `optional` ones that may be None.
        meanings: What a parameter means, by name: a clause.
        arguments: What a parameter of an own function is, by name: a clause.
        ambiguous: Names that have their meaning only as arguments of a library.
        titles: What a model is called in a sentence, by its name, where its words are not enough.
        words: Words of function names that tell a role, most telling role first.
        verbs: Roles by the first word of a function's name that leaves no doubt.
    """

    roles: tuple[tuple[str, tuple[Role, ...]], ...]
    methods: dict[str, tuple[Role, ...]]
    metrics: dict[str, tuple[str, bool]]
    texts: frozenset[str]
    transformers: tuple[str, ...]
    words: dict[Role, frozenset[str]]
    verbs: dict[str, Role]
    structural: frozenset[str]
    switches: frozenset[str]
    seeds: frozenset[str]
    signatures: dict[str, dict[str, tuple[str, ...]]]
    meanings: dict[str, str]
    titles: dict[str, str]
    arguments: dict[str, str]
    ambiguous: frozenset[str]


@cache
def knowledge() -> Knowledge:
    """Read all files."""
    roles: dict[str, tuple[Role, ...]] = {}
    methods: dict[str, tuple[Role, ...]] = {}
    metrics: dict[str, tuple[str, bool]] = {}
    texts: set[str] = set()
    transformers: list[str] = []
    words: dict[Role, frozenset[str]] = {}
    verbs: dict[str, Role] = {}
    structural: set[str] = set()
    switches: set[str] = set()
    seeds: set[str] = set()
    signatures: dict[str, dict[str, tuple[str, ...]]] = {}
    meanings: dict[str, str] = {}
    titles: dict[str, str] = {}
    arguments: dict[str, str] = {}
    ambiguous: set[str] = set()
    for path in sorted(Path(__file__).parent.glob("*.yaml")):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        roles.update({name: tuple(found) for name, found in content.get("roles", {}).items()})
        for name, found in content.get("methods", {}).items():
            methods[name] = tuple(dict.fromkeys((*methods.get(name, ()), *found)))
        metrics.update({name: (str(pair[0]), bool(pair[1])) for name, pair in content.get("metrics", {}).items()})
        texts.update(content.get("texts", []))
        words.update({role: frozenset(found) for role, found in content.get("words", {}).items()})
        verbs.update({verb: role for role, known in content.get("verbs", {}).items() for verb in known})
        structural.update(name for line in content.get("structural", []) for name in line)
        switches.update(content.get("switches", []))
        seeds.update(content.get("seeds", []))
        for name, parts in content.get("signatures", {}).items():
            signatures[name] = {kind: tuple(str(part) for part in names) for kind, names in parts.items()}
        meanings.update(content.get("meanings", {}))
        titles.update(content.get("titles", {}))
        arguments.update(content.get("arguments", {}))
        ambiguous.update(content.get("ambiguous", []))
        transformers += content.get("transformers", [])
    ordered = sorted(roles.items(), key=lambda item: ("*" in item[0], -len(item[0]), item[0]))
    return Knowledge(
        roles=tuple(ordered),
        methods=methods,
        metrics=metrics,
        texts=frozenset(texts),
        transformers=tuple(transformers),
        words=words,
        verbs=verbs,
        structural=frozenset(structural),
        switches=frozenset(switches),
        seeds=frozenset(seeds),
        signatures=signatures,
        meanings=meanings,
        titles=titles,
        arguments=arguments,
        ambiguous=frozenset(ambiguous),
    )


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], tuple[Role, ...]], ...]:
    return tuple((re.compile(fnmatch.translate(p)), roles) for p, roles in knowledge().roles if "*" in p)


@cache
def _exact() -> dict[str, tuple[Role, ...]]:
    return {name: roles for name, roles in knowledge().roles if "*" not in name}


@lru_cache(maxsize=20_000)
def roles_of(name: str) -> tuple[Role, ...] | None:
    """Return the roles of a qualified name; None where nothing is known of it."""
    if name in _exact():
        return _exact()[name]
    return next((roles for pattern, roles in _patterns() if pattern.match(name)), None)


@cache
def method_roles(name: str) -> tuple[Role, ...]:
    """Return the roles of a method by its bare name."""
    return knowledge().methods.get(name, ())


@lru_cache(maxsize=20_000)
def role_of_name(name: str) -> tuple[Role, ...]:
    """Return the role that the words of a function's name tell, such as `plot_history`; empty where they tell none."""
    verb = role_of_verb(name)
    if verb:
        return (verb,)
    words = snake_case(name).split("_")
    for role, known in knowledge().words.items():
        if any(word in known for word in words):
            return (role,)
    return ()


@lru_cache(maxsize=20_000)
def role_of_verb(name: str) -> Role | None:
    """Return the role that the first word of a function's name tells without doubt: `plot_history`, `load_image`."""
    return knowledge().verbs.get(snake_case(name).split("_")[0])


@lru_cache(maxsize=5_000)
def is_transformer(type_name: str) -> bool:
    """Tell whether a class is fitted without being a model (a scaler, an encoder)."""
    return any(fnmatch.fnmatchcase(type_name, pattern) for pattern in knowledge().transformers)


def transformer_role(type_name: str) -> tuple[Role, ...]:
    """Return what fitting or applying a transformer is: making features or preprocessing."""
    return ("feature_engineering",) if "feature_engineering" in (roles_of(type_name) or ()) else ("preprocess",)


def snake_case(name: str) -> str:
    """Return `RandomForest` as `random_forest`, `KNN` as `knn`, `XGB` as `xgb`."""
    text = re.sub(r"[^A-Za-z0-9]+", "_", name)
    text = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", text)
    text = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", text)
    return re.sub(r"_+", "_", text).strip("_").lower()


def model_name(type_name: str) -> str:
    """Return the name of a model from its class: `random_forest` for `sklearn.ensemble.RandomForestClassifier`."""
    bare = type_name.rsplit(".", 1)[-1]
    for suffix in ("Classifier", "Regressor"):
        if bare.endswith(suffix) and len(bare) > len(suffix) + 2:
            bare = bare[: -len(suffix)]
    special = {"KNeighbors": "k_neighbors", "XGB": "xgb", "LGBM": "lgbm", "OLS": "ols", "KMeans": "k_means"}
    return special.get(bare, snake_case(bare))


def title_of(model: str) -> str:
    """Return what a model is called in a sentence, from its name: `support vector classifier` for `svc_2`."""
    base = re.sub(r"_\d+$", "", model)
    return knowledge().titles.get(base, base.replace("_", " "))


def first_known(names: Iterable[str]) -> tuple[str, tuple[str, bool]] | None:
    """Return the first of some qualified names that is a metric, with its name and direction."""
    for name in names:
        if name in knowledge().metrics:
            return name, knowledge().metrics[name]
    return None
