# The part of google-re2 that we use; it ships no types.
from collections.abc import Iterator
from typing import AnyStr, Generic

class error(Exception): ...  # noqa: N801, N818

class Options:
    class Encoding:
        UTF8: Options.Encoding
        LATIN1: Options.Encoding

    max_mem: int
    encoding: Options.Encoding
    posix_syntax: bool
    longest_match: bool
    log_errors: bool
    literal: bool
    never_nl: bool
    dot_nl: bool
    never_capture: bool
    case_sensitive: bool
    perl_classes: bool
    word_boundary: bool
    one_line: bool

# named so in the library itself
class _Match(Generic[AnyStr]):
    def __getitem__(self, group: int | str) -> AnyStr | None: ...
    def group(self, group: int | str = 0) -> AnyStr | None: ...
    def groups(self) -> tuple[AnyStr | None, ...]: ...
    def groupdict(self) -> dict[str, AnyStr | None]: ...
    def start(self, group: int = 0) -> int: ...
    def end(self, group: int = 0) -> int: ...
    def span(self, group: int = 0) -> tuple[int, int]: ...

class _Regexp:
    pattern: str | bytes
    groups: int
    groupindex: dict[str, int]
    programsize: int
    def search(self, text: AnyStr, pos: int | None = None, endpos: int | None = None) -> _Match[AnyStr] | None: ...
    def match(self, text: AnyStr, pos: int | None = None, endpos: int | None = None) -> _Match[AnyStr] | None: ...
    def fullmatch(self, text: AnyStr, pos: int | None = None, endpos: int | None = None) -> _Match[AnyStr] | None: ...
    def finditer(self, text: AnyStr, pos: int | None = None, endpos: int | None = None) -> Iterator[_Match[AnyStr]]: ...

class Set:
    @classmethod
    def SearchSet(cls, options: Options | None = None) -> Set: ...  # noqa: N802
    @classmethod
    def MatchSet(cls, options: Options | None = None) -> Set: ...  # noqa: N802
    @classmethod
    def FullMatchSet(cls, options: Options | None = None) -> Set: ...  # noqa: N802
    def Add(self, pattern: str | bytes) -> int: ...  # noqa: N802
    def Compile(self) -> None: ...  # noqa: N802
    def Match(self, text: str | bytes) -> list[int] | None: ...  # noqa: N802

def compile(pattern: str | bytes, options: Options | None = None) -> _Regexp: ...  # noqa: A001
def escape(pattern: AnyStr) -> AnyStr: ...
