"""Processes, decisions and FEEL. Pure: knows nothing of Flask, databases or people."""
