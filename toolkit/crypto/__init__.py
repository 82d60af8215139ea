"""Encryption at rest and keyed hashes. Secrets come from settings, never from the database."""

from .fields import EncryptedJSONField, EncryptedTextField
from .hashes import keyed_hash, keyed_hashes
from .keyring import Unreadable, current_key_id, decrypt, decrypt_bytes, encrypt, encrypt_bytes, is_current

__all__ = [
    "EncryptedJSONField",
    "EncryptedTextField",
    "Unreadable",
    "current_key_id",
    "decrypt",
    "decrypt_bytes",
    "encrypt",
    "encrypt_bytes",
    "is_current",
    "keyed_hash",
    "keyed_hashes",
]
