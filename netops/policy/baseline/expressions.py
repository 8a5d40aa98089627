"""Turns the expression of a file into a tree and holds every comparison to the closed table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from netops.errors import Sentence
from netops.policy.baseline.files import AllForm, AnyForm, LeafForm, NotForm
from netops.policy.baseline.noting import Notes, Path, Sheet
from netops.policy.baseline.operators import OPERATORS, Operator, Shape
from netops.policy.baseline.patterns import slow_pattern
from netops.policy.baseline.values import (
    All,
    Any,
    Expression,
    FactKind,
    FactType,
    Leaf,
    Literals,
    Not,
    Parameter,
    Reference,
)

_TYPES = {FactType.TEXT: str, FactType.INTEGER: int, FactType.BOOLEAN: bool}
_SHAPES: Mapping[Shape, str] = {
    Shape.WHOLE: Sentence("“{value}” is not a whole number, which “{op}” needs."),
    Shape.PAIR: Sentence("“{value}” is not two whole numbers, the smaller first."),
    Shape.TEXT: Sentence("“{value}” is not a text, which “{op}” needs."),
    Shape.PATTERN: Sentence("“{value}” is not a text, which “{op}” needs."),
    Shape.LIST: Sentence("“{value}” is not a list, or holds another type than “{fact}”."),
    Shape.SAME: Sentence("“{value}” is not of the type of “{fact}” ({type})."),
}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the expressions of one check may name."""

    component: str
    facts: Mapping[tuple[str, str], FactKind] | None
    """None: the file of the component's facts could not be read."""
    parameters: Mapping[str, Parameter]
    sheet: Sheet
    notes: Notes


def expression_of(form: object, path: Path, around: Surroundings) -> Expression:
    """Return the tree of a form; what is wrong with it is noted, and the tree still a tree."""
    if isinstance(form, AllForm):
        return All(_parts(form.all, (*path, "all"), around))
    if isinstance(form, AnyForm):
        return Any(_parts(form.any, (*path, "any"), around))
    if isinstance(form, NotForm):
        return Not(expression_of(form.not_, (*path, "not"), around))
    if not isinstance(form, LeafForm):
        raise TypeError(form)
    return _leaf(form, path, around)


def _parts(forms: tuple[object, ...], path: Path, around: Surroundings) -> tuple[Expression, ...]:
    return tuple(expression_of(form, (*path, number), around) for number, form in enumerate(forms))


def _leaf(form: LeafForm, path: Path, around: Surroundings) -> Leaf:
    kind = None if around.facts is None else around.facts.get((around.component, form.fact))
    operator = OPERATORS.get(form.op)
    if kind is None and around.facts is not None:
        _unknown_fact(form.fact, path, around, around.facts)
    if operator is None:
        around.notes.add(
            "wrong_type", around.sheet.place((*path, "op")),
            Sentence("“{text}” is none of: {values}.", text=form.op, values=", ".join(OPERATORS)),
            "Use an operator of the table in docs/baseline-rules.md.",
        )  # fmt: skip
    if kind is not None and operator is not None:
        _held(form, kind, operator, path, around)
    return Leaf(
        form.fact, form.op, _value_of(form), form.missing, form.each or "all", form.where,
        around.sheet.place(path).line,
    )  # fmt: skip


def _value_of(form: LeafForm) -> Literals | Reference | None:
    name = parameter_named(form.value)
    given: Literals | None = form.value
    return given if name is None else Reference(name)


def parameter_named(value: object) -> str | None:
    """Return the parameter that ``$name`` means, None for a literal; ``$$`` begins a plain one."""
    # A pattern may end in $ or be one; only a whole word behind the sign is a name.
    if (
        isinstance(value, str)
        and value.startswith("$")
        and value[1:].replace("_", "a").isidentifier()
    ):
        return value[1:]
    return None


def _unknown_fact(
    name: str, path: Path, around: Surroundings, facts: Mapping[tuple[str, str], FactKind]
) -> None:
    own = [fact for component, fact in facts if component == around.component]
    near = _nearest(name, own)
    remedy = (
        Sentence("Did you mean “{near}”?", near=near)
        if near
        else Sentence("Use a fact of evidence/{component}.yaml.", component=around.component)
    )
    cause = Sentence("The fact “{name}” is not known.", name=name)
    around.notes.add("unknown_fact", around.sheet.place((*path, "fact")), cause, remedy)


def _nearest(name: str, known: list[str]) -> str | None:
    import difflib  # noqa: PLC0415 - only where something is wrong

    found = difflib.get_close_matches(name, known, 1)
    return found[0] if found else None


def _held(
    form: LeafForm, kind: FactKind, operator: Operator, path: Path, around: Surroundings
) -> None:
    place, wrong = around.sheet.place, around.notes.add
    if kind.type not in operator.types:
        cause = Sentence(
            "“{op}” does not compare “{fact}”, which is {type}.",
            op=form.op, fact=form.fact, type=kind.type.value,
        )  # fmt: skip
        wrong("wrong_type", place((*path, "op")), cause, _TABLE)
        return
    if operator.keyed and not kind.keyed:
        cause = Sentence("“{op}” needs a keyed fact.", op=form.op)
        wrong("wrong_type", place((*path, "op")), cause, _TABLE)
    if form.each is not None and not (operator.takes_each and kind.keyed):
        cause = Sentence("“each” has no meaning with “{op}” and this fact.", op=form.op)
        wrong("wrong_type", place((*path, "each")), cause, "Leave it out.")
    _where(form, kind, path, around)
    _missing(form, kind, operator, path, around)
    _value(form, kind, operator, path, around)


_TABLE = Sentence("Use an operator that fits; docs/baseline-rules.md has the table.")


def _where(form: LeafForm, kind: FactKind, path: Path, around: Surroundings) -> None:
    if not form.where:
        return
    if not kind.keyed:
        cause = Sentence("“where” picks keys, and “{fact}” has none.", fact=form.fact)
        around.notes.add("wrong_type", around.sheet.place((*path, "where")), cause, "Leave it out.")
    _pattern(form.where, (*path, "where"), around)


def _missing(
    form: LeafForm, kind: FactKind, operator: Operator, path: Path, around: Surroundings
) -> None:
    needed = operator.needs_missing or (form.op.startswith("count_") and not kind.keyed)
    if needed and form.missing is None:
        around.notes.add(
            "missing_meaning", around.sheet.place(path),
            Sentence("Nothing says what a missing “{fact}” means.", fact=form.fact),
            "Add `missing:` met, not_met, unknown or not_applicable.",
        )  # fmt: skip
    if form.missing is not None and form.op in ("present", "absent"):
        cause = Sentence("“missing” has no meaning with “{op}”.", op=form.op)
        place = around.sheet.place((*path, "missing"))
        around.notes.add("wrong_type", place, cause, "Leave it out.")


def _value(
    form: LeafForm, kind: FactKind, operator: Operator, path: Path, around: Surroundings
) -> None:
    place = around.sheet.place((*path, "value"))
    value: object = form.value
    if operator.shape is Shape.NOTHING:
        if value is not None:
            cause = Sentence("“{op}” takes no value.", op=form.op)
            around.notes.add("wrong_type", place, cause, "Leave it out.")
        return
    name = parameter_named(value)
    if name is not None:
        if name not in around.parameters:
            cause = Sentence("The parameter “{name}” is not defined.", name=name)
            remedy = Sentence("Define it below `parameters:`, or correct the name.")
            around.notes.add("parameter_undefined", place, cause, remedy)
            return
        value = around.parameters[name].value
    if not fits(value, kind.type, operator.shape):
        cause = Sentence(
            _SHAPES[operator.shape], value=_shown(value), op=form.op, fact=form.fact,
            type=kind.type.value,
        )  # fmt: skip
        remedy = Sentence("Correct the value; put a text such as “no” in quotes.")
        around.notes.add("wrong_type", place, cause, remedy)
    elif operator.shape is Shape.PATTERN:
        _pattern(str(value), (*path, "value"), around)


def fits(value: object, kind: FactType, shape: Shape) -> bool:
    """Whether a value may stand with an operator of this shape and a fact of this type."""
    if shape is Shape.WHOLE:
        return _is_whole(value)
    if shape is Shape.PAIR:
        return (
            isinstance(value, tuple) and len(value) == 2  # noqa: PLR2004 - a pair
            and all(map(_is_whole, value)) and value[0] <= value[1]
        )  # fmt: skip
    if shape in (Shape.TEXT, Shape.PATTERN):
        return isinstance(value, str)
    if shape is Shape.LIST or kind is FactType.LIST:
        inner = int if kind is FactType.INTEGER else str
        return isinstance(value, tuple) and all(isinstance(one, inner) for one in value)
    if kind is FactType.INTEGER:
        return _is_whole(value)
    return isinstance(value, _TYPES[kind])


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _pattern(pattern: str, path: Path, around: Surroundings) -> None:
    why = slow_pattern(pattern)
    if why is not None:
        around.notes.add(
            "slow_pattern", around.sheet.place(path), why,
            "Write it with fewer repetitions, or as several comparisons.",
        )  # fmt: skip


def _shown(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return text[:80]
