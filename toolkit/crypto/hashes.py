"""Keyed hashes: find an encrypted number again without being able to guess it from the table."""

import hashlib
import hmac
from functools import lru_cache

from .keyring import derive, secrets_from


def keyed_hash(purpose, value):
    """HMAC-SHA256 under the current key, 64 hex characters. `value` must be normalised by its owner."""
    return _digest(secrets_from("HASH_KEYS")[0], purpose, value)


def keyed_hashes(purpose, value):
    """The hashes under every key of `settings.HASH_KEYS`, newest first: for look-ups while keys rotate."""
    return [_digest(secret, purpose, value) for secret in secrets_from("HASH_KEYS")]


def _digest(secret, purpose, value):
    return hmac.new(_key(secret, purpose), str(value).encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=256)
def _key(secret, purpose):
    return derive(secret, f"hash:{purpose}")
