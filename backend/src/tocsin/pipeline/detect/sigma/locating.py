"""Finds the line of a rule file that an error speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

_KEYS: dict[str, tuple[str, ...]] = {
    "SigmaConditionError": ("condition",),
    "SigmaDetectionError": ("detection",),
    "SigmaLogsourceError": ("logsource",),
    "SigmaLevelError": ("level",),
    "SigmaStatusError": ("status",),
    "SigmaDateError": ("date",),
    "SigmaModifiedError": ("modified",),
    "SigmaIdentifierError": ("id",),
    "SigmaTagError": ("tags",),
    "SigmaTitleError": ("title",),
    "SigmaNameError": ("name",),
    "SigmaRelatedError": ("related",),
    "SigmaTimespanError": ("timespan",),
    "SigmaCorrelationTypeError": ("type",),
    "SigmaCorrelationConditionError": ("condition",),
    "SigmaCorrelationRuleError": ("correlation",),
    "SigmaFilterError": ("filter",),
    "SigmaFilterConditionError": ("condition",),
    "SigmaFilterRuleReferenceError": ("rules",),
    "SigmaRuleNotFoundError": ("rules",),
    "RegexError": ("detection",),
}
_QUOTED = re.compile(r"'([^']{1,200})'")


def document_lines(content: bytes) -> list[int]:
    """The first line, from 1, of each YAML document that has content."""
    return [node.start_mark.line + 1 for node in _documents(content)]


def error_line(content: bytes, document: int, error: Exception) -> int:
    """The best line for an error in the nth document (from 0); its first line when nothing better is found."""
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        return int(mark.line) + 1
    nodes = list(_documents(content))
    if document >= len(nodes):
        return 1
    root = nodes[document]
    message = str(error)
    for quoted in _QUOTED.findall(message):
        for scalar in _scalars(root):
            if quoted == scalar.value or (len(quoted) > 1 and quoted in scalar.value):
                return _line(scalar)
    for key in _KEYS.get(type(error).__name__, ()):
        for scalar in _scalars(root):
            if scalar.value == key:
                return _line(scalar)
    return root.start_mark.line + 1


def _documents(content: bytes) -> Iterator[yaml.Node]:
    try:
        for node in yaml.compose_all(content, Loader=yaml.CSafeLoader):
            if not (isinstance(node, yaml.ScalarNode) and node.value == ""):
                yield node
    except (yaml.YAMLError, RecursionError):
        return


def _scalars(root: yaml.Node) -> Iterator[yaml.ScalarNode]:
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, yaml.ScalarNode):
            yield node
        elif isinstance(node, yaml.MappingNode):
            stack.extend(part for pair in reversed(node.value) for part in reversed(pair))
        elif isinstance(node, yaml.SequenceNode):
            stack.extend(reversed(node.value))


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
