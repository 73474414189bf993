"""The event: raw bytes, native fields, and typed columns with OCSF names; nothing is lost, nothing renamed."""

from __future__ import annotations

from hashlib import sha256
from typing import TypeAlias

from msgspec import Struct

from tocsin.core.clock import Nanoseconds
from tocsin.core.ids import EventId, TenantId, derive

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
Fields: TypeAlias = "dict[str, Json]"
Kind: TypeAlias = tuple[str, ...]
"""What sort of event within its shape: for Windows (channel, provider, event id), lower case. It routes the event to
its log sources; the alias pack of the shape names the parts."""


class Origin(Struct, frozen=True, kw_only=True):
    """Where a batch of records came from; shared by its events."""

    tenant: TenantId
    source: str
    """As a person knows it: the file's path inside the upload, or the device."""
    lane: str
    """Records of one lane share watermarks: an upload, an archive, a backlog, or a live device."""
    batch: str
    """The client's batch id, else the SHA-256 of the body, file or stream position."""
    received: Nanoseconds
    zone: str = "UTC"
    """IANA name; for formats whose times name no zone (RFC 3164)."""
    modified: Nanoseconds | None = None
    """The file's own time, where it has one: gives RFC 3164 its year."""


class Event(Struct, frozen=True):
    """One record of a source, as it came and as it reads."""

    origin: Origin
    index: int
    """Position in the batch, from 0."""
    raw: bytes
    shape: str
    """Names the alias pack that knows these native fields: windows-flat, cowrie, zeek …"""
    kind: Kind
    fields: Fields
    """The native fields, names and nesting as the source writes them."""
    time: Nanoseconds
    """The source's clock; `origin.received` where the record has none (`timed` is then False)."""
    timed: bool = True
    identity: str = ""
    """The record's own identity where the source gives one: host, channel and record id; CloudTrail's eventID."""

    @property
    def id(self) -> EventId:
        """Equal for the same record sent again; different for two equal lines of one batch. Hashes: keep the result."""
        tenant, shape = self.origin.tenant, self.shape
        if self.identity:
            return EventId(derive("event", tenant, shape, self.identity, self.raw))
        return EventId(derive("event", tenant, shape, self.origin.batch, self.index))

    @property
    def skew(self) -> Nanoseconds:
        """Ingest time minus event time: positive when the event took its time, negative when it claims the future."""
        return self.origin.received - self.time

    @property
    def sha256(self) -> str:
        return sha256(self.raw).hexdigest()


class Columns(Struct, frozen=True, kw_only=True):
    """The typed layer: about 50 columns with OCSF 1.5 names, dots written as `__` here.

    Filled by an alias pack. Text unless typed otherwise; None where the source does not say. These names are also field
    names for source-agnostic rules and for search.
    """

    time: Nanoseconds
    ingest_time: Nanoseconds
    class_uid: int | None = None
    activity_name: str | None = None
    status: str | None = None
    """Success or Failure."""
    severity: str | None = None
    message: str | None = None
    metadata__product__name: str | None = None
    metadata__log_name: str | None = None
    metadata__event_code: str | None = None
    device__hostname: str | None = None
    device__ip: str | None = None
    actor__user__name: str | None = None
    """Who did it."""
    actor__user__domain: str | None = None
    actor__user__uid: str | None = None
    actor__session__uid: str | None = None
    user__name: str | None = None
    """To whom it was done: the account that was tried, created, changed."""
    user__domain: str | None = None
    user__uid: str | None = None
    group__name: str | None = None
    process__uid: str | None = None
    process__pid: int | None = None
    process__file__path: str | None = None
    process__cmd_line: str | None = None
    process__parent_process__uid: str | None = None
    process__parent_process__pid: int | None = None
    process__parent_process__file__path: str | None = None
    process__parent_process__cmd_line: str | None = None
    file__path: str | None = None
    file__hashes__md5: str | None = None
    file__hashes__sha1: str | None = None
    file__hashes__sha256: str | None = None
    reg_key__path: str | None = None
    reg_value__data: str | None = None
    src_endpoint__ip: str | None = None
    src_endpoint__port: int | None = None
    src_endpoint__hostname: str | None = None
    dst_endpoint__ip: str | None = None
    dst_endpoint__port: int | None = None
    dst_endpoint__hostname: str | None = None
    connection_info__protocol_name: str | None = None
    traffic__bytes_in: int | None = None
    """From the destination back to the source."""
    traffic__bytes_out: int | None = None
    """From the source to the destination."""
    session__uid: str | None = None
    """Of the network or log-on session: Zeek uid, Suricata flow id, Cowrie session, TargetLogonId."""
    logon_type: str | None = None
    auth_protocol: str | None = None
    service__name: str | None = None
    query__hostname: str | None = None
    answers: str | None = None
    http_request__http_method: str | None = None
    http_request__url__text: str | None = None
    http_request__user_agent: str | None = None
    http_response__code: int | None = None
    tls__sni: str | None = None
    cloud__account__uid: str | None = None
    cloud__region: str | None = None
    api__service__name: str | None = None
    api__operation: str | None = None


COLUMN_OF: dict[str, str] = {name.replace("__", "."): name for name in Columns.__struct_fields__}
"""OCSF name (src_endpoint.ip) → attribute of Columns (src_endpoint__ip)."""
