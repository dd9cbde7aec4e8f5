"""What may be sent with an upload."""

from app.web.inputs import Input, Text


class VersionInput(Input):
    """What a manager says about a new version."""

    note = Text(500)
