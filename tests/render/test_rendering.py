import pytest
from jinja2 import UndefinedError

from tools.render.engine import quoted, render
from tools.render.layout import formatted


def test_a_name_that_the_context_lacks_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="python"):
        render("python_env.yaml.j2")


def test_texts_are_quoted_as_python_and_toml_want_them() -> None:
    assert quoted('say "no"') == '"say \\"no\\""'
    assert eval(quoted("a\nb\x00")) == "a\nb\x00"


def test_python_is_laid_out_and_its_imports_sorted() -> None:
    files = {"tests/test_a.py": "import os\nimport pytest\nfrom src.a import b\ndef test()->None:\n  assert b(pytest)"}

    laid_out = formatted({**files, "MLproject": "name:   a\n"})

    assert laid_out["tests/test_a.py"] == (
        "import pytest\n\nfrom src.a import b\n\n\ndef test() -> None:\n    assert b(pytest)\n"
    )
    assert laid_out["MLproject"] == "name:   a\n"
    assert formatted(laid_out) == laid_out
