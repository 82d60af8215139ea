"""Encryption at rest and keyed hashes. Secrets come from settings, never from the database."""

from .fields import EncryptedJSONField, EncryptedTextField
from .hashes import keyed_hash, keyed_hashes
from .keyring import Unreadable, decrypt, encrypt, is_current

__all__ = [
    "EncryptedJSONField",
    "EncryptedTextField",
    "Unreadable",
    "decrypt",
    "encrypt",
    "is_current",
    "keyed_hash",
    "keyed_hashes",
]
