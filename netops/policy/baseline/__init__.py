"""Rules of tiered protection as data: catalogue, facts, checks, profiles. One public face."""

from netops.policy.baseline.cases import Answered, CaseRunner
from netops.policy.baseline.coverage import CoverageRow, coverage_of
from netops.policy.baseline.fields import COMPONENTS
from netops.policy.baseline.grades import Grade, Mark, MarksFrom
from netops.policy.baseline.lint import Linted, lint_rules
from netops.policy.baseline.loading import examine_rules, load_rules
from netops.policy.baseline.operators import OPERATORS, Operator, Shape
from netops.policy.baseline.patterns import MAX_TEXT, slow_pattern
from netops.policy.baseline.rules import RuleSet, Total, leaves_of
from netops.policy.baseline.schemas import schema_texts
from netops.policy.baseline.values import (
    All,
    Any,
    Applies,
    Auto,
    Check,
    Cover,
    Excluded,
    Expression,
    FactKind,
    FactType,
    HighRiskCase,
    Item,
    ItemClass,
    Leaf,
    Literals,
    Not,
    Parameter,
    Profile,
    Reference,
    Related,
    Remedy,
    RemedyCommands,
)

__all__ = [
    "COMPONENTS",
    "MAX_TEXT",
    "OPERATORS",
    "All",
    "Answered",
    "Any",
    "Applies",
    "Auto",
    "CaseRunner",
    "Check",
    "Cover",
    "CoverageRow",
    "Excluded",
    "Expression",
    "FactKind",
    "FactType",
    "Grade",
    "HighRiskCase",
    "Item",
    "ItemClass",
    "Leaf",
    "Linted",
    "Literals",
    "Mark",
    "MarksFrom",
    "Not",
    "Operator",
    "Parameter",
    "Profile",
    "Reference",
    "Related",
    "Remedy",
    "RemedyCommands",
    "RuleSet",
    "Shape",
    "Total",
    "coverage_of",
    "examine_rules",
    "leaves_of",
    "lint_rules",
    "load_rules",
    "schema_texts",
    "slow_pattern",
]
