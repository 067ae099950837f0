from tools.render.style import styles

PYPROJECT = '[tool.ruff.lint]\nselect = ["F", "C4", "PTH", "D"]\n'


def test_style_of_the_authors_lines_is_found_and_errors_are_not_excused() -> None:
    tree = {
        "src/a.py": "import os\n\nvalues = dict(a=1)\nfound = os.path.exists(missing)\n",
        "src/b.py": '"""Fine."""\n',
        "tests/test_a.py": "values = dict(a=1)\n",
    }

    assert styles(tree, PYPROJECT) == {"src/a.py": ("C408", "PTH110")}
