"""The connectivity audit: facts, inventory and policy in, findings out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from netops.connectivity.applications import Service, judge_services
from netops.connectivity.findings import (
    contradiction_findings,
    cut_findings,
    link_findings,
    unknown_findings,
)
from netops.connectivity.network import Network
from netops.connectivity.rates import make_rates
from netops.connectivity.redundancy import Joined, count_paths, single_points
from netops.connectivity.standing import Standing, stand
from netops.facts.device import Contact, DeviceFacts
from netops.findings import (
    Coverage,
    Finding,
    Judged,
    Severity,
    Subject,
    SubjectRow,
    Text,
    Verdict,
)
from netops.inventory.model import Inventory
from netops.policy.model import Policy


def judge_connectivity(
    inventory: Inventory,
    facts: Mapping[str, DeviceFacts],
    policy: Policy,
    as_of: date,  # noqa: ARG001 - every audit has the same shape; no exemption bears on this one
) -> Judged:
    """Judge four-level connectivity; pure, and the same whenever it runs."""
    network = Network(inventory, facts)
    standings = stand(network)
    joined = count_paths(network)
    services = tuple(judge_services(network, standings))
    findings = (
        *cut_findings(network, standings),
        *unknown_findings(network, standings),
        *_service_findings(services, standings),
        *link_findings(network, standings),
        *contradiction_findings(network),
    )
    rows = (*_rows(network, standings, joined, findings), *_service_rows(services, findings))
    return Judged(
        coverage=_coverage(network),
        rates=tuple(make_rates(network, standings, joined, policy)),
        subjects=rows,
        findings=findings,
        information={"single_points": single_points(network)},
    )


def _coverage(network: Network) -> Coverage:
    known = network.facts.values()
    return Coverage(
        registered=len(network.inventory.devices),
        asked=sum(1 for k in known if k.contact is not Contact.NOT_ASKED),
        answered=sum(1 for k in known if k.has_answered),
        understood=sum(1 for name in network.facts if network.has_tables(name)),
        unparsed_lines=sum(len(k.unread) for k in known),
    )


def _rows(
    network: Network,
    standings: Mapping[str, Standing],
    joined: Mapping[str, Joined],
    findings: tuple[Finding, ...],
) -> Iterator[SubjectRow]:
    named: dict[str, list[str]] = {}
    for finding in findings:
        if finding.rule in ("connectivity.disconnected", "connectivity.unknown"):
            for code in (finding.subject.id, *finding.affected):
                named.setdefault(code, []).append(finding.id)
    for code, standing in standings.items():
        paths = joined.get(code)
        yield SubjectRow(
            kind="government",
            id=code,
            name=network.inventory.governments[code].name,
            government=code,
            verdict=standing.verdict,
            reason=tuple(named[code]) if code in named else None,
            note=_note(standing),
            extra={
                "cause": standing.cause,
                "paths": None
                if paths is None
                else {"asked": paths.asked, "sure": paths.sure, "possible": paths.possible},
            },
        )


def _note(standing: Standing) -> Text | None:
    if not standing.trusted:
        return None
    names = "、".join(sorted(standing.trusted))
    return Text(
        zh=f"途中设备未给出路由表，该段以带内应答为据：{names}",
        en="Devices on the way gave no tables; for that part the in-band answer stands: "
        + ", ".join(sorted(standing.trusted)),
    )


def _service_rows(
    services: tuple[Service, ...], findings: tuple[Finding, ...]
) -> Iterator[SubjectRow]:
    of_application = {
        finding.subject.id: finding.id
        for finding in findings
        if finding.rule == "connectivity.application"
    }
    for service in services:
        found = of_application.get(service.application.id)
        reason = (found,) if found is not None and service.cause == "no_route" else None
        if reason is None and service.cause is not None:
            reason = (service.cause,)
        yield SubjectRow(
            kind="application",
            id=service.application.id,
            name=service.application.name,
            government=service.government,
            verdict=service.verdict,
            reason=reason,
        )


def _service_findings(
    services: tuple[Service, ...], standings: Mapping[str, Standing]
) -> Iterator[Finding]:
    """Yield one finding an application for the governments that have no route to it.

    Governments that are cut off altogether stand under that cause already.
    """
    missing: dict[str, list[Service]] = {}
    for service in services:
        if service.cause == "no_route" and standings[service.government].verdict is Verdict.MET:
            missing.setdefault(service.application.id, []).append(service)
    for application, found in missing.items():
        name = found[0].application.name
        yield Finding(
            rule="connectivity.application",
            subject=Subject("application", application, name),
            verdict=Verdict.NOT_MET,
            severity=Severity.HIGH,
            message=Text(
                zh=f"{len(found)}个政府没有通往纵向应用“{name}”的路由",
                en=f"{len(found)} governments have no route to the vertical application “{name}”",
            ),
            expected={"prefix": str(found[0].application.prefix)},
            affected=tuple(sorted(service.government for service in found)),
            cause="no_route",
            standards=("HN 一(一)1",),
        )
