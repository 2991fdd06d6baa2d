#!/usr/bin/env bash
# Builds the real @tensorflow/tfjs-node, whose install script downloads from a server of its own, from npm and PyPI alone: TensorFlow's library comes out
# of the tensorflow-cpu wheel. Needs g++, make, python3 with pip and Node's headers ($NODEDIR/include/node, by default beside the node that runs).
#
# usage: scripts/build-tfjs-node.sh [FOLDER]     FOLDER: default .tfjs-node; `MDPKIT_TFJS_NODE=FOLDER mdpkit solve MODEL --device tensorflow` uses it
set -euo pipefail
cd "$(dirname "$0")/.."

folder="$(realpath -m "${1:-.tfjs-node}")"
node_headers="${NODEDIR:-$(dirname "$(dirname "$(realpath "$(command -v node)")")")}"
tfjs=4.22.0
tensorflow=2.15.1

package="$folder/node_modules/@tensorflow/tfjs-node"
stamp="$folder/built-tfjs-$tfjs-tensorflow-$tensorflow-node-$(node -p process.versions.modules)"
if [ -f "$stamp" ]; then
  echo "already built: $folder" >&2
  exit 0
fi
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

mkdir -p "$folder"
echo '{ "private": true }' >"$folder/package.json"
npm install --prefix "$folder" --ignore-scripts --no-audit --no-fund "@tensorflow/tfjs-node@$tfjs" "@tensorflow/tfjs@$tfjs"

# Any CPython's wheel will do: only its two libraries and the C headers are used.
python3 -m pip download --quiet --no-deps --only-binary=:all: --python-version 3.11 --platform manylinux_2_17_x86_64 --platform manylinux2014_x86_64 \
  "tensorflow-cpu==$tensorflow" -d "$work"
rm -rf "$package/deps" "$package/lib" "$package/build"
mkdir -p "$package/deps" "$package/lib/napi-v8"
python3 - "$work"/*.whl "$package/deps" <<'PYTHON'
import os, shutil, sys, zipfile

wheel, deps = zipfile.ZipFile(sys.argv[1]), sys.argv[2]
libraries = {"tensorflow/libtensorflow_cc.so.2", "tensorflow/libtensorflow_framework.so.2"}
headers = ("tensorflow/include/tensorflow/c/", "tensorflow/include/tensorflow/core/platform/", "tensorflow/include/tsl/")
for name in wheel.namelist():
    if name in libraries:
        path = os.path.join(deps, "lib", os.path.basename(name))
    elif name.startswith(headers) and not name.endswith("/"):
        path = os.path.join(deps, name.removeprefix("tensorflow/"))
    else:
        continue
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with wheel.open(name) as source, open(path, "wb") as copy:
        shutil.copyfileobj(source, copy)
PYTHON
ln -s libtensorflow_cc.so.2 "$package/deps/lib/libtensorflow.so"
ln -s libtensorflow_framework.so.2 "$package/deps/lib/libtensorflow_framework.so"

gyp="$(npm root -g)/npm/node_modules/node-gyp/bin/node-gyp.js"
(cd "$package" && node "$gyp" rebuild --nodedir="$node_headers" --module_name=tfjs_binding --module_path=./lib/napi-v8 --napi_build_version=8)
cp "$package/build/Release/tfjs_binding.node" "$package/lib/napi-v8/"
rm -rf "$package/build"

cd "$folder"
node -e 'const tf = require("@tensorflow/tfjs-node"); console.log(`tfjs-node ${tf.version["tfjs-node"] ?? tf.version.tfjs}, TensorFlow ${tf.backend().binding.TF_Version}: ${tf.sum([1, 2, 3]).arraySync()}`)'
touch "$stamp"
