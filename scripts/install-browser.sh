#!/usr/bin/env bash
# Chromium for the browser tests, from Debian's or Ubuntu's packages, where there is none yet. Needs root there; elsewhere it says what is missing and fails.
# usage: scripts/install-browser.sh   (MDPKIT_CHROMIUM names another browser of the family)
set -euo pipefail

for name in "${MDPKIT_CHROMIUM:-}" chromium chromium-browser google-chrome; do
  if [ -n "$name" ] && command -v "$name" >/dev/null; then
    echo "browser: $(command -v "$name")"
    exit 0
  fi
done

if ! command -v apt-get >/dev/null; then
  echo "no Chromium here, and no apt-get to install it with: install it by hand, or set MDPKIT_CHROMIUM" >&2
  exit 1
fi
if [ "$(id -u)" != 0 ]; then
  echo "no Chromium here, and no right to install it: run this script as root, or set MDPKIT_CHROMIUM" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends chromium >/dev/null
echo "browser: $(command -v chromium)"
