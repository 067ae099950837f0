"""Which commits of a generated repository are accepted steps."""

from tools.delivery.history import accepted, after_report
from tools.delivery.messages import message
from tools.delivery.model import Accepted, Commit, Entry


def commit(subject: str, **files: str) -> Commit:
    entries = {name: Entry(mode="100644", id=text) for name, text in files.items()}
    return Commit(id=f"id of {subject}", tree=str(sorted(files.items())), subject=subject, files=entries)


def told(*commits: Commit) -> list[tuple[str, dict[str, str]]]:
    return [(step.step, {path: entry.id for path, entry in step.files.items()}) for step in accepted(commits)]


def test_each_commit_is_a_step_where_none_was_sent_back() -> None:
    assert told(commit("extract: a", plan="1"), commit("structure: b", plan="1", src="1")) == [
        ("extract", {"plan": "1"}),
        ("structure", {"plan": "1", "src": "1"}),
    ]


def test_attempts_are_folded_into_the_last_and_the_steps_stand_in_their_order() -> None:
    assert told(
        commit("structure: a", src="1"),
        commit("harden: a", src="typed"),
        commit("test: a", src="typed", tests="1"),
        commit("structure: a (attempt 2)", src="2", tests="1"),
        commit("harden: a (attempt 2)", src="typed 2", tests="1"),
    ) == [
        ("structure", {"src": "2"}),
        ("harden", {"src": "typed 2"}),
        ("test", {"src": "typed 2", "tests": "1"}),
    ]


def test_a_file_that_a_later_attempt_dropped_is_in_no_commit() -> None:
    assert told(
        commit("structure: a", old="1"), commit("structure: b", new="1"), commit("report: verified", new="1", r="1")
    ) == [
        ("structure", {"new": "1"}),
        ("report", {"new": "1", "r": "1"}),
    ]


def test_what_was_gone_back_from_is_left_out() -> None:
    assert told(
        commit("extract: a", plan="1"),
        commit("structure: a", plan="1", src="wrong"),
        commit("rollback: to step extract", plan="1"),
        commit("structure: b", plan="1", src="right"),
    ) == [("extract", {"plan": "1"}), ("structure", {"plan": "1", "src": "right"})]


def test_a_run_that_was_redone_from_its_start_begins_there() -> None:
    assert told(commit("extract: a", plan="1"), commit("redo: from step extract"), commit("extract: b", plan="2")) == [
        ("extract", {"plan": "2"})
    ]


def test_the_last_commit_leaves_the_very_tree() -> None:
    """The report of a failed run may bring an earlier tree back."""
    assert told(
        commit("structure: a", src="good"), commit("harden: a", src="bad"), commit("report: failed", src="good", r="1")
    )[-1] == ("report", {"r": "1", "src": "good"})


def test_commits_by_hand_keep_their_own_and_come_after_the_report() -> None:
    found = (
        commit("structure: a", src="1"),
        commit("report: verified", src="1", r="1"),
        commit("mend a name", src="2", r="1"),
    )

    assert [step.step for step in accepted(found)] == ["structure", "report", ""]
    assert after_report(found) == 1
    assert after_report(found[:2]) == 0


def test_messages_are_conventional_and_tell_the_step() -> None:
    step = Accepted(step="harden", summary="types, guards", commit="abc", files={})

    assert message(step, "ants") == (
        "refactor(ants): add types, docstrings, logging and guards\n\nharden: types, guards\n\nGenerated-commit: abc\n"
    )


def test_a_message_by_hand_is_kept_where_it_is_conventional() -> None:
    def first_line(summary: str) -> str:
        return message(Accepted(step="", summary=summary, commit="abc", files={}), "ants").splitlines()[0]

    assert first_line("fix(data): a name") == "fix(data): a name"
    assert first_line("Mend a name") == "chore(ants): Mend a name"
    assert "ghp_" not in first_line("token ghp_" + "a1B2" * 10)
