"""Keys in a notebook's code become environment variables before anything else sees them."""

import json
from pathlib import Path

import pytest

from tools.notebook.read import read_notebook, secret_values
from tools.notebook.secrets import taken_out
from tools.secrets import MASK
from tools.transform.environment_names import named_variables, used_names

KEY = "sk-" + "a1B2c3D4e5F6g7H8i9J0k1L2"
TOKEN = "ghp_" + "a1B2" * 10


@pytest.mark.parametrize(
    ("source", "changed", "name"),
    [
        (f"API_KEY = '{KEY}'\n", 'import os\nAPI_KEY = os.environ["API_KEY"]\n', "API_KEY"),
        (
            f"client = OpenAI(api_key='{KEY}')\n",
            'import os\nclient = OpenAI(api_key=os.environ["API_KEY"])\n',
            "API_KEY",
        ),
        (f"import os\nos.environ['KEY'] = '{KEY}'\n", "import os\nos.environ['KEY'] = os.environ[\"KEY\"]\n", "KEY"),
        (f"call({{'token': '{TOKEN}'}})\n", "import os\ncall({'token': os.environ[\"TOKEN\"]})\n", "TOKEN"),
        (f"call(b'{TOKEN}')\n", 'import os\ncall(os.environ["GITHUB_TOKEN"].encode())\n', "GITHUB_TOKEN"),
        (
            "url = 'postgres://bob:s3cr3t-pw@host/db'\n",
            'import os\nurl = os.environ["URL"]\n',
            "URL",
        ),
        (f"head = f'Bearer {TOKEN}'\n", "import os\nhead = f'Bearer {os.environ[\"HEAD\"]}'\n", "HEAD"),
    ],
)
def test_a_string_with_a_secret_becomes_a_variable(source: str, changed: str, name: str) -> None:
    (found,), (taken,) = taken_out([source])

    assert found == changed
    assert (taken.name, taken.cell) == (name, 1)
    assert taken.value in source


@pytest.mark.parametrize(
    ("source", "changed"),
    [
        (f"x = 1  # {KEY}\n", f"x = 1  # {MASK}\n"),
        (f"!curl -H {TOKEN}\n", f"!curl -H {MASK}\n"),
        (f"%%bash\nexport T='{TOKEN}'\n", f"%%bash\nexport T='{MASK}'\n"),
        (f"x = 'a' '{KEY}'\n", f"x = 'a' '{MASK}'\n"),
        ("api_key = 'YOUR_API_KEY'\n", "api_key = 'YOUR_API_KEY'\n"),
    ],
)
def test_where_a_variable_cannot_stand_a_mask_does(source: str, changed: str) -> None:
    assert taken_out([source]) == ([changed], [])


def test_one_value_has_one_name_and_two_values_have_two() -> None:
    other = KEY.replace("a1", "z9")
    sources, taken = taken_out([f"key = '{KEY}'", f"again = '{KEY}'", f"key = '{other}'"])

    assert sources[1:] == ['again = os.environ["KEY"]', 'key = os.environ["KEY_2"]']
    assert {found.name: found.value for found in taken} == {"KEY": KEY, "KEY_2": other}


def test_nothing_that_is_read_holds_the_secret(tmp_path: Path) -> None:
    path = tmp_path / "nb.ipynb"
    code = {"cell_type": "code", "metadata": {}, "execution_count": 1}
    output = {"output_type": "stream", "name": "stdout", "text": f"using plain-{KEY} and {TOKEN}"}
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": f"# Title {TOKEN}\n\nAbout {TOKEN}"},
        {**code, "source": f"password = 'plain-{KEY}'", "outputs": [output]},
    ]
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))

    notebook = read_notebook(path)

    assert KEY not in notebook.model_dump_json()
    assert TOKEN not in notebook.model_dump_json()
    assert [(s.name, s.cell) for s in notebook.secrets] == [("PASSWORD", 1)]
    assert secret_values(path) == {"PASSWORD": f"plain-{KEY}"}


def test_the_package_reads_it_by_a_function_that_says_what_to_set() -> None:
    code = named_variables('k = os.environ["KEY"]\nother = os.environ["OTHER"]\n', ["KEY", "NEVER"])

    assert code == 'k = environment_value("KEY")\nother = os.environ["OTHER"]\n'
    assert used_names([code], ["KEY", "NEVER"]) == ("KEY",)
