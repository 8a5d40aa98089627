"""Holds what the audits say against the answer key of a laboratory, subject by subject."""

from __future__ import annotations

from typing import Any

RATE_FIELDS = ("denominator", "floor", "reported", "ceiling")


def differences(truth: dict[str, Any], audit: dict[str, Any]) -> list[str]:
    """Return one line for each subject, rate or finding that is not as the key has it."""
    compare = {"connectivity": _connectivity, "exits": _exits}[audit["audit"]]
    return [*compare(truth, audit), *_rates(truth, audit), *_coverage(truth, audit)]


def _rows(audit: dict[str, Any], kind: str) -> dict[Any, dict[str, Any]]:
    rows = [row for row in audit["subjects"] if row["kind"] == kind]
    if kind == "application":
        return {(row["id"], row["government"]): row for row in rows}
    return {row["id"]: row for row in rows}


def _against(expected: dict[Any, Any], found: dict[Any, Any], what: str) -> list[str]:
    keys = sorted({*expected, *found}, key=str)
    return [
        f"{what} {key}: expected {expected.get(key)}, found {found.get(key)}"
        for key in keys
        if expected.get(key) != found.get(key)
    ]


def _connectivity(truth: dict[str, Any], audit: dict[str, Any]) -> list[str]:
    governments = {code: row["verdict"] for code, row in truth["connectivity"].items()}
    found = {code: row["verdict"] for code, row in _rows(audit, "government").items()}
    services = {(a["id"], a["government"]): a["verdict"] for a in truth["applications"]}
    served = {key: row["verdict"] for key, row in _rows(audit, "application").items()}
    points = {p["device_or_link"]: p["townships"] for p in truth["single_points"]}
    seen = {p["device_or_link"]: p["townships"] for p in audit["information"]["single_points"]}
    return [
        *_against(governments, found, "connectivity"),
        *_against(services, served, "application"),
        *_against(points, seen, "single point"),
    ]


def _exits(truth: dict[str, Any], audit: dict[str, Any]) -> list[str]:
    strengths = {code: row["strength"] for code, row in truth["exits"].items()}
    found = {code: row["strength"] for code, row in _rows(audit, "government").items()}
    word = "strength_active" if _was_measured(audit) else "strength"
    departments = {
        d: (row.get(word, row["strength"]), row["exit"]) for d, row in truth["departments"].items()
    }
    judged = {d: (row["strength"], row["exit"]) for d, row in _rows(audit, "department").items()}
    planted = {
        (code, item["device"], item["family"], item["mechanism"], item["latent"]): 1
        for code, row in truth["exits"].items()
        for item in row["found"]
        if item["observable"]
    }
    reported = {
        (
            finding["subject"]["id"],
            finding["observed"]["device"],
            finding["observed"]["family"],
            finding["observed"]["mechanism"],
            finding["observed"]["latent"],
        ): 1
        for finding in audit["findings"]
        if finding["rule"] in ("exits.undeclared", "exits.latent")
    }
    if _was_measured(audit):
        # The key says of departments what packets can prove; governments follow from them.
        found = {code: _WITHOUT_PACKETS.get(strength, strength) for code, strength in found.items()}
    return [
        *_against(strengths, found, "exits of"),
        *_against(departments, judged, "department"),
        *_against(planted, reported, "exit point"),
    ]


_WITHOUT_PACKETS = {"proven": "consistent"}


def _was_measured(audit: dict[str, Any]) -> bool:
    """Whether any department's row tells of packets."""
    return any(
        (row.get("evidence") or {}).get(kind)
        for row in audit["subjects"]
        if row["kind"] == "department"
        for kind in ("T", "F")
    )


def _rates(truth: dict[str, Any], audit: dict[str, Any]) -> list[str]:
    def keyed(rates: list[dict[str, Any]]) -> dict[tuple[str, str], tuple[int, ...]]:
        # What is proven raises the floor alone, and the key's rates are those without packets.
        fields = [f for f in RATE_FIELDS if f != "floor" or not _was_measured(audit)]
        return {
            (r["id"], r["scope"]): tuple(r[f] for f in fields)
            for r in rates
            if r["id"].startswith(audit["audit"]) and r["denominator"]
        }

    return _against(keyed(truth["rates"]), keyed(audit["rates"]), "rate")


def _coverage(truth: dict[str, Any], audit: dict[str, Any]) -> list[str]:
    fields = ("registered", "answered")
    return _against(
        {f: truth["coverage"][f] for f in fields}, {f: audit["coverage"][f] for f in fields},
        "coverage",
    )  # fmt: skip
