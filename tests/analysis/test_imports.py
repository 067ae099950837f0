"""Names bound by imports."""

from notebooks_as_cells import notebook_of

from tools.analysis.imports import collect_imports
from tools.trace.model import Trace


def imports(text, **trace):
    notebook = notebook_of(text)
    order = tuple(statement.id for statement in notebook.statements())
    return collect_imports(notebook, Trace(status="not run", **trace), order)


def test_each_form_gives_its_own_import_statement():
    found = imports(
        """
        import numpy as np, os.path
        from sklearn.svm import SVC as Machine
        try:
            import cPickle as pickle
        except ImportError:
            import pickle
        def f():
            import inside
        """
    )
    assert [i.code() for i in found] == [
        "import numpy as np",
        "import os.path",
        "from sklearn.svm import SVC as Machine",
        "import cPickle as pickle",
        "import pickle",
    ]
    assert [(i.name, i.distribution) for i in found][:3] == [
        ("np", "numpy"),
        ("os", ""),
        ("Machine", "scikit-learn"),
    ]


def test_a_star_import_gives_the_names_that_are_used():
    found = imports("from math import *\n# %%\nx = sqrt(pi)")
    assert [(i.code(), i.star) for i in found] == [("from math import pi", True), ("from math import sqrt", True)]


def test_what_the_trace_saw_wins_over_looking():
    found = imports(
        "from helpers import *\n# %%\nclean()", star_names={"c1.s1": ("clean", "other")}, local_modules=("helpers.py",)
    )
    assert [(i.name, i.local, i.distribution) for i in found] == [("clean", True, "")]
