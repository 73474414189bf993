"""From pySigma's parsed objects to our plain rules."""

from __future__ import annotations

from collections.abc import Iterable

from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.correlations import SigmaCorrelationCondition, SigmaCorrelationRule, SigmaRuleReference
from sigma.rule import SigmaRule
from sigma.rule.base import SigmaRuleBase
from sigma.types import (
    CompareOperators,
    Placeholder,
    SigmaBool,
    SigmaCasedString,
    SigmaCIDRExpression,
    SigmaCompareExpression,
    SigmaExists,
    SigmaExpansion,
    SigmaFieldReference,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaRegularExpressionFlag,
    SigmaString,
    SigmaTimestampPart,
    SigmaType,
    SpecialChars,
)

from tocsin.core.clock import SECOND
from tocsin.core.errors import InvalidInputError
from tocsin.core.ids import RuleId, derive
from tocsin.core.severity import Severity
from tocsin.pipeline.detect.sigma import regex
from tocsin.pipeline.detect.types import (
    ANY,
    FALSE,
    ONE,
    AllOf,
    AnyOf,
    Correlation,
    CorrelationType,
    Node,
    Not,
    Op,
    Rule,
    Source,
    Test,
)
from tocsin.pipeline.normalise.aliases import LogSource

_FLAGS = {
    SigmaRegularExpressionFlag.IGNORECASE: "i",
    SigmaRegularExpressionFlag.MULTILINE: "m",
    SigmaRegularExpressionFlag.DOTALL: "s",
}
_COMPARE: dict[CompareOperators, Op] = {
    CompareOperators.LT: "lt",
    CompareOperators.LTE: "lte",
    CompareOperators.GT: "gt",
    CompareOperators.GTE: "gte",
}
_CORRELATIONS: dict[str, CorrelationType] = {
    "event_count": "event_count",
    "value_count": "value_count",
    "temporal": "temporal",
    "temporal_ordered": "temporal_ordered",
}
_TACTICS = frozenset(
    "reconnaissance resource-development initial-access execution persistence privilege-escalation stealth "
    "defense-impairment defense-evasion credential-access discovery lateral-movement collection "
    "command-and-control exfiltration impact".split()
)


class UnsupportedError(InvalidInputError):
    """The rule is valid Sigma, and says something that this engine does not do."""

    code = "unsupported_rule"


def rule(parsed: SigmaRule, source: Source) -> Rule:
    """Raises UnsupportedError, or pySigma's errors where a condition does not parse."""
    unfilled: list[str] = []
    conditions = [node(condition.parsed, unfilled) for condition in parsed.detection.parsed_condition]
    techniques, tactics = _attack(parsed)
    return Rule(
        id=_id(parsed, source),
        name=parsed.name or "",
        title=parsed.title,
        severity=_severity(parsed),
        status=parsed.status.name.lower() if parsed.status else "",
        logsource=LogSource(
            (parsed.logsource.product or "").lower(),
            (parsed.logsource.category or "").lower(),
            (parsed.logsource.service or "").lower(),
        ),
        condition=conditions[0] if len(conditions) == 1 else AnyOf(tuple(conditions)),
        techniques=techniques,
        tactics=tactics,
        description=parsed.description or "",
        author=parsed.author or "",
        falsepositives=tuple(parsed.falsepositives or ()),
        references=tuple(parsed.references or ()),
        source=source,
        unfilled=tuple(dict.fromkeys(unfilled)),
    )


def correlation(parsed: SigmaCorrelationRule, source: Source) -> Correlation:
    """`rules` and `aliases` still hold the references as written; the rule set resolves them."""
    kind = _CORRELATIONS.get(parsed.type.name.lower())
    if kind is None:
        message = f"correlation type {parsed.type.name.lower()} is not supported"
        raise UnsupportedError(message)
    condition = parsed.condition
    if not isinstance(condition, SigmaCorrelationCondition):
        message = "extended correlation conditions are not supported"
        raise UnsupportedError(message)
    references = [reference.reference for reference in parsed.rules or ()]
    techniques, tactics = _attack(parsed)
    return Correlation(
        id=_id(parsed, source),
        name=parsed.name or "",
        title=parsed.title,
        severity=_severity(parsed),
        status=parsed.status.name.lower() if parsed.status else "",
        type=kind,
        rules=tuple(RuleId(reference) for reference in references),
        group_by=tuple(parsed.group_by or ()),
        timespan=parsed.timespan.seconds * SECOND,
        at_least=len(set(references)) if kind.startswith("temporal") else _at_least(condition),
        field=_fields(condition),
        aliases={
            alias.alias: {_reference(ref): name for ref, name in alias.mapping.items()} for alias in parsed.aliases
        },
        generate=parsed.generate,
        techniques=techniques,
        tactics=tactics,
        description=parsed.description or "",
        author=parsed.author or "",
        falsepositives=tuple(parsed.falsepositives or ()),
        references=tuple(parsed.references or ()),
        source=source,
    )


def node(condition: object, unfilled: list[str]) -> Node:
    """A condition tree; names of unfilled placeholders are appended to `unfilled`."""
    if isinstance(condition, ConditionAND):
        return AllOf(tuple(node(arg, unfilled) for arg in condition.args))
    if isinstance(condition, ConditionOR):
        return AnyOf(tuple(node(arg, unfilled) for arg in condition.args))
    if isinstance(condition, ConditionNOT):
        return Not(node(condition.args[0], unfilled))
    if isinstance(condition, ConditionFieldEqualsValueExpression):
        return _test(condition.field, condition.value, unfilled)
    if isinstance(condition, ConditionValueExpression):
        return _test("", condition.value, unfilled)
    message = f"condition of type {type(condition).__name__} is not supported"
    raise UnsupportedError(message)


def _test(field: str, value: SigmaType, unfilled: list[str]) -> Node:
    if isinstance(value, SigmaExpansion):
        return AnyOf(tuple(_test(field, one, unfilled) for one in value.values))
    if isinstance(value, SigmaString):
        return _string(field, value, unfilled)
    if isinstance(value, SigmaTimestampPart):
        return Test(field, _time_part(value), int(value.number))
    if isinstance(value, SigmaNumber):
        return _plain(field, str(value.number))
    if isinstance(value, SigmaBool):
        return _plain(field, "true" if value.boolean else "false")
    if isinstance(value, SigmaNull):
        return Test(field, "null", value=True)
    return _special(field, value, unfilled)


def _special(field: str, value: SigmaType, unfilled: list[str]) -> Node:
    if isinstance(value, SigmaExists):
        return Test(field, "exists", value=value.exists)
    if isinstance(value, SigmaRegularExpression):
        return _regex(field, value, unfilled)
    if isinstance(value, SigmaCIDRExpression):
        return Test(field, "cidr", str(value.network))
    if isinstance(value, SigmaCompareExpression):
        if value.op is CompareOperators.NEQ:
            return Not(_plain(field, str(value.number.number)))
        return Test(field, _COMPARE[value.op], value.number.number)
    if isinstance(value, SigmaFieldReference):
        op: Op = "same_start" if value.starts_with else "same_end" if value.ends_with else "same"
        return Test(field, op, value.field)
    message = f"value of type {type(value).__name__} is not supported"
    raise UnsupportedError(message)


def _plain(field: str, value: str) -> Test:
    # a keyword is looked for anywhere in a value, a field's value is compared whole
    return Test(field, "equals" if field else "contains", value)


def _string(field: str, value: SigmaString, unfilled: list[str]) -> Node:
    missing = [part.name for part in value.s if isinstance(part, Placeholder)]
    if missing:
        unfilled.extend(missing)
        return FALSE
    cased = isinstance(value, SigmaCasedString)
    pattern = _pattern(value)
    if not field:  # a keyword may stand anywhere
        pattern = (ANY, *pattern, ANY)
    pattern = _without_repeats(pattern)
    match pattern:
        case ():
            return Test(field, "equals", "", cased)
        case (int(),) if pattern[0] == ANY:
            return Test(field, "exists", value=True)
        case (str() as literal,):
            return Test(field, "equals", literal, cased)
        case (0, str() as literal):
            return Test(field, "endswith", literal, cased)
        case (str() as literal, 0):
            return Test(field, "startswith", literal, cased)
        case (0, str() as literal, 0):
            return Test(field, "contains", literal, cased)
        case _:
            return Test(field, "like", pattern, cased)


def _pattern(value: SigmaString) -> tuple[str | int, ...]:
    pieces: list[str | int] = []
    for part in value.s:
        if isinstance(part, SpecialChars):
            pieces.append(ANY if part is SpecialChars.WILDCARD_MULTI else ONE)
        elif isinstance(part, str) and part:
            if pieces and isinstance(pieces[-1], str):
                pieces[-1] += part
            else:
                pieces.append(part)
    return tuple(pieces)


def _without_repeats(pattern: tuple[str | int, ...]) -> tuple[str | int, ...]:
    kept: list[str | int] = []
    for piece in pattern:
        if not (piece == ANY and kept and kept[-1] == ANY):
            kept.append(piece)
    return tuple(kept)


def _regex(field: str, value: SigmaRegularExpression, unfilled: list[str]) -> Node:
    missing = [part.name for part in value.regexp.s if isinstance(part, Placeholder)]
    if missing:
        unfilled.extend(missing)
        return FALSE
    flags = "".join(sorted(_FLAGS[flag] for flag in value.flags))
    pattern = str(value.regexp)
    regex.compiled(pattern, flags)  # refuses what could run away
    return Test(field, "re", pattern, cased=True, flags=flags)


def _time_part(value: SigmaTimestampPart) -> Op:
    match value.timestamp_part.name.lower():
        case "minute" | "hour" | "day" | "week" | "month" | "year" as part:
            return part
        case other:
            message = f"time part {other} is not supported"
            raise UnsupportedError(message)


def _at_least(condition: SigmaCorrelationCondition) -> int:
    operator, count = condition.op.name.lower(), condition.count
    if operator not in ("gt", "gte"):
        message = (
            f"correlation condition {operator} needs the end of the window and is not supported yet; use gt or gte"
        )
        raise UnsupportedError(message)
    whole = int(count)
    at_least = whole + 1 if operator == "gt" or whole != count else whole
    if at_least < 1:
        message = f"correlation condition {operator} {count} holds without any event"
        raise UnsupportedError(message)
    return at_least


def _fields(condition: SigmaCorrelationCondition) -> tuple[str, ...]:
    if condition.fieldref is None:
        return ()
    return (condition.fieldref,) if isinstance(condition.fieldref, str) else tuple(condition.fieldref)


def _reference(reference: SigmaRuleReference) -> RuleId:
    return RuleId(reference.reference)


def _id(parsed: SigmaRuleBase, source: Source) -> RuleId:
    return RuleId(str(parsed.id) if parsed.id else derive("rule", parsed.title, source.path, source.line))


def _severity(parsed: SigmaRuleBase) -> Severity:
    # Sigma leaves the level optional; medium neither hides such a rule nor lets it open an incident alone
    return Severity.of(parsed.level.name) if parsed.level else Severity.MEDIUM


def _attack(parsed: SigmaRuleBase) -> tuple[tuple[str, ...], tuple[str, ...]]:
    names = [tag.name.lower() for tag in parsed.tags if tag.namespace == "attack"]
    return _techniques(names), tuple(dict.fromkeys(name for name in names if name in _TACTICS))


def _techniques(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.upper() for name in names if name[:1] == "t" and name[1:2].isdigit()))
