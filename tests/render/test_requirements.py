from tests.render import small_project
from tools.render.requirements import development, requirements, versions
from tools.render.sources import read_sources


def test_versions_of_the_run_come_before_those_of_an_interpreter() -> None:
    facts = small_project.facts()

    known = versions(facts, {"pandas": "1.0", "PyYAML": "6"}, {"pyyaml": "5", "kfp": "2"})

    assert (known["pandas"], known["pyyaml"], known["kfp"]) == ("3.1.1", "6", "2")


def test_what_the_package_imports_is_pinned() -> None:
    sources = read_sources({"src/a.py": "import json\nimport cv2\nimport pandas\nfrom sklearn.svm import SVC\n"})
    known = {"pandas": "3.1.1", "scikit-learn": "1.9.1", "mlflow": "3", "omegaconf": "2", "scipy": "1"}

    needed = requirements(sources, small_project.facts(), known)

    assert needed.pins == (("mlflow", "3"), ("omegaconf", "2"), ("pandas", "3.1.1"), ("scikit-learn", "1.9.1"))
    assert needed.indirect == (("scipy", "1"),)
    assert needed.unpinned == ("opencv-python-headless", "structlog")


def test_tests_do_not_add_to_what_runs() -> None:
    sources = read_sources({"tests/test_a.py": "import hypothesis\n"})

    assert [name for name, _ in requirements(sources, None, {"hypothesis": "6", "mlflow": "3"}).pins] == ["mlflow"]


def test_kubeflow_is_for_development() -> None:
    assert "kfp" in dict(development(True, {}))
    assert "kfp" not in dict(development(False, {}))
