#!/usr/bin/env bash
# Makes sure there is a Chromium for the journeys: installs Debian's as root, else says how.
set -euo pipefail
command -v chromium > /dev/null && exit 0
if command -v apt-get > /dev/null && [ "$(id -u)" = 0 ]; then
  echo "── Chromium (once)"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk > /dev/null
else
  echo "The journeys need Chromium: apt install chromium fonts-noto-cjk (as root), then again." >&2
  exit 1
fi
