#!/usr/bin/env bash
# Makes the virtual environment that `npm run test:gym` plays real Gymnasium in, once; git ignores it. Prints the path of its Python.
# Ends with 3 and a reason where there is no Python, or pip cannot bring gymnasium.
set -euo pipefail
cd "$(dirname "$0")/.."

folder="${MDPKIT_GYM_VENV:-test/gym/.venv}"
wanted="gymnasium==1.4.0"

if [ -x "$folder/bin/python" ] && "$folder/bin/python" -c "import gymnasium, sys; sys.exit(gymnasium.__version__ != '${wanted#*==}')" 2>/dev/null; then
  echo "$folder/bin/python"
  exit 0
fi
if ! command -v python3 >/dev/null; then
  echo "python3 is missing" >&2
  exit 3
fi
rm -rf "$folder"
if ! python3 -m venv "$folder" >&2; then
  echo "python3 -m venv failed" >&2
  exit 3
fi
if ! "$folder/bin/python" -m pip install --quiet --disable-pip-version-check "$wanted" >&2; then
  echo "pip could not install $wanted" >&2
  exit 3
fi
echo "$folder/bin/python"
