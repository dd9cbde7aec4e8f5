"""Processes a manager publishes: versions of diagram, forms and decisions."""
