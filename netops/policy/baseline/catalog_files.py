"""The forms of the files of ``policies/catalog``: items, marks, high-risk cases, related ones."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, RootModel, StrictBool, Tag

from netops.policy.baseline.fields import (
    Form,
    LevelKey,
    Line,
    Pattern,
    TextForm,
    WholeLevel,
    Word,
)
from netops.policy.baseline.values import Auto, ItemClass
from netops.policy.model import Status


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
    levels: tuple[WholeLevel, ...] = Field(min_length=1)
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


class MarksForm(Form):
    """Items by their mark; a pattern like ``ces.identity.*`` names a whole control point."""

    s: tuple[Pattern, ...] = ()
    a: tuple[Pattern, ...] = ()
    g: tuple[Pattern, ...] = ()


class MarksFile(Form):
    """``catalog/*.yaml``: the S, A and G marks of items, from whoever holds the standard."""

    schema_: Literal["netops/marks/1"] = Field(alias="schema")
    standard: Line
    source: Line
    status: Literal["reference", "unverified", "verified"]
    marks: MarksForm


def _schema_of(given: object) -> str:
    """Name the form of a catalogue by its schema; in doubt that of the standard."""
    schema = given.get("schema") if isinstance(given, dict) else None
    return _CATALOGUES.get(str(schema), "[catalog]")


_CATALOGUES = {
    "netops/high-risk/1": "[high-risk]",
    "netops/related/1": "[related]",
    "netops/marks/1": "[marks]",
}


class AnyCatalog(RootModel[Any]):
    """A file of ``catalog/``, told by its schema."""

    root: Annotated[
        Annotated[CatalogFile, Tag("[catalog]")]
        | Annotated[HighRiskFile, Tag("[high-risk]")]
        | Annotated[RelatedFile, Tag("[related]")]
        | Annotated[MarksFile, Tag("[marks]")],
        Discriminator(_schema_of),
    ]
