"""Which scope a REST call needs."""

READING = ("GET", "HEAD", "OPTIONS")


def scope_needed(view, method: str) -> str | None:
    """`<scope_app>:read` or `<scope_app>:write`; None where the view asks for none.

    `view.reading_actions` names actions that only read although they are posted (a search, a check).
    """
    app = getattr(view, "scope_app", "")
    if not app:
        return None
    reads = method in READING or getattr(view, "action", None) in getattr(view, "reading_actions", ())
    return f"{app}:{'read' if reads else 'write'}"
