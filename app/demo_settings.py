"""Prints the settings of a demo with secrets of its own: `python -m app.demo_settings > FILE`."""

import base64
import secrets

LINES = {
    "HUIZHEN_MODE": "demo",
    "HUIZHEN_PUBLIC_URL": "http://127.0.0.1:5000",
    "HUIZHEN_SECRET_KEY": secrets.token_urlsafe(32),
    "HUIZHEN_DATA_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
}

if __name__ == "__main__":
    print("\n".join(f"{name}={value}" for name, value in LINES.items()))
