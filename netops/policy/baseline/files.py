"""The forms of evidence, checks and profiles below ``policies/``: unknown fields are refused.

Only the form of one file at a time: whether names in it exist elsewhere is told by ``joining``.
JSON Schemas for editors are made of these models and those of ``catalog_files``.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    Discriminator,
    Field,
    StrictBool,
    StrictInt,
    Tag,
    WithJsonSchema,
)

from netops.findings import Severity
from netops.policy.baseline.fields import (
    Component,
    Form,
    Given,
    Line,
    Pattern,
    TextForm,
    Version,
    WholeLevel,
    Word,
    said,
)
from netops.policy.baseline.operators import OPERATORS
from netops.policy.baseline.values import Each, FactType, Missing, Risk, Tighter
from netops.policy.model import Status


def _number(text: str) -> str:
    return said(text) if text else text


class FactForm(Form):
    """A setting: its type, and the commands that show it."""

    type: FactType
    keyed: StrictBool = False
    commands: tuple[Line, ...] = Field(alias="from", min_length=1)
    title: TextForm
    unit: str = ""


class EvidenceFile(Form):
    """``evidence/<component>.yaml``: the settings of a component."""

    schema_: Literal["netops/evidence/1"] = Field(alias="schema")
    component: Component
    facts: dict[Annotated[str, Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+){1,5}$")], FactForm]


class LeafForm(Form):
    """One comparison of a setting with a value."""

    fact: str
    # What is none of them is told by the lint, with the table.
    op: Annotated[str, WithJsonSchema({"type": "string", "enum": list(OPERATORS)})]
    value: Given | None = None
    missing: Missing | None = None
    each: Each | None = None
    where: str = ""


class AllForm(Form):
    """Every part must be met."""

    all: tuple[ExpressionForm, ...] = Field(min_length=1)


class AnyForm(Form):
    """One part that is met suffices."""

    any: tuple[ExpressionForm, ...] = Field(min_length=1)


class NotForm(Form):
    """Met where its part is not met."""

    not_: ExpressionForm = Field(alias="not")


def _form_of(given: object) -> str:
    """Name the form by the key that only it has; brackets keep the name out of a field's path."""
    keys = given if isinstance(given, dict) else ()
    return next((f"[{word}]" for word in ("all", "any", "not") if word in keys), "[leaf]")


ExpressionForm = Annotated[
    Annotated[AllForm, Tag("[all]")]
    | Annotated[AnyForm, Tag("[any]")]
    | Annotated[NotForm, Tag("[not]")]
    | Annotated[LeafForm, Tag("[leaf]")],
    Discriminator(_form_of),
]


class AppliesForm(Form):
    """Families and versions that a check speaks of."""

    families: tuple[Word, ...] = ()
    versions: tuple[Version, ...] = ()


class CoverForm(Form):
    """An item that the check proves; ``levels`` left out: every level that has the item."""

    item: Word
    levels: tuple[WholeLevel, ...] | None = None
    part: StrictBool = True


class ParameterForm(Form):
    """A threshold of a check."""

    value: Given
    tighter: Tighter
    bounds: tuple[StrictInt, StrictInt] | None = None
    unit: str = ""
    source: Line
    status: Status


class CommandsForm(Form):
    """Lines for a person to type."""

    families: tuple[Word, ...] = ()
    risk: Risk
    lines: tuple[Line, ...] = Field(min_length=1)
    note: TextForm | None = None


class RemedyForm(Form):
    """How to mend what was found."""

    text: TextForm
    commands: tuple[CommandsForm, ...] = ()


class CheckFile(Form):
    """``checks/<component>/<id>/check.yaml``: one question."""

    schema_: Literal["netops/check/1"] = Field(alias="schema")
    id: Word
    title: TextForm
    component: Component
    applies: AppliesForm = AppliesForm()
    when: ExpressionForm | None = None
    covers: tuple[CoverForm, ...] = Field(min_length=1)
    severity: Severity
    severity_note: str = ""
    parameters: dict[Word, ParameterForm] = Field(default_factory=dict)
    expect: ExpressionForm
    remedy: RemedyForm
    high_risk: tuple[str, ...] = ()


class SetForm(Form):
    """A threshold as a profile sets it; a looser one names its exemption."""

    value: Given
    source: Line
    status: Status
    exemption: Annotated[str, AfterValidator(_number)] = ""


class ExcludedForm(Form):
    """A check that a profile leaves out by an exemption."""

    id: Word
    exemption: Line


class ChoiceForm(Form):
    """Which checks a profile asks: by their ids, or by the items they prove something of."""

    include: tuple[Pattern, ...] = ()
    items: tuple[Word, ...] = ()
    exclude: tuple[ExcludedForm, ...] = ()


class ProfileFile(Form):
    """``profiles/<name>.yaml``: checks and thresholds of a level or a campaign."""

    schema_: Literal["netops/profile/1"] = Field(alias="schema")
    name: Word
    title: TextForm
    level: WholeLevel
    extends: Word | None = None
    checks: ChoiceForm = ChoiceForm()
    parameters: dict[Word, dict[Word, SetForm]] = Field(default_factory=dict)
