"""What each log line carries."""

import logging


class RequestIDFilter(logging.Filter):
    """Adds `request_id` to a record; a dash outside a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        from toolkit.requests import current_request_id  # the toolkit needs configured settings

        record.request_id = current_request_id() or "-"
        return True
