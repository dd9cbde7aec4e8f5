"""Patients: identity, consent and what may be shown of them."""
