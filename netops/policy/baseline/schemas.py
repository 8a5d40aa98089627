"""Makes JSON Schemas of the rule files, so that an editor knows each field while one types."""

from __future__ import annotations

import json
from collections.abc import Mapping

from netops.policy.baseline.catalog_files import CatalogFile, HighRiskFile, MarksFile, RelatedFile
from netops.policy.baseline.fields import Form
from netops.policy.baseline.files import CheckFile, EvidenceFile, ProfileFile

MODELS: Mapping[str, type[Form]] = {
    "catalog": CatalogFile,
    "check": CheckFile,
    "evidence": EvidenceFile,
    "high-risk": HighRiskFile,
    "marks": MarksFile,
    "profile": ProfileFile,
    "related": RelatedFile,
}


def schema_texts() -> dict[str, str]:
    """Return the text of each schema by the name of its file."""
    return {f"{name}.schema.json": _text(model) for name, model in MODELS.items()}


def _text(model: type[Form]) -> str:
    schema = model.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
