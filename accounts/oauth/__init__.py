"""The token endpoint: client credentials, proved by a secret or by a signed assertion."""
