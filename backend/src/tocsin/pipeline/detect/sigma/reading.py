"""Reads Sigma files: every rule that can be loaded is, every other one says file, line and reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, TypeGuard, cast

import yaml
from msgspec.structs import replace
from sigma.collection import SigmaCollection
from sigma.correlations import SigmaCorrelationRule
from sigma.exceptions import SigmaConditionError, SigmaError
from sigma.filters import SigmaFilter
from sigma.policy import SigmaPolicy
from sigma.rule import SigmaRule

from tocsin.core.errors import InvalidInputError
from tocsin.core.ids import RuleId
from tocsin.pipeline.detect.sigma import conversion, regex
from tocsin.pipeline.detect.sigma.locating import document_lines, error_line
from tocsin.pipeline.detect.types import AllOf, AnyOf, Correlation, Failure, Node, Not, Rule, RuleSet, Source

LARGEST_FILE = 1 << 20
DEEPEST = 64
_DEEPEST_YAML = 1000
_POLICY = SigmaPolicy(regex_engine=regex.Judge())
_BROKEN = (SigmaError, InvalidInputError, ValueError, TypeError, AttributeError, KeyError, RecursionError)
"""What pySigma raises on hostile input besides its own errors; anything else is a defect and shows."""
_FILTER = re.compile(rb"^filter\s*:", re.MULTILINE)


class RuleFile(NamedTuple):
    """A file as it was found."""

    path: str
    content: bytes


class _Document(NamedTuple):
    file: RuleFile
    number: int
    line: int
    context: tuple[dict[str, Any], ...]
    """Documents before it in the file that change what it means (global, reset, repeat)."""
    body: dict[str, Any]


def read(files: Iterable[RuleFile]) -> RuleSet:
    """All rules of the files, in the order given. Raises nothing: failures are in the result."""
    failures: list[Failure] = []
    rules: list[Rule] = []
    correlations: list[Correlation] = []
    files = list(files)
    filters = list(_filters(files, failures))
    for file in files:
        for document in _documents(file, failures):
            try:
                found = _loaded(document, filters)
            except _BROKEN as error:
                failures.append(_failure(document, error))
                continue
            rules.extend(one for one in found if isinstance(one, Rule))
            correlations.extend(one for one in found if isinstance(one, Correlation))
    return _joined(rules, correlations, failures)


def _documents(file: RuleFile, failures: list[Failure]) -> Iterator[_Document]:
    if len(file.content) > LARGEST_FILE:
        failures.append(Failure(file.path, 1, f"larger than {LARGEST_FILE} bytes"))
        return
    if _too_deep(file.content):
        failures.append(Failure(file.path, 1, f"nested deeper than {_DEEPEST_YAML}"))
        return
    try:
        loaded: list[Any] = list(yaml.load_all(file.content, Loader=yaml.CSafeLoader))
    except (yaml.YAMLError, RecursionError, ValueError, OverflowError) as error:
        failures.append(Failure(file.path, error_line(file.content, 0, error), f"not YAML: {_first_line(error)}"))
        return
    bodies = [body for body in loaded if body is not None]
    lines = document_lines(file.content) if len(bodies) > 1 else [1]
    context: list[dict[str, Any]] = []
    for number, body in enumerate(bodies):
        line = lines[number] if number < len(lines) else 1
        if not _is_mapping(body):
            failures.append(Failure(file.path, line, "not a Sigma rule: a document must be a mapping of names"))
            continue
        action = body.get("action")
        if action in ("global", "reset"):
            context = [dict(body)] if action == "global" else []
            continue
        yield _Document(file, number, line, tuple(dict(one) for one in context), body)
        if action != "repeat":
            context = [one for one in context if one.get("action") == "global"]
        context.append(body)


def _is_mapping(body: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(body, dict) and all(isinstance(key, str) for key in cast("dict[object, object]", body))


def _too_deep(content: bytes) -> bool:
    """libyaml's composer recurses in C and would take the process with it."""
    if max(map(content.count, (b"[", b"{", b"- ", b"? "))) < _DEEPEST_YAML:
        return False
    depth = 0
    try:
        for event in yaml.parse(content, Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > _DEEPEST_YAML:
                    return True
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
    except yaml.YAMLError:
        return False
    return False


def _loaded(document: _Document, filters: list[SigmaFilter]) -> list[Rule | Correlation]:
    body = document.body
    if not {"detection", "correlation", "filter", "action"} & body.keys():
        message = "not a Sigma rule: it has no detection"
        raise InvalidInputError(message)
    if "filter" in body:
        return []
    context = [one for one in document.context if one.get("action") == "global" or body.get("action") == "repeat"]
    collection = SigmaCollection.from_dicts(
        [*context, body], collect_filters=True, resolve_references=False, policy=_POLICY
    )
    if not collection.rules:
        return []
    parsed = collection.rules[-1]
    source = Source(document.file.path, document.line)
    if isinstance(parsed, SigmaCorrelationRule):
        return [conversion.correlation(parsed, source)]
    for one in filters:
        parsed = cast("SigmaRule", one.apply_on_rule(parsed))
    rule = conversion.rule(parsed, source)
    if _depth(rule.condition) > DEEPEST:
        message = f"the condition is nested deeper than {DEEPEST}"
        raise InvalidInputError(message)
    return [rule]


def _filters(files: Iterable[RuleFile], failures: list[Failure]) -> Iterator[SigmaFilter]:
    for file in files:
        if not _FILTER.search(file.content):
            continue
        for document in _documents(file, []):
            if "filter" not in document.body:
                continue
            try:
                yield SigmaFilter.from_dict(document.body, policy=_POLICY)
            except _BROKEN as error:
                failures.append(_failure(document, error))


def _failure(document: _Document, error: Exception) -> Failure:
    line = error_line(document.file.content, document.number, error)
    return Failure(document.file.path, line, _first_line(error))


def _first_line(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "nested too deep"
    problem = getattr(error, "problem", None)
    text = str(problem or error).strip().partition("\n")[0] or type(error).__name__
    # whatever is no error of pySigma's or ours came from the depths: its type is part of the reason
    if isinstance(error, SigmaConditionError):
        text = f"condition: {text}"
    known = isinstance(error, SigmaError | InvalidInputError | yaml.YAMLError)
    return (text if known else f"{type(error).__name__}: {text}")[:500]


def _depth(node: Node) -> int:
    deepest = 0
    stack: list[tuple[Node, int]] = [(node, 1)]
    while stack:
        one, depth = stack.pop()
        deepest = max(deepest, depth)
        if isinstance(one, Not):
            stack.append((one.child, depth + 1))
        elif isinstance(one, AllOf | AnyOf):
            stack.extend((child, depth + 1) for child in one.children)
    return deepest


def _joined(rules: list[Rule], correlations: list[Correlation], failures: list[Failure]) -> RuleSet:
    kept: dict[RuleId, Rule] = {}
    for rule in rules:
        if (first := kept.get(rule.id)) is None:
            kept[rule.id] = rule
        elif first != rule:
            reason = f"the id {rule.id} is taken by {first.source.path}:{first.source.line}"
            failures.append(Failure(rule.source.path, rule.source.line, reason))
    resolved = _resolved(list(kept.values()), correlations, failures)
    return RuleSet(tuple(kept.values()), tuple(resolved), tuple(sorted(failures)))


def _resolved(rules: list[Rule], correlations: list[Correlation], failures: list[Failure]) -> Iterator[Correlation]:
    """References by id or name become ids; one that leads nowhere is a failure of the correlation alone."""
    known: dict[str, RuleId] = {}
    for one in (*rules, *correlations):
        known.setdefault(str(one.id), one.id)
        if one.name:
            known.setdefault(one.name, one.id)
    seen: set[RuleId] = {rule.id for rule in rules}
    chained = {str(one.id) for one in correlations}
    for one in correlations:
        reason = _unresolved(one, known, chained)
        if one.id in seen:
            reason = f"the id {one.id} is taken"
        if reason:
            failures.append(Failure(one.source.path, one.source.line, reason))
            continue
        seen.add(one.id)
        yield _with_ids(one, known)


def _unresolved(one: Correlation, known: dict[str, RuleId], chained: set[str]) -> str:
    for reference in (*one.rules, *(ref for mapping in one.aliases.values() for ref in mapping)):
        if reference not in known:
            return f"no rule is called {reference!r}"
        if str(known[reference]) in chained:
            return f"{reference!r} is a correlation; chained correlations are not supported yet"
    return "" if one.rules else "the correlation names no rules"


def _with_ids(one: Correlation, known: dict[str, RuleId]) -> Correlation:
    rules = tuple(known[reference] for reference in one.rules)
    return replace(
        one,
        rules=rules if one.type == "temporal_ordered" else tuple(dict.fromkeys(rules)),
        aliases={
            alias: {known[reference]: field for reference, field in mapping.items()}
            for alias, mapping in one.aliases.items()
        },
    )
