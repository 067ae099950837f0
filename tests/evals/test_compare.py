"""Two evaluations side by side."""

import json

import pytest

from evals.compare import compare, load_scores, plot_changes, print_changes
from tools.errors import UserError


def result(**scores):
    """Return a result with one scorer `metrics`, by sample, and its seconds."""
    return {
        "samples": {
            name: {"scores": {"metrics": [value], "seconds": [10 * (2 - value)]}} for name, value in scores.items()
        },
        "means": {"metrics": {"unit": "share"}, "seconds": {"unit": "seconds"}},
    }


def test_only_samples_that_both_have_are_compared():
    (metrics, _) = compare(result(a=0.5, b=1.0, c=0.0), result(a=1.0, b=1.0, d=0.0))
    assert (metrics.before, metrics.after, metrics.difference, metrics.count) == (0.75, 1.0, 0.25, 2)


def test_samples_that_got_worse_are_named():
    (metrics, seconds) = compare(result(a=1.0, b=0.5), result(a=0.5, b=1.0))
    assert metrics.worse == ("a 1.000 → 0.500",)
    assert metrics.better == ("b 0.500 → 1.000",)
    assert seconds.worse == ("a 10 s → 15 s",)


def test_a_difference_is_certain_where_its_interval_leaves_zero_out():
    many = {f"s{i}": 0.5 for i in range(12)}
    (better, _) = compare(result(**many), result(**dict.fromkeys(many, 0.75)))
    assert better.certain()
    (mixed, _) = compare(result(**many), result(**{name: 0.25 + 0.5 * (i % 2) for i, name in enumerate(many)}))
    assert not mixed.certain()
    (same, _) = compare(result(**many), result(**many))
    assert not same.certain()


def test_the_comparison_repeats():
    before, after = result(a=0.1, b=0.9, c=0.4), result(a=0.3, b=0.7, c=0.9)
    assert compare(before, after) == compare(before, after)


def test_nothing_in_common_is_no_change():
    assert compare(result(a=1.0), result(b=1.0)) == ()


def test_scores_are_loaded_from_a_file_or_its_folder(tmp_path):
    (tmp_path / "scores.json").write_text(json.dumps(result(a=1.0)))
    assert load_scores(str(tmp_path), tmp_path) == load_scores(str(tmp_path / "scores.json"), tmp_path)


def test_what_holds_no_scores_is_refused(tmp_path):
    (tmp_path / "scores.json").write_text("{}")
    with pytest.raises(UserError, match="holds no scores"):
        load_scores(str(tmp_path), tmp_path)
    with pytest.raises(UserError, match="There is no evaluation abc"):
        load_scores("abc", tmp_path / "none")


def test_a_table_and_a_plot_show_it(tmp_path, capsys):
    from rich.console import Console

    changes = compare(result(a=1.0, b=0.5), result(a=0.5, b=0.5))
    print_changes(changes, Console(width=160))
    shown = capsys.readouterr().out
    assert "-0.250" in shown
    assert "a 1.000 → 0.500" in shown
    plot_changes(changes, tmp_path / "compared.png")
    assert (tmp_path / "compared.png").read_bytes().startswith(b"\x89PNG")
