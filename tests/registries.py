"""Registries of reactions and notices a test may fill without leaving anything behind."""

from collections import defaultdict

from events import notices, reactions
from notifications import digest


def isolate(monkeypatch) -> None:
    """Empty registries for one test; what the apps registered comes back afterwards."""
    monkeypatch.setattr(reactions, "_by_name", {})
    monkeypatch.setattr(reactions, "_by_event", defaultdict(set))
    monkeypatch.setattr(reactions, "_on_noticed", set())
    monkeypatch.setattr(notices, "_by_event", defaultdict(list))
    monkeypatch.setattr(notices, "_visibility", {})
    monkeypatch.setattr(notices, "_recipients", {})
    monkeypatch.setattr(digest, "_sections", [])
