"""What the command line says of itself: in the user's language, wherever that was settled."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ASCII_WORDS = ("Usage", "Try '", "Error", "No such", "Missing", "Invalid", "Options", "Commands",
               "Arguments", "Show this", "Install completion", "COMMAND", "OPTIONS", "Got un",
               "does not take", "requires", "Input should")  # fmt: skip


def said(*arguments: str, cwd: Path, **environ: str) -> tuple[int, str]:
    """Run ``netops`` as a process of its own: words are settled when it starts."""
    kept = {"PATH": os.environ["PATH"], "HOME": "", "COLUMNS": "100", "TERM": "dumb",
            "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8", **environ}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "netops", *arguments],
        capture_output=True, cwd=cwd, env=kept, check=False,
    )  # fmt: skip
    return done.returncode, (done.stdout + done.stderr).decode()


WRONG = [
    (("audit", "exits", "--snapsho", "x"), "没有选项：--snapsho。", "--snapshot"),
    (("audit", "exits", "--format", "pdf"), "“pdf”不在可选值之中：table, json, csv, junit。", ""),
    (("audit", "exits", "--quiet=1"), "选项 '--quiet' 不带值。", ""),
    (("audit", "exits", "--lang"), "选项 '--lang' 需要一个值。", ""),
    (("inventory", "import"), "缺少参数 'source'。", "用法：netops inventory import [选项]"),
    (("inventory", "template"), "缺少选项 '--xlsx'。", ""),
    (("snapshot", "take", "--jobs", "many"), "“many”不是整数。", "'--jobs'"),
    (("snapshot", "take", "--jobs", "0"), "“0”太小：至少为 1。", ""),
    (("snapshot", "take", "--timeout", "x"), "“x”不是数字。", ""),
    (("lab", "up", "a", "b", "c"), "多余的参数：b c。", ""),
    (("colour",), "没有命令 'colour'。", "查看帮助"),
]


@pytest.mark.parametrize(("arguments", "cause", "beside"), WRONG)
def test_wrong_use_is_told_in_chinese(
    arguments: tuple[str, ...], cause: str, beside: str, tmp_path: Path
) -> None:
    code, text = said(*arguments, cwd=tmp_path, NETOPS_LANG="zh")

    assert code == 2
    assert cause in text
    assert beside in text
    assert [word for word in ASCII_WORDS if word in text] == []


@pytest.mark.parametrize("nouns", [(), ("audit",), ("inventory", "keys"), ("snapshot", "take")])
def test_help_is_chinese_to_its_last_word(nouns: tuple[str, ...], tmp_path: Path) -> None:
    code, text = said(*nouns, "--help", cwd=tmp_path, NETOPS_LANG="zh")

    assert code == 0
    assert "用法：netops" in text
    assert "显示本帮助" in text
    assert [word for word in ASCII_WORDS if word in text] == []


@pytest.mark.parametrize(
    "environ", [{"LANG": "zh_CN.UTF-8"}, {"LC_ALL": "zh_CN.GB18030", "LANG": "en_US.UTF-8"}]
)
def test_the_locale_settles_the_language(environ: dict[str, str], tmp_path: Path) -> None:
    assert "没有选项" in said("doctor", "--nothing", cwd=tmp_path, **environ)[1]


@pytest.mark.parametrize("flag", [("--lang", "zh"), ("--lang=zh",)])
def test_the_flag_settles_the_language_before_anything_else(
    flag: tuple[str, ...], tmp_path: Path
) -> None:
    arguments = ("audit", "exits", *flag, "--nothing")

    assert "没有选项" in said(*arguments, cwd=tmp_path, NETOPS_LANG="en")[1]


def test_a_settings_file_settles_the_language(tmp_path: Path) -> None:
    (tmp_path / "netops.toml").write_text('lang = "zh"\n', encoding="utf-8")

    assert "没有选项" in said("doctor", "--nothing", cwd=tmp_path, LANG="C")[1]


def test_english_is_english(tmp_path: Path) -> None:
    text = said("audit", "exits", "--format", "pdf", cwd=tmp_path, NETOPS_LANG="en")[1]

    assert text.splitlines()[0] == "Usage: netops audit exits [OPTIONS]"
    assert "Error: Invalid value for '--format' / '-f': “pdf” is none of: table, json" in text


POLICY = """\
schema: netops/policy/1
title: {{zh: 样例, en: sample}}
targets: hunan
closure: {{value: {closure}, source: s, status: site}}
minimum_strength: {{value: {strength}, source: s, status: site}}
tolerated_unknown: {{value: {tolerated}, source: s, status: site}}
anchors: {{value: {anchors}, source: s, status: site}}
allowed_exits: {{value: own, source: s, status: site}}
{more}
"""
GOOD = {"closure": "0.9", "strength": "consistent", "tolerated": "{}",
        "anchors": "[8.8.8.0/24, 1.1.1.0/24]", "more": ""}  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "zh", "en"),
    [
        ({"closure": "2"}, ":4: closure.value: “2”太大：最多为 1。", "“2” is too large: at most 1."),
        ({"closure": "much"}, ":4: closure.value: “much”不是数字或分数。", "“much” is not a number"),
        ({"closure": "1/0"}, ":4: closure.value: “1/0”不是数字或分数。", "“1/0” is not a number"),
        ({"closure": "1e999999999"}, ":4: closure.value: ", "is not a number or a fraction."),
        ({"strength": "violated"}, (":5: minimum_strength.value: “violated”不在可选值之中："
         "consistent, proven。"), "“violated” is none of: consistent, proven."),
        ({"tolerated": "{county: -1}"}, ":6: tolerated_unknown.value.county: “-1”太小：至少为 0。",
         "“-1” is too small: at least 0."),
        ({"tolerated": "{village: 1}"}, "“village”不在可选值之中：province, city, county, township。",
         "“village” is none of: province, city, county, township."),
        ({"tolerated": "3"}, "“3”不是带字段的映射。", "“3” is not a mapping with fields of its own."),
        ({"anchors": "[8.8.8.0/24]"}, ":7: anchors.value: 列表太短：至少 2 项。",
         "The list is too short: at least 2."),
        ({"anchors": "[8.8.8.8/24, x]"}, ":7: anchors.value.0: “8.8.8.8/24”不是地址前缀。",
         "“8.8.8.8/24” is not a prefix."),
        ({"more": "colour: red"}, ":9: colour: 未知的键“colour”。", "The key “colour” is not known."),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_policy_is_said_in_our_own_words(
    wrong: dict[str, str], zh: str, en: str, tmp_path: Path
) -> None:
    from netops.errors import PolicyError  # noqa: PLC0415 - the language is settled in the test
    from netops.i18n import spoken, told  # noqa: PLC0415
    from netops.policy import load_policy  # noqa: PLC0415

    path = tmp_path / "site.yaml"
    path.write_text(POLICY.format(**{**GOOD, **wrong}), encoding="utf-8")

    with pytest.raises(PolicyError) as caught:
        load_policy(path)

    assert en in str(caught.value.cause)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NETOPS_LANG", "zh")
        assert zh in told(caught.value)
        assert spoken(caught.value.cause).isascii() is False


_HELPS = """\
import re, typer
from netops.cli.app import app
def walk(name, group):
    for word, command in group.commands.items():
        for text in (command.help, *(getattr(one, "help", None) for one in command.params)):
            if text and not re.search("[\\u4e00-\\u9fff]", text):
                print(f"{name} {word}: {text.splitlines()[0]}")
        if hasattr(command, "commands"):
            walk(f"{name} {word}", command)
walk("netops", typer.main.get_command(app))
"""


def test_every_command_and_option_is_explained_in_chinese(tmp_path: Path) -> None:
    kept = {"PATH": os.environ["PATH"], "HOME": "", "NETOPS_LANG": "zh"}

    done = subprocess.run(
        [sys.executable, "-c", _HELPS], capture_output=True, cwd=tmp_path, env=kept, check=True
    )

    assert done.stdout.decode().splitlines() == []
