"""Plays a planned laboratory without sockets: rendered text goes straight into records.

A short cut for tests over many specifications; what travels over SSH and SNMP is tried in
tests/scenarios. It knows the behaviours that leave nothing of a device, and those that spoil
single answers (``low_privilege``, ``garbage``, ``truncated``).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from netops import inventory
from netops.audits import _wanted
from netops.connectivity import judge_connectivity
from netops.evidence.observation import DeviceRecord, Observation, Outcome
from netops.exits import judge_exits
from netops.facts.device import Contact, DeviceFacts
from netops.findings import AuditResult, Judged, Provenance, overall
from netops.inventory.model import Inventory
from netops.lab.behaviours import is_refused, play
from netops.lab.dialects import DIALECTS
from netops.lab.inventory_writer import write
from netops.lab.model import Behaviour, DeviceModel
from netops.lab.plan import World, plan
from netops.lab.render import render_answers
from netops.lab.spec_file import load_spec
from netops.platforms.registry import platform
from netops.policy import load_policy
from netops.policy.model import Policy
from netops.reading import RouteFilter, read_device
from netops.reading.understanding import understand

POLICY = Path(__file__).parents[2] / "policies" / "province.yaml"
_GOOD = Behaviour()
_NOTHING = {
    "down": Contact.UNREACHABLE,
    "hang": Contact.HUNG,
    "drop": Contact.DROPPED,
    "refuse_login": Contact.LOGIN_REFUSED,
    "changed_host_key": Contact.HOST_KEY_CHANGED,
    "endless_pager": Contact.UNUSABLE,
    "flood": Contact.UNUSABLE,
}


def world_of(spec: dict[str, Any]) -> World:
    """Plan the world of a specification given as data."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "spec.yaml"
        path.write_text(yaml.safe_dump({"schema": "netops/lab/1", **spec}), encoding="utf-8")
        return plan(load_spec(path))


def inventory_of(world: World) -> Inventory:
    """Write and load the inventory of a world, as a user would."""
    with tempfile.TemporaryDirectory() as name:
        write(world, Path(name))
        return inventory.load(Path(name) / "inventory")


def record_of(model: DeviceModel, contact: Contact, behaviour: Behaviour = _GOOD) -> DeviceRecord:
    """Answer every bulk command and follow-up of a device's platform with its rendered text."""
    if contact is not Contact.ANSWERED:
        return DeviceRecord(model.id, model.platform, contact)
    known = platform(model.platform)
    answers = render_answers(model)
    asked = [command.text for command in known.first_commands()]
    observations = {text: _observe(model, text, answers, behaviour) for text in asked}
    parsed = {text: understand(o, known).parsed for text, o in observations.items()}
    for text in known.followups(parsed):
        observations.setdefault(text, _observe(model, text, answers, behaviour))
    return DeviceRecord(
        model.id, model.platform, contact, observations=tuple(observations.values())
    )


def _observe(
    model: DeviceModel, command: str, answers: dict[str, str], behaviour: Behaviour
) -> Observation:
    dialect = DIALECTS[model.platform]
    text = answers.get(command)
    if text is None:
        text = _UNSUPPORTED[model.platform]
    if is_refused(behaviour, dialect, command):
        text = dialect.forbidden.format(line=command)
    body = b"".join(play(behaviour, text, f"{model.id}/{command}").lines)
    prompt = _PROMPT[model.platform].format(model.identity.hostname)
    raw = f"{command}\r\n".encode() + body + prompt.encode()
    return Observation(f"{model.id}/{command}", model.id, command, "ssh", "", 0.0,
                       Outcome.ACCEPTED, raw)  # fmt: skip


_UNSUPPORTED = {
    "huawei_vrp": "            ^\r\nError: Unrecognized command found at '^' position.\r\n",
    "h3c_comware": "            ^\r\n % Unrecognized command found at '^' position.\r\n",
    "frr": "% Unknown command: x\r\n",
    "linux_host": "-bash: x: command not found\r\n",
}
_PROMPT = {"huawei_vrp": "<{}>", "h3c_comware": "<{}>", "frr": "{}# ", "linux_host": "audit@{}:~$ "}


def facts_of(world: World, registered: Inventory) -> dict[str, DeviceFacts]:
    """Read every device of a world."""
    keep = RouteFilter(registered.plan, _wanted(registered))
    found = {}
    for model in world.models():
        behaviour = world.behaviour(model.id)
        contact = _NOTHING.get(behaviour.ssh, Contact.ANSWERED)
        found[model.id] = read_device(record_of(model, contact, behaviour), keep=keep)
    return found


@cache
def policy_of_the_province() -> Policy:
    """Read the province's policy once."""
    return load_policy(POLICY)


def audit(name: str, registered: Inventory, facts: dict[str, DeviceFacts]) -> dict[str, Any]:
    """Judge and return the JSON document."""
    judge: Callable[..., Judged] = {"connectivity": judge_connectivity, "exits": judge_exits}[name]
    policy = policy_of_the_province()
    judged = judge(registered, facts, policy, date(2026, 11, 21))
    made = Provenance("t", "2026-11-21", "S", "sm3:0", "b", "e", "i", False, "p", policy.samples)
    return AuditResult(name, made, judged.coverage,
                       overall(judged.subjects, judged.rates, {}), judged.rates, judged.subjects,
                       judged.findings, judged.information).to_json()  # fmt: skip


def audits_of(spec: dict[str, Any]) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Return the answer key of a specification and what both audits say."""
    world = world_of(spec)
    registered = inventory_of(world)
    facts = facts_of(world, registered)
    return world.truth, {n: audit(n, registered, facts) for n in ("connectivity", "exits")}
