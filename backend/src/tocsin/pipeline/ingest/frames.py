"""From the bytes of one file to its records, by what the bytes say."""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.pipeline.ingest.encodings import is_binary, utf8
from tocsin.pipeline.ingest.event_xml import is_event_xml, xml_events
from tocsin.pipeline.ingest.evtx_chunks import FILE_MAGIC
from tocsin.pipeline.ingest.evtx_process import EvtxProcess
from tocsin.pipeline.ingest.evtx_records import evtx_records
from tocsin.pipeline.ingest.json_documents import is_json_documents, json_documents
from tocsin.pipeline.ingest.lines import lines
from tocsin.pipeline.ingest.readers import Peeking
from tocsin.pipeline.ingest.types import Frame, Reader, rejected
from tocsin.pipeline.ingest.zeek_tsv import is_zeek_tsv, zeek_rows


def frames(reader: Reader, source: str, process: EvtxProcess | None = None) -> Iterator[Frame]:
    """Every record in order, and what was broken between them; never raises for what is in the bytes.

    What is not known to be anything else is lines of text, each of which may be a JSON object. Windows event logs are
    read in `process`, or in one of their own.
    """
    stream = Peeking(reader)
    if stream.head.startswith(FILE_MAGIC):
        return evtx_records(stream, source, process) if process else _with_process(stream, source)
    text = utf8(stream)
    if is_zeek_tsv(text.head):
        return zeek_rows(text, source)
    if is_event_xml(text.head):
        return xml_events(text, source)
    if is_json_documents(text.head):
        return json_documents(text, source)
    if is_binary(text.head):
        return iter((rejected(source, 1, "byte", "no log: binary data", raw=text.head),))
    return lines(text, source)


def _with_process(reader: Reader, source: str) -> Iterator[Frame]:
    with EvtxProcess() as process:
        yield from evtx_records(reader, source, process)
