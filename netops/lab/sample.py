"""Writes the sample province: ``python -m netops.lab.sample SPEC DIR``.

The registered network of a planned world as an inventory that anybody may read: no secrets (the
credentials name environment variables), no answer key, and ``governments.csv`` untouched,
because the laboratory reads the divisions from there. The same SPEC gives the same bytes.
Devices keep their loopback addresses: an invented network must never be asked on a real one.
"""

from __future__ import annotations

import sys
from pathlib import Path

from netops.inventory import load
from netops.lab import inventory_rows as rows
from netops.lab.inventory_writer import write_records
from netops.lab.plan import World, plan
from netops.lab.spec_file import load_spec

_NOTE = """\
# The sample province. The network is invented: every device, address, line, department and exit.
# The divisions are real; governments.csv names their source. Drawn on 2026-11-21; written by
#   python -m netops.lab.sample playbooks/specs/all.yaml inventory
"""

_REFERENCES = {
    rows.SSH_CREDENTIAL: {"secret": "env:AUDIT_SSH_PASSWORD"},
    rows.V2C_CREDENTIAL: {"secret": "env:AUDIT_SNMP_COMMUNITY"},
    rows.V3_CREDENTIAL: {"secret": "env:AUDIT_SNMP_AUTH", "privacy": "env:AUDIT_SNMP_PRIVACY"},
}


def write_sample(world: World, folder: Path) -> None:
    """Write the records of ``world`` beside the ``governments.csv`` of ``folder``."""
    listed = rows.credentials()["credentials"]
    credentials = {name: {**body, **_REFERENCES[name]} for name, body in listed.items()}
    write_records(world, folder, _NOTE, {"credentials": credentials})


def main() -> None:
    """Write the sample and hold it to the checks."""
    spec, folder = (Path(argument) for argument in sys.argv[1:3])
    write_sample(plan(load_spec(spec)), folder)
    load(folder)


if __name__ == "__main__":
    main()
