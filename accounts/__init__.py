"""Users, memberships, duty rosters, roles as data, API clients, idempotent requests, the current actor."""
