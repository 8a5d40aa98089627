"""The forms of the files below ``policies/``: what each may hold, unknown fields refused.

Only the form of one file at a time: whether names in it exist elsewhere is told by ``joining``.
JSON Schemas for editors are made of these models.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, cast, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    RootModel,
    StrictBool,
    Tag,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from netops.findings import Severity, Text
from netops.policy.baseline.values import (
    Auto,
    Each,
    FactType,
    ItemClass,
    Level,
    Literals,
    Missing,
    Risk,
    Tighter,
)
from netops.policy.model import Status

Word = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,99}$")]
Line = Annotated[str, Field(min_length=1, max_length=4000)]
Component = Literal[
    "linux", "huawei_vrp", "h3c_comware", "frr", "postgresql", "mariadb", "redis", "nginx", "tomcat"
]
COMPONENTS: tuple[str, ...] = get_args(Component)
Version = Annotated[str, Field(pattern=r"^(>=|<=|>|<|=|!=)[A-Za-z0-9._-]{1,40}$")]


def _plain(given: object) -> Literals:
    if isinstance(given, bool | int | str):
        return given
    if isinstance(given, list):
        if all(isinstance(one, str) for one in given):
            return tuple(cast("list[str]", given))
        if all(isinstance(one, int) and not isinstance(one, bool) for one in given):
            return tuple(cast("list[int]", given))
    raise PydanticCustomError("plain_value", "neither a value nor a list of one kind")


def _level(given: object) -> object:
    # Keys of a mapping come as texts.
    return int(given) if isinstance(given, str) and given.isdecimal() else given


Given = Annotated[
    Any,
    BeforeValidator(_plain),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": ["boolean", "integer", "string"]},
                {"type": "array", "items": {"type": "string"}},
                {"type": "array", "items": {"type": "integer"}},
            ]
        }
    ),
]
"""A value, or a list of texts or of whole numbers."""

LevelKey = Annotated[Level, BeforeValidator(_level)]


class Form(BaseModel):
    """A mapping in a file; what it does not know it refuses."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TextForm(Form):
    """A text in both languages."""

    zh: Line
    en: Line

    def text(self) -> Text:
        """Return it as the house has it."""
        return Text(self.zh, self.en)


class ImportanceForm(Form):
    """How heavily an item weighs in the form of 2021: 1 一般, 2 重要, 3 关键."""

    value: Literal[1, 2, 3]
    status: Status


class ItemForm(Form):
    """One requirement of a catalogue."""

    id: Word
    item_class: ItemClass = Field(alias="class")
    point: TextForm
    clauses: dict[LevelKey, Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+){2,4}(\.[a-z])?$")]] = (
        Field(min_length=1)
    )
    units: dict[LevelKey, str] = Field(default_factory=dict)
    text: TextForm
    auto: Auto
    importance: ImportanceForm | None = None
    status: Literal["reference", "unverified", "verified"] = "unverified"
    verified_by: str | None = None
    note: str = ""


class ExtensionForm(Form):
    """A clause of an extension (cloud, mobile …), by name only: nothing is judged by it."""

    clause: str
    family: Literal["cloud", "mobile", "iot", "industrial"]
    title: TextForm


class TotalForm(Form):
    """A number of items that the catalogue should hold, and how sure it is."""

    items: Annotated[int, Field(ge=0)]
    status: Literal["reference", "unverified", "verified"]


class CatalogFile(Form):
    """``catalog/*.yaml``: the items of a standard."""

    schema_: Literal["netops/catalog/1"] = Field(alias="schema")
    standard: Line
    title: TextForm
    source: Line
    totals: dict[LevelKey, TotalForm] = Field(default_factory=dict)
    items: tuple[ItemForm, ...]
    extensions: tuple[ExtensionForm, ...] = ()


class HighRiskForm(Form):
    """One case of a high-risk guide."""

    id: Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+){1,4}$")]
    title: TextForm
    levels: tuple[Level, ...] = Field(min_length=1)
    trigger: TextForm
    condition: TextForm | None = None
    relief: TextForm | None = None
    items: tuple[Word, ...] = ()
    major_hazard: StrictBool = False
    status: Literal["reference", "unverified", "verified"] = "unverified"


class HighRiskFile(Form):
    """``catalog/high-risk-*.yaml``: a guide of high-risk findings."""

    schema_: Literal["netops/high-risk/1"] = Field(alias="schema")
    edition: Annotated[str, Field(pattern=r"^[0-9]{4}$")]
    title: TextForm
    source: Line
    cases: tuple[HighRiskForm, ...]


class RelatedForm(Form):
    """A requirement of another catalogue, and the items beside which it stands."""

    id: Word
    title: TextForm
    text: TextForm
    items: tuple[Word, ...] = ()
    layer: str = ""
    status: Literal["reference", "unverified", "verified"] = "unverified"


class RelatedFile(Form):
    """``catalog/*.yaml``: a catalogue beside the standard's own."""

    schema_: Literal["netops/related/1"] = Field(alias="schema")
    catalogue: Word
    title: TextForm
    source: Line
    entries: tuple[RelatedForm, ...]


def _schema_of(given: object) -> str:
    """Name the form of a catalogue by its schema; in doubt that of the standard."""
    schema = given.get("schema") if isinstance(given, dict) else None
    return {"netops/high-risk/1": "[high-risk]", "netops/related/1": "[related]"}.get(
        str(schema), "[catalog]"
    )


class AnyCatalog(RootModel[Any]):
    """A file of ``catalog/``, told by its schema."""

    root: Annotated[
        Annotated[CatalogFile, Tag("[catalog]")]
        | Annotated[HighRiskFile, Tag("[high-risk]")]
        | Annotated[RelatedFile, Tag("[related]")],
        Discriminator(_schema_of),
    ]


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
    op: str
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
    levels: tuple[Level, ...] | None = None
    part: StrictBool = True


class ParameterForm(Form):
    """A threshold of a check."""

    value: Given
    tighter: Tighter
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
    exemption: str = ""


class ExcludedForm(Form):
    """A check that a profile leaves out by an exemption."""

    id: Word
    exemption: Line


class ChoiceForm(Form):
    """Which checks a profile asks: by their ids, or by the items they prove something of."""

    include: tuple[Annotated[str, Field(pattern=r"^[a-z0-9*?._\[\]-]{1,100}$")], ...] = ()
    items: tuple[Word, ...] = ()
    exclude: tuple[ExcludedForm, ...] = ()


class ProfileFile(Form):
    """``profiles/<name>.yaml``: checks and thresholds of a level or a campaign."""

    schema_: Literal["netops/profile/1"] = Field(alias="schema")
    name: Word
    title: TextForm
    level: Level
    extends: Word | None = None
    checks: ChoiceForm = ChoiceForm()
    parameters: dict[Word, dict[Word, SetForm]] = Field(default_factory=dict)
