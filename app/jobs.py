"""The APScheduler table: each line calls an action."""
