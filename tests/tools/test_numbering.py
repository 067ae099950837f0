"""Names told apart by a number."""

import pytest

from tools.numbering import numbered


@pytest.mark.parametrize(
    ("taken", "name"),
    [((), "rmse"), (("mae",), "rmse"), (("rmse",), "rmse_2"), (("rmse", "rmse_2"), "rmse_3"), (("rmse_2",), "rmse")],
)
def test_the_first_free_name_is_given(taken, name):
    assert numbered("rmse", taken.__contains__) == name
