"""Names that only the outside uses, each with who does, so that check_dead_code does not report them."""

from tocsin.pipeline.correlate.types import Store
from tocsin.pipeline.detect.matching.engine import Engine
from tocsin.pipeline.ingest.named_files import NamedFile

USED = (
    # what reads archives asks a file for it
    NamedFile.seekable,
    # tests look at what was compiled
    Engine.matchers,
    # the server's store will be one; a replay keeps everything in memory
    Store,
    Store.save,
)
