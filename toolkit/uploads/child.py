"""`python -m toolkit.uploads.child`: one file on stdin, the verdict on stdout, within fixed bounds.

Parsers of foreign files are where programs hang, swell and break. Here they do so alone: without the platform's
secrets (the parent gives no environment), without the database, with so much time and memory and no more.
"""

import json
import resource
import sys
from importlib import import_module

from .kinds import kind_of
from .verdict import Clean, Unfit

CPU_SECONDS = 20
MEMORY = 2 * 1024**3
CHECKS = {"jpeg": "images", "png": "images", "pdf": "pdf", "dicom": "dicom"}


def judge(data: bytes) -> Clean:
    """The verdict on one file; raises `Unfit`, or whatever a parser raises on what it cannot read."""
    kind = kind_of(data)
    return import_module(f"{__package__}.{CHECKS[kind]}").clean(data, kind)


def main() -> None:
    data = sys.stdin.buffer.read()
    _bound()
    head, body = _spoken(data)
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + body)


def _spoken(data) -> tuple[dict, bytes]:
    try:
        found = judge(data)
    except Unfit as unfit:
        return {"code": unfit.code, "values": unfit.values}, b""
    except Exception:  # a parser that gives up has said enough: the file is not what it claims
        return {"code": "damaged", "values": {}}, b""
    head = {"kind": found.kind, "facts": found.facts, "patient": found.patient, "size": len(found.data)}
    return head, found.data


def _bound() -> None:
    """No core either: it would be a copy of the file on the disk."""
    for what, most in ((resource.RLIMIT_CPU, CPU_SECONDS), (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main()
