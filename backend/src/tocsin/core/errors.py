"""The tree of errors: each knows its HTTP status, its machine code and a message that is safe to show."""

from __future__ import annotations

from typing import ClassVar


class TocsinError(Exception):
    """The root: whatever Tocsin raises on purpose."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"


class InvalidInputError(TocsinError):
    """What was given cannot be read as what it should be."""

    status = 422
    code = "invalid_input"


class RecordError(InvalidInputError):
    """One record cannot be parsed; the reason is a short fixed word that can be counted."""

    code = "bad_record"

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class ContainerError(InvalidInputError):
    """A file or archive cannot be unpacked."""

    code = "bad_container"

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class ContentError(InvalidInputError):
    """A file of our own content (alias pack, watch-list, test) is wrong."""

    code = "bad_content"


class SettingError(TocsinError):
    """A setting is missing or wrong; found at start-up."""

    code = "bad_setting"
