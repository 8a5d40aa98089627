"""What kinds of certificate an authority issues: data in ``certs/profiles``, checked when read.

A profile decides everything; an applicant only fills what it leaves open (a name, alternative
names) within its bounds. OIDs that depend on the edition of a standard are profile data.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from netops.errors import Place, ProfileError, Sentence
from netops.policy.strict import PROFILE, read_strict

SCHEMA = "netops/profile/1"

Text = dict[Literal["zh", "en"], str]
Oid = Annotated[str, Field(pattern=r"^[0-2](\.(0|[1-9]\d{0,38})){1,31}$")]
Usage = Literal[
    "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement",
    "keyCertSign", "cRLSign",
]  # fmt: skip
Attribute = Literal["C", "ST", "L", "O", "OU", "CN", "SN", "GN", "serialNumber", "emailAddress"]

PURPOSES = {
    "serverAuth": "1.3.6.1.5.5.7.3.1",
    "clientAuth": "1.3.6.1.5.5.7.3.2",
    "emailProtection": "1.3.6.1.5.5.7.3.4",
    "timeStamping": "1.3.6.1.5.5.7.3.8",
    "OCSPSigning": "1.3.6.1.5.5.7.3.9",
    "ipsecIKE": "1.3.6.1.5.5.7.3.17",
}
Purpose = Literal[
    "serverAuth", "clientAuth", "emailProtection", "timeStamping", "OCSPSigning", "ipsecIKE"
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SubjectRules(_Strict):
    """Which parts a name must and may have, and those that are the authority's to say."""

    required: tuple[Attribute, ...] = ("CN",)
    optional: tuple[Attribute, ...] = ()
    fixed: dict[Attribute, str] = Field(default_factory=dict)


class NameRules(_Strict):
    """Which alternative names an applicant may ask for."""

    kinds: tuple[Literal["dns", "ip", "email", "uri"], ...] = ()
    required: bool = False
    most: Annotated[int, Field(ge=0, le=100)] = 0


class Identity(_Strict):
    """An identifier that the authority states in an extension of its own (GM/T 0015)."""

    name: str
    oid: Oid
    source: str
    status: Literal["standard", "plan", "derived", "site", "sample"]


class Profile(_Strict):
    """One kind of certificate (GB/T 20518-2018 §5.2; ``gm-pki`` §4)."""

    schema_: Literal["netops/profile/1"] = Field(alias="schema")
    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
    title: Text
    kind: Literal["authority", "signing", "encryption"]
    validity_days: Annotated[int, Field(ge=1, le=11_000)]
    key_usage: Annotated[tuple[Usage, ...], Field(min_length=1)]
    subject: SubjectRules = SubjectRules()
    alternative_names: NameRules = NameRules()
    extended_key_usage: tuple[Purpose, ...] = ()
    extended_key_usage_critical: bool = False
    policies: tuple[Oid, ...] = ()
    identities: tuple[Identity, ...] = ()
    path_length: Annotated[int, Field(ge=0, le=7)] | None = None
    ocsp_no_check: bool = False
    points_to_status: bool = True
    source: str = ""

    @property
    def validity(self) -> timedelta:
        """How long its certificates are valid, both ends included."""
        return timedelta(days=self.validity_days) - timedelta(seconds=1)


def load_profile(path: Path) -> Profile:
    """Read one profile; raise ``ProfileError`` with file, line, field."""
    profile, _ = read_strict(path, Profile, PROFILE)
    if profile.name != path.stem:
        raise ProfileError(
            Sentence("The profile calls itself “{name}”.", name=profile.name),
            remedy="Give the file and the profile the same name.",
            place=Place(str(path), field="name"),
        )
    return profile


def load_profiles(folder: Path) -> dict[str, Profile]:
    """Read every profile of ``folder`` by its name."""
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise ProfileError(
            "There are no profiles here.",
            remedy="Name the folder of profiles; a copy of ours is in certs/profiles.",
            place=Place(str(folder)),
        )
    return {path.stem: load_profile(path) for path in paths}
