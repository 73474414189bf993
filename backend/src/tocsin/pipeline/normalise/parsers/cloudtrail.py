"""AWS CloudTrail: who called which API, from where, and whether it was let through."""

from __future__ import annotations

from typing import ClassVar

from tocsin.core.event import Fields, Origin
from tocsin.pipeline.normalise.parsers.documents import inner, time_in, word_in
from tocsin.pipeline.normalise.types import Parsed

_THROUGH_EVENTBRIDGE = "via cloudtrail"


class CloudTrail:
    """Kind: (service, call, who): s3.amazonaws.com, putobject, and root where it is the account itself, else empty.

    A record that EventBridge brings stands in `detail`; its fields are those of the record.
    """

    shape: ClassVar[str] = "cloudtrail"

    def recognises(self, document: Fields) -> bool:
        record = _record(document)
        return "eventSource" in record and "eventName" in record and ("eventVersion" in record or "eventID" in record)

    def parse(self, document: Fields, origin: Origin) -> Parsed:
        record = _record(document)
        root = inner(record, "userIdentity").get("type") == "Root"
        kind = (word_in(record, "eventSource"), word_in(record, "eventName"), "root" if root else "")
        identity = record.get("eventID")
        return Parsed(
            kind, record, time_in(record, "eventTime", "@timestamp"), identity if isinstance(identity, str) else ""
        )


def _record(document: Fields) -> Fields:
    brought = document.get("detail-type")
    if isinstance(brought, str) and brought.lower().endswith(_THROUGH_EVENTBRIDGE):
        return inner(document, "detail")
    return document
