"""The outbox: what must be told to whom."""
