"""The case 会诊: application, participants, engine state, timeline."""
