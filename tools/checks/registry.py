"""The checks by name, in the order of the report. A new one is a file and a line here."""

from tools.checks.equivalence.check import check_equivalence
from tools.checks.lint import check_format, check_lint
from tools.checks.mutation.check import check_mutation
from tools.checks.pipeline.check import check_pipeline
from tools.checks.request import Check
from tools.checks.tests import check_tests
from tools.checks.types import check_types

CHECKS: dict[str, Check] = {
    "ruff": check_lint,
    "format": check_format,
    "mypy": check_types,
    "pytest": check_tests,
    "pipeline": check_pipeline,
    "equivalence": check_equivalence,
    "mutation": check_mutation,
}
