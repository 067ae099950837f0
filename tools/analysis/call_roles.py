"""What one call is for, by the knowledge base."""

import ast
import builtins
import re
from collections.abc import Mapping

from tools.analysis.knowledge.load import (
    is_transformer,
    method_roles,
    role_of_name,
    role_of_verb,
    roles_of,
    transformer_role,
)
from tools.analysis.model import Role
from tools.analysis.qualified import Call

_PLAIN = frozenset({"builtins", "numpy", "math", "time", "datetime", "itertools", "collections"})


def call_roles(call: Call, own: Mapping[str, tuple[Role, ...]]) -> tuple[Role, ...]:
    """Return the roles of one call, by its qualified name, its method, or the words of an unknown function's name."""
    name = call.name
    base, _, method = name.rpartition(".")
    if base == "__main__":
        return own.get(method) or role_of_name(method)
    if base == "builtins" and not hasattr(builtins, method):
        return roles_of(name) or role_of_name(method)
    if name == "builtins.open" and any(
        _mode(a) for a in (*call.node.args[1:2], *(k.value for k in call.node.keywords))
    ):
        return ("export",)
    if method == "info" and any(isinstance(a, (ast.Constant, ast.JoinedStr)) for a in call.node.args):
        return ()
    if method in ("fit", "transform", "fit_transform", "fit_resample", "inverse_transform") and is_transformer(base):
        return transformer_role(base)
    if method in ("fit", "partial_fit") and "Search" in base:
        return ("tune", "train")
    on_class = base.rsplit(".", 1)[-1][:1].isupper() and method[:1].islower()
    if on_class and method.startswith("from_"):
        return roles_of(name) or roles_of(base) or ()
    known = roles_of(name) if not on_class or base.startswith(("pandas", "PIL", "sklearn.metrics")) else None
    if known is None and on_class:
        known = method_roles(method) or (("visualize",) if "visualize" in (roles_of(base) or ()) else None)
    if known is not None:
        return known
    if base == "?" and method in ("fit", "fit_transform", "transform", "inverse_transform"):
        return _unknown_receiver(call, method)
    found = method_roles(method)
    if not found and base == "?" and "_" in method.strip("_"):
        return (verb,) if (verb := role_of_verb(method)) else ()
    if not found and base != "?" and base.partition(".")[0] not in (*_PLAIN, "pandas") and name != "?":
        return role_of_name(method)
    return found


def _unknown_receiver(call: Call, method: str) -> tuple[Role, ...]:
    receiver = ast.unparse(call.node.func.value) if isinstance(call.node.func, ast.Attribute) else ""
    words = re.findall(r"[a-z]+", receiver.lower())
    if any(word.startswith(("scal", "sc", "enc", "imput", "vect", "tfidf", "tokeni", "norm", "ohe")) for word in words):
        return ("preprocess",)
    if any(word in ("pca", "svd", "tsne", "lda", "poly", "umap", "selector") for word in words):
        return ("feature_engineering",)
    return method_roles(method)


def _mode(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value[:1] in ("w", "a", "x")
