"""The audit trail of a consortium as its auditor reads it: references, never the names of persons."""
