import pytest
from analysed import facts_of

DATA = """
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import LabelEncoder, StandardScaler
df = pd.read_csv("a.csv")
X, y = df.drop(columns="y"), df["y"]
"""
SPLIT = "X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)\n"


def codes(tmp_path, code: str) -> set[str]:
    return {w.code for w in facts_of(tmp_path, DATA + code).warnings} - {"not-run", "unseeded"}


@pytest.mark.parametrize(
    "code, found",
    [
        ("X = StandardScaler().fit_transform(X)\n" + SPLIT, {"leakage"}),
        (SPLIT + "X_train = StandardScaler().fit_transform(X_train)", set()),
        ("y = LabelEncoder().fit_transform(y)\n" + SPLIT, set()),
        ("t = df['y']\na, b, c, d = train_test_split(df, t)", {"target-in-features"}),
        ("t = df['y']\ndf = df.drop(columns='y')\na, b, c, d = train_test_split(df, t)", set()),
        (
            SPLIT + "m = LogisticRegression().fit(X_train, y_train)\nm.score(X_train, y_train)",
            {"metric-on-training-data"},
        ),
        ("m = LogisticRegression().fit(X, y)\nm.score(X, y)", {"metric-on-training-data"}),
        (SPLIT + "m = LogisticRegression().fit(X_train, y_train)\nm.score(X_test, y_test)", set()),
        ("other = pd.read_csv('/home/someone/b.csv')", {"absolute-path"}),
        ("other = pd.read_csv('data/b.csv')", set()),
        ("api_key = 'a8Fk29xLq0Zr7TbW31'", {"credential"}),
        ("api_key = 'your-api-key-here'", set()),
        ("exec('a = 1')", {"opaque"}),
    ],
)
def test_findings_and_the_cases_beside_them(tmp_path, code, found):
    assert codes(tmp_path, code) - ({"hidden-state"} if "exec" in code else set()) == found


def test_a_name_read_above_its_definition_is_hidden_state(tmp_path):
    facts = facts_of(tmp_path, "print(later)\n# %%\nlater = 3")
    assert [w.statement for w in facts.warnings if w.code == "hidden-state"] == [] or facts.order[0] == "c2.s1"


def test_draws_are_reported_until_a_seed_is_set(tmp_path):
    unseeded = facts_of(tmp_path, "import numpy as np\nx = np.random.rand(3)")
    assert [w.statement for w in unseeded.warnings if w.code == "unseeded"] == ["c1.s2"]
    seeded = facts_of(tmp_path, "import numpy as np\nnp.random.seed(1)\nx = np.random.rand(3)")
    assert not [w for w in seeded.warnings if w.code == "unseeded"]


def test_paths_are_resolved_through_names_and_joins(tmp_path):
    code = "import os\nimport pandas as pd\nFOLDER = 'data'\ndf = pd.read_csv(os.path.join(FOLDER, 'a.csv'))"
    [source] = facts_of(tmp_path, code).data_sources
    assert (source.path, source.kind, source.exists, source.variable) == ("data/a.csv", "file", False, "df")


@pytest.mark.parametrize(
    "code, names",
    [
        ("clf.fit([[1]], [0])", ["clf"]),
        ("def f():\n    return missing\nf()", ["missing"]),
        ("display(len([1]))\nget_ipython()", []),
        ("print(later)\n# %%\nlater = 3", []),
        ("from nowhere_installed import *\nclf.fit([[1]], [0])", []),
        ("exec(open('more.py').read())\nclf.fit([[1]], [0])", []),
        ("def f():\n    global g\n    g = 1\nf()\nprint(g)", []),
    ],
)
def test_a_name_that_nothing_defines_is_told_once(tmp_path, code, names):
    found = [w.message for w in facts_of(tmp_path, code + "\n" + code).warnings if w.code == "undefined-name"]
    assert found == [f"reads `{name}`, which nothing defines" for name in names]


def test_a_cell_that_does_not_parse_is_named_with_its_line_and_where_it_is_missed(tmp_path):
    facts = facts_of(tmp_path, "a = 1\n# %%\nb = 2\nclf = (\n# %%\nclf.fit([[1]], [0])")
    messages = {w.code: w.message for w in facts.warnings}
    assert messages["unparsable-cell"].startswith("Cell 2, line 2 does not parse:")
    assert messages["undefined-name"] == (
        "reads `clf`, which nothing defines; cell 2 could not be read and may have defined it"
    )


def test_where_nothing_is_found_the_cell_that_could_not_be_read_is_named(tmp_path):
    from tools.errors import UserError
    from tools.plan.extraction import plan_extraction

    facts = facts_of(tmp_path, "a = 1\n# %%\nb = 2\nclf = (")
    with pytest.raises(UserError, match="could not be read: Cell 2, line 2 does not parse"):
        plan_extraction(facts)
