"""Opinions, the joint report and its signature."""
