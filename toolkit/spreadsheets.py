"""Tables to open in a spreadsheet: CSV that Excel reads as UTF-8 and that starts no formula."""

import csv
from collections.abc import Iterable
from io import StringIO

from django.http import HttpResponse
from django.utils.http import content_disposition_header

BYTE_ORDER_MARK = "\ufeff"
STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""With one of these a cell is taken for a formula."""


def csv_text(rows: Iterable[Iterable]) -> str:
    """The rows as CSV with a byte order mark; None is an empty cell, numbers stay numbers."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return BYTE_ORDER_MARK + out.getvalue()


def csv_response(filename: str, rows: Iterable[Iterable]) -> HttpResponse:
    """The same as a file to be saved."""
    headers = {"Content-Disposition": content_disposition_header(True, filename), "Cache-Control": "no-store"}
    return HttpResponse(csv_text(rows), content_type="text/csv; charset=utf-8", headers=headers)


def _safe(cell):
    if cell is None or isinstance(cell, (int, float)):
        return cell
    text = str(cell)
    return f"'{text}" if text.lstrip(" \u3000").startswith(STARTERS) or text.startswith(STARTERS) else text
