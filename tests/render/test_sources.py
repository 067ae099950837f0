from tools.render.sources import Argument, read_sources

LOADER = """
from typing import NamedTuple

import pandas as pd
import sklearn.svm
from src.config import Config


class Split(NamedTuple):
    X: pd.DataFrame
    y: "pd.Series[int]"


def load(path: str, *, rows: int | None = None) -> pd.DataFrame:
    if rows == 0:
        raise ValueError("no rows")
    raise FileNotFoundError


def seedless(x): ...
"""


def test_signatures_exceptions_and_fields() -> None:
    sources = read_sources({"src/loader.py": LOADER, "src/config.py": "", "README.md": "#"})
    load = sources.function("src/loader.py", "load")

    assert load is not None
    assert load.arguments == (
        Argument(name="path", annotation="str"),
        Argument(name="rows", annotation="int | None", default="None"),
    )
    assert load.returns == "pd.DataFrame"
    assert load.raises == ("FileNotFoundError", "ValueError")
    record = sources.record("src/other.py", "Split")
    assert record is not None
    assert record.fields == (("X", "pd.DataFrame"), ("y", "'pd.Series[int]'"))
    assert sources.function("src/loader.py", "absent") is None


def test_imports_leave_the_package_itself_out() -> None:
    sources = read_sources({"src/loader.py": LOADER, "src/config.py": ""})

    assert sources.imports["src/loader.py"] == ("pandas", "sklearn", "typing")
    assert sources.bound["src/loader.py"]["pd"] == "import pandas as pd"


def test_a_file_that_does_not_parse_is_left_out() -> None:
    assert read_sources({"src/broken.py": "def"}).functions == {}
