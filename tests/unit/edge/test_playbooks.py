"""Playbooks: steps, variables, expected codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from netops.errors import InputError
from netops.playbooks import expected_code, load_playbook, run_playbook

HEAD = "schema: netops/playbook/1\ntitle: {zh: t, en: t}\n"
REPOSITORY = Path(__file__).parents[3]


def write(folder: Path, body: str) -> Path:
    path = folder / "book.yaml"
    path.write_text(HEAD + body, encoding="utf-8")
    return path


def test_a_wrong_code_stops_the_steps_but_not_those_that_always_run(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "steps:\n"
        "  - {title: {zh: a, en: a}, run: [--version]}\n"
        "  - {title: {zh: b, en: b}, run: [no-such-noun]}\n"
        "  - {title: {zh: c, en: c}, run: [--version]}\n"
        "  - {title: {zh: d, en: d}, run: [--version], always: true}\n",
    )

    results = run_playbook(load_playbook(path), {}, lambda _step, _command: None)

    assert [(r.step.title["en"], r.code, r.is_right) for r in results] == [
        ("a", 0, True),
        ("b", 2, False),
        ("d", 0, True),
    ]


def test_variables_are_replaced_and_unknown_ones_refused(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "variables: {word: --version}\nsteps:\n  - {title: {zh: a, en: a}, run: [$word]}\n",
    )
    book = load_playbook(path)

    results = run_playbook(book, {"word": "--help"}, lambda _step, _command: None)

    assert results[0].command == ("--help",)
    with pytest.raises(InputError, match="colour"):
        run_playbook(book, {"colour": "red"}, lambda _step, _command: None)


def test_without_an_answer_key_on_disk_no_code_is_right(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        f"answer_key: {tmp_path}/none.json\n"
        "steps:\n  - {title: {zh: a, en: a}, run: [--version], expect: exits}\n",
    )

    results = run_playbook(load_playbook(path), {}, lambda _step, _command: None)

    assert not results[0].is_right


@pytest.mark.parametrize(
    ("what", "truth", "code"),
    [
        ("snapshot", {"coverage": {"registered": 2, "answered": 2}}, 0),
        ("snapshot", {"coverage": {"registered": 2, "answered": 1}}, 3),
        ("connectivity", {"connectivity": {"a": {"verdict": "met"}}, "applications": []}, 0),
        ("connectivity", {"connectivity": {"a": {"verdict": "unknown"}}, "applications": []}, 3),
        (
            "connectivity",
            {
                "connectivity": {"a": {"verdict": "unknown"}},
                "applications": [{"verdict": "not_met"}],
            },
            1,
        ),
        ("exits", {"exits": {"a": {"strength": "consistent"}}, "departments": {}}, 0),
        ("exits", {"exits": {"a": {"strength": "exempt"}}, "departments": {}}, 0),
        (
            "exits",
            {
                "exits": {"a": {"strength": "consistent"}},
                "departments": {"d": {"strength": "suspected"}},
            },
            1,
        ),
    ],
)
def test_the_answer_key_says_which_code_is_right(what: str, truth: dict, code: int) -> None:
    assert expected_code(what, json.loads(json.dumps(truth))) == code


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("steps: []\n", "steps"),
        ("steps:\n  - {title: {zh: a, en: a}, run: [x], colour: red}\n", "colour"),
        ("steps: [\n", "not YAML"),
    ],
)
def test_a_wrong_playbook_is_refused_with_the_field(tmp_path: Path, body: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        load_playbook(write(tmp_path, body))

    assert said in str(caught.value)


@pytest.mark.parametrize("path", sorted((REPOSITORY / "playbooks").glob("*.yaml")))
def test_every_playbook_of_the_repository_loads(path: Path) -> None:
    assert load_playbook(path).steps
