"""Edits of the author's code: inner before outer, never overlapping, columns counted in bytes."""

import pytest

from tools.transform.edits import Edit, apply_edits, offsets


def put(start: int, end: int, text: str) -> Edit:
    return Edit(start, end, lambda _: text)


def around(start: int, end: int) -> Edit:
    return Edit(start, end, lambda old: f"<{old}>")


@pytest.mark.parametrize(
    ("edits", "after"),
    [
        ([], "f(a, b)"),
        ([put(2, 3, "x")], "f(x, b)"),
        ([put(5, 6, "y"), put(2, 3, "x")], "f(x, y)"),
        ([put(6, 6, ", c=c")], "f(a, b, c=c)"),
        ([around(0, 7), put(2, 3, "x")], "<f(x, b)>"),
        ([put(2, 3, "x"), around(2, 6), around(0, 7)], "<f(<x, b>)>"),
        ([around(2, 3), put(3, 3, "!")], "f(<a>!, b)"),
        ([put(0, 0, "y = "), around(0, 7)], "y = <f(a, b)>"),
    ],
)
def test_edits_are_made_in_place_and_from_the_inside(edits, after):
    assert apply_edits("f(a, b)", edits) == after


def test_edits_are_made_in_whatever_order_they_are_given():
    edits = [around(0, 7), around(2, 3), put(5, 6, "y")]
    assert apply_edits("f(a, b)", edits) == apply_edits("f(a, b)", edits[::-1]) == "<f(<a>, y)>"


@pytest.mark.parametrize("edits", [[around(0, 4), around(2, 6)], [around(0, 7), around(1, 4), around(3, 6)]])
def test_edits_that_overlap_are_refused(edits):
    with pytest.raises(ValueError, match="overlap"):
        apply_edits("f(a, b)", edits)


@pytest.mark.parametrize(
    ("code", "span", "text"),
    [
        ("x = 1", (1, 4, 1, 5), "1"),
        ("größe = 0.25", (1, 10, 1, 14), "0.25"),
        ('d["高さ"] = 7', (1, 14, 1, 15), "7"),
        ("f(\n  '🙂', 3)", (2, 10, 2, 11), "3"),
        ("f(\n  a,\n  b)", (1, 0, 3, 4), "f(\n  a,\n  b)"),
    ],
)
def test_spans_count_bytes_and_offsets_count_characters(code, span, text):
    start, end = offsets(code, span)
    assert code[start:end] == text
