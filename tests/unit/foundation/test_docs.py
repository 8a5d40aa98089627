"""The pages name every error code, fault kind, contact and outcome, and every link leads somewhere."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from netops import errors
from netops.evidence.observation import Outcome
from netops.facts.answers import AnswerState
from netops.facts.device import Contact

ROOT = Path(__file__).parents[3]
PAGES = sorted(
    path
    for path in (
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(
            ROOT / folder / "README.md"
            for folder in ("inventory", "policies", "playbooks", "certs")
        ),
    )
)


def _page(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def _kinds() -> set[str]:
    """Return the kinds of fault that the inventory's code names."""
    kinds = set()
    for path in (ROOT / "netops" / "inventory").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            first, what = node.args[0], node.args[3:4]
            if name in ("add", "warn") and isinstance(first, ast.Constant):
                kinds.add(str(first.value))
            if name == "unknown" and what and isinstance(what[0], ast.Constant):
                kinds.add(f"unknown_{what[0].value}")
    return kinds


def test_every_error_code_has_its_part_of_the_page() -> None:
    codes = {
        kind.code
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.NetopsError)
    } - {errors.NetopsError.code}
    text = _page("errors.md")

    assert len(codes) == 15
    assert [code for code in sorted(codes) if f"## {code} " not in text] == []


def test_every_kind_of_inventory_fault_is_explained() -> None:
    kinds, text = _kinds(), _page("inventory.md")

    assert {"bad_prefix", "classified", "unknown_node", "no_inventory"} <= kinds
    assert [kind for kind in sorted(kinds) if f"`{kind}`" not in text] == []


@pytest.mark.parametrize("words", [Contact, Outcome, AnswerState])
def test_every_word_for_what_became_of_a_question_is_explained(words: type[Contact]) -> None:
    text = _page("snapshots.md")

    assert [word.value for word in words if f"`{word.value}`" not in text] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    missing = [link for link in links if not (page.parent / link).exists()]

    assert missing == []


def test_both_readmes_show_the_same_commands() -> None:
    def commands(name: str) -> list[str]:
        text = (ROOT / name).read_text(encoding="utf-8")
        blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
        return [line.split("#")[0].strip() for block in blocks for line in block.splitlines()]

    assert commands("README.md") == commands("README.zh-CN.md")


def test_decisions_are_numbered_in_sequence_and_say_their_number() -> None:
    pages = sorted((ROOT / "docs" / "adr").glob("*.md"))
    numbers = [int(page.name[:4]) for page in pages]

    assert numbers == list(range(1, len(pages) + 1))
    for number, page in zip(numbers, pages, strict=True):
        text = page.read_text(encoding="utf-8")
        assert text.startswith(f"# {number}. "), page.name
        assert [
            part for part in ("Context", "Decision", "Consequences") if f"**{part}." not in text
        ] == []


def test_the_architecture_names_every_package_and_every_contract() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    packages = [path.parent.name for path in (ROOT / "netops").glob("*/__init__.py")]
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = text.partition("## Contracts")[2].partition("\n## ")[0]

    assert len(packages) > 15
    assert [name for name in packages if f"`{name}/`" not in text] == []
    assert len(re.findall(r"^\d+\. ", listed, re.MULTILINE)) == len(
        settings["tool"]["importlinter"]["contracts"]
    )


def test_both_readmes_link_the_same_pages() -> None:
    def links(name: str) -> set[str]:
        text = (ROOT / name).read_text(encoding="utf-8")
        return set(re.findall(r"\]\(([^)#]+)", text)) - {"README.md", "README.zh-CN.md"}

    pages = {f"docs/{page.relative_to(ROOT / 'docs')}" for page in (ROOT / "docs").rglob("*.md")}

    assert links("README.md") - {"LICENSE"} == links("README.zh-CN.md") - {"LICENSE"}
    assert {page for page in pages if "/adr/" not in page} <= links("README.md")
