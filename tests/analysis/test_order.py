"""The order of cells, chosen without running them."""

from notebooks_as_cells import notebook_of

from tools.analysis.order import choose_order


def test_document_order_when_nothing_is_read_too_early():
    choice = choose_order(notebook_of("a = 1\n# %%\nb = a", counts=(5, 2)))
    assert choice.kind == "document"
    assert choice.order == ("c1.s1", "c2.s1")


def test_execution_counts_when_they_bind_before_they_read():
    choice = choose_order(notebook_of("b = a\n# %%\na = 1\n# %%\nc = b", counts=(2, 1, 3)))
    assert choice.kind == "execution count"
    assert choice.order == ("c2.s1", "c1.s1", "c3.s1")
    assert "`a` is read by c1.s1 before any cell above binds it" in choice.reason


def test_definitions_first_where_counts_do_not_help():
    choice = choose_order(notebook_of("x = f()\n# %%\ndef f():\n    return k\n# %%\nk = 1\n# %%\nprint(x)"))
    assert choice.kind == "dependency"
    assert choice.order == ("c2.s1", "c3.s1", "c1.s1", "c4.s1")


def test_a_circle_stays_in_document_order():
    choice = choose_order(notebook_of("a = b\n# %%\nb = a"))
    assert choice.order == ("c1.s1", "c2.s1")
