"""``netops baseline explain``: why, from which lines, how to mend it, and how it was before."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from netops.cli import options
from netops.cli.baseline_case import Asked, Profile, Rules, Sites
from netops.i18n import _, chosen

_MOST_SETTINGS = 10


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(explain)


def explain(
    target: Annotated[str, typer.Argument(help=_("A clause, a check, or a finding's id."))],
    *,
    asset: Annotated[
        str | None, typer.Option("--asset", help=_("Only this asset: device or device/component."))
    ] = None,
    snapshot: options.SnapshotRef = "latest",
    workspace: options.Workspace = options.DEFAULT_WORKSPACE,
    inventory: options.InventoryDir = None,
    rules: Rules = None,
    sites: Sites = None,
    profile: Profile = None,
    as_of: options.AsOf = None,
    form: options.FormOption = options.Form.TABLE,
    lang: options.Language = None,
) -> None:
    """Say why a verdict is what it is: settings, lines of evidence, remedy, history."""
    from netops.cli.baseline_story import tell_story  # noqa: PLC0415 - heavy

    asked = Asked(snapshot, workspace, inventory, rules, tuple(sites or ()), profile, (), as_of)
    story = tell_story(asked, target, asset)
    if form is options.Form.JSON:
        typer.echo(json.dumps(story, ensure_ascii=False, indent=1))
        return
    for line in _told(story, chosen(lang)):
        typer.echo(options.shortened(line) if line else "")


def _told(story: dict[str, Any], lang: str) -> list[str]:
    lines = [f"{story['target']}  {story['snapshot']}"]
    item = story["item"]
    if item is not None:
        lines.append(f"{item['point'][lang]}: {item['text'][lang]}")
    lines += [
        f"{row['name']} {row['clause']}: {_word(row['verdict'], lang)}" for row in story["objects"]
    ]
    for row in story["rows"]:
        lines += ["", *_of_row(row, lang)]
    for finding in story["findings"]:
        lines += ["", *_of_finding(finding, lang)]
    if story["more"]:
        lines.append(_("… and {n} more rows: name an --asset.").format(n=story["more"]))
    if not story["is_asked"]:
        lines.append(_("It serves no graded object, so nothing is asked of it: register it in "
                       "graded.yaml, or name a --profile."))  # fmt: skip
    elif not story["rows"] and not story["findings"]:
        lines.append(_("No asset that was judged has a row about it."))
    if story["findings"]:
        return lines
    lines += ["", _("History (oldest first):")]
    for then in story["history"]:
        if "fault" in then:
            lines.append(f"  {then['fault']}")
            continue
        words = {_word(verdict, lang) for verdict in then["verdicts"].values()}
        lines.append(f"  {then['end'][:16]}  {then['snapshot']}  {', '.join(sorted(words)) or '–'}")
    return lines


def _of_finding(finding: dict[str, Any], lang: str) -> list[str]:
    """Return what is said of a finding that has no row: of a government, or a graded object."""
    lines = [f"{_word(finding['verdict'], lang)}: {finding['message'][lang]}"]
    if finding["affected"]:
        lines.append("  " + ", ".join(finding["affected"]))
    if finding["remedy"] is not None:
        lines.append("  " + _("remedy: {text}").format(text=finding["remedy"][lang]))
    return lines


def _of_row(row: dict[str, Any], lang: str) -> list[str]:
    head = f"{row['asset']} {row['clause']}: {_word(row['verdict'], lang)}"
    if row["proposed"] is not None:
        head += _(" (proposed: {word})").format(word=_word(row["proposed"], lang))
    lines = [head]
    for name, text in (("person", _("confirmed")), ("stale", _("confirmed, not used"))):
        if row[name] is not None:
            given = row[name]
            lines.append(f"  {text}: {_word(given['verdict'], lang)}, {given['by']}, {given['on']}")
    if row["exemption"] is not None:
        lines.append("  " + _("exemption: {number}").format(number=row["exemption"]))
    if row["evidence_digest"]:
        lines.append("  " + _("evidence: {digest}").format(digest=row["evidence_digest"]))
    for check in row["checks"]:
        lines += _of_check(check, lang)
    return lines


def _of_check(check: dict[str, Any], lang: str) -> list[str]:
    title, verdict = check["title"][lang], _word(check["verdict"], lang)
    lines = [f"  {check['check']}  {title}: {verdict}"]
    lines += [f"    {why}" for why in check["why"]]
    lines += [f"    {one[lang]}" for one in check["expected"][:5]]
    lines += [f"    {_setting(one)}" for one in check["settings"][:_MOST_SETTINGS]]
    for evidence in check["evidence"]:
        lines.append(f"    {evidence['device']}: {evidence['command']}")
        lines += [f"      {one['line']:>5}  {one['text']}" for one in evidence["quoted"]]
    if check["verdict"] in ("not_met", "partly_met"):
        lines.append("    " + _("remedy: {text}").format(text=check["remedy"]["text"][lang]))
        for one in check["remedy"]["commands"]:
            risk = _("risk {risk}").format(risk=_risk(one["risk"], lang))
            lines += [
                f"      [{risk}] {line}" for text in one["lines"] for line in text.split("\n")
            ]
    return lines


def _setting(one: dict[str, Any]) -> str:
    from netops.baseline.sayings import shown  # noqa: PLC0415 - keeps --help fast

    key = f"[{one['key']}]" if one["key"] else ""
    return f"{one['name']}{key} = {shown(one['value'])}"


def _risk(risk: str, lang: str) -> str:
    from netops.findings import Severity  # noqa: PLC0415 - keeps --help fast
    from netops.reports.words import SEVERITIES  # noqa: PLC0415 - heavy

    return SEVERITIES[Severity(risk)].in_lang("zh" if lang == "zh" else "en")


def _word(verdict: str, lang: str) -> str:
    from netops.findings import Verdict  # noqa: PLC0415 - keeps --help fast
    from netops.reports.words import VERDICTS  # noqa: PLC0415 - heavy

    return VERDICTS[Verdict(verdict)].in_lang("zh" if lang == "zh" else "en")
