"""Channels that carry a notice to a person. Pure: knows nothing of consultations."""
