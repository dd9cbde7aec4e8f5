"""Measurements against peers and limits, each runnable by one command."""
