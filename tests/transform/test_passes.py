"""The passes over a function's body, before and after, and what each leaves alone."""

import ast

import libcst as cst
import pytest

from tools.transform.inplace_to_assignment import inplace_to_assignment
from tools.transform.print_to_log import print_to_log
from tools.transform.prune_display import prune_display


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('print("done")', 'log.info("done")'),
        ('print("Accuracy:", accuracy)', 'log.info("accuracy", accuracy=accuracy)'),
        ('print(f"Accuracy: {accuracy:.3f}")', 'log.info("accuracy", accuracy=accuracy)'),
        ('print("loss %.3f" % loss)', 'log.info("loss", loss=loss)'),
        ('print("loss {}".format(loss))', 'log.info("loss", loss=loss)'),
        ('print("loss " + str(loss))', 'log.info("loss", loss=loss)'),
        ("print(len(rows))", 'log.info("rows_count_shown", rows_count=len(rows))'),
        ("print(df.shape)", 'log.info("shape_shown", shape=df.shape)'),
        ('print("a", "b", sep="")', 'log.info("a_b")'),
        ("print(event)", 'log.info("event_shown", event_2=event)'),
        ("for i in rows:\n    print(i)", 'for i in rows:\n    log.info("i_shown", i=i)'),
        ("print()", "pass"),
        ("if empty: print()", "if empty: pass"),
        ("for i in rows: print(i)", 'for i in rows: log.info("i_shown", i=i)'),
    ],
)
def test_a_print_becomes_an_event_with_fields(before, after):
    got = print_to_log(cst.parse_module(before)).code
    compile(got, "got", "exec")
    assert got == after


@pytest.mark.parametrize(
    "code",
    ["x = print", "show(print)", "x = print(1)", "writer.print(x)", "log.info('x')", "pprint(x)"],
)
def test_what_is_no_statement_that_prints_stays(code):
    assert print_to_log(cst.parse_module(code)).code == code


@pytest.mark.parametrize(
    "code",
    [
        'print(f"{next(rows)} of {next(rows)}")',
        'print("a", next(rows), "b", next(rows))',
        'print("%s %s" % (next(rows), next(rows)))',
        'print("{} {}".format(next(rows), next(rows)))',
    ],
)
def test_every_argument_is_evaluated_once_and_in_order(code):
    shown = []

    class Log:
        def info(self, event, **fields):
            shown.extend(fields.values())

    exec(print_to_log(cst.parse_module(code)).code, {"rows": iter([1, 2, 3]), "log": Log()})
    assert shown == [1, 2]


def test_the_logger_may_have_another_name():
    assert print_to_log(cst.parse_module("print(log)"), "logger").code == 'logger.info("log_shown", log=log)'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("df.drop(columns='a', inplace=True)", "df = df.drop(columns='a')"),
        ("df.dropna(inplace=True)", "df = df.dropna()"),
        ("df.rename(inplace=True, columns=names)", "df = df.rename(columns=names)"),
        ("if a:\n    df.dropna(inplace=True)", "if a:\n    df = df.dropna()"),
        ("df.dropna(inplace=True); df.ffill(inplace=True)", "df = df.dropna(); df = df.ffill()"),
    ],
)
def test_a_change_in_place_becomes_an_assignment(before, after):
    assert inplace_to_assignment(cst.parse_module(before), frozenset({"df"})).code == after


@pytest.mark.parametrize(
    "code",
    [
        "df.dropna()",
        "df.dropna(inplace=False)",
        "df.dropna(inplace=flag)",
        "df['a'].fillna(0, inplace=True)",
        "self.df.dropna(inplace=True)",
        "other.dropna(inplace=True)",
        "x = df.dropna(inplace=True)",
        "df.pop('a', inplace=True)",
    ],
)
def test_other_changes_stay_as_they_are(code):
    assert inplace_to_assignment(cst.parse_module(code), frozenset({"df"})).code == code


def pruned(code: str, prints: bool = True) -> str:
    return prune_display(cst.parse_module(code), prints=prints, known={"df"}).code


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 1\nx\n", "x = 1\n"),
        ("df.head()\ny = 2\n", "y = 2\n"),
        ("df.describe()\n", ""),
        ("df.shape\n", ""),
        ("plt.show()\n", ""),
        ("print(x)\n", ""),
        ("print(len(x), x.mean())\n", ""),
        ("print(model.fit(x))\n", "model.fit(x)\n"),
        ("print(x := 3)\n", "x = 3\n"),
        ("if a:\n    plt.show()\n", "if a:\n    pass\n"),
        ("if a: plt.show()\n", "if a: pass\n"),
        ("for a in b:\n    df.head()\n    f(a)\n", "for a in b:\n    f(a)\n"),
    ],
)
def test_what_only_shows_goes_and_what_it_does_stays(before, after):
    assert pruned(before).lstrip() == after


@pytest.mark.parametrize(
    "code",
    [
        "df.head(3)\n",
        "model.summary()\n",
        "df.dropna(inplace=True)\n",
        "plt.savefig('a.png')\n",
        "x = df.head()\n",
        "for a in b:\n    print(a)\n",
        "try:\n    wanted\nexcept NameError:\n    wanted = 1\n",
        "with guard:\n    df.head()\n",
        "f(x)\n",
    ],
)
def test_what_may_do_something_stays(code):
    assert pruned(code) == code


def test_prints_stay_where_they_are_wanted():
    assert pruned("print(x)\n", prints=False) == "print(x)\n"


def test_what_a_constraint_keeps_stays_although_it_only_shows():
    wanted = {ast.dump(ast.parse("df.describe()").body[0])}

    kept = prune_display(cst.parse_module("df.head()\n# look\ndf.describe()\n"), True, {"df"}, wanted)

    assert kept.code == "# look\ndf.describe()\n"
