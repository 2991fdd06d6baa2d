#!/usr/bin/env bash
# Installs node-llama-cpp (llama.cpp in this process, MIT) and the AI SDK's and LangChain's OpenAI providers, for the tests with a real model.
#
#   scripts/install-node-llama-cpp.sh
#
# About 725 MB from the npm registry, kept in packages/ of $MDPKIT_LLM_DIR (default: mdpkit-llm-server in the user's cache folder), never in node_modules here.
# No install script runs: the binaries come as packages, and nothing is built or fetched from elsewhere.
set -euo pipefail

wanted=(node-llama-cpp@3.22.1 @ai-sdk/openai-compatible@2.0.92 @langchain/openai@1.5.8)

dir="${MDPKIT_LLM_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/mdpkit-llm-server}/packages"
mkdir -p "$dir"
cd "$dir"
if [ ! -f package.json ]; then
  printf '{ "name": "mdpkit-llm-packages", "private": true }\n' > package.json
fi
# Done before: nothing to ask the registry.
if [ "$(cat installed 2>/dev/null)" = "${wanted[*]}" ]; then
  echo "$dir"
  exit
fi
npm install --ignore-scripts --no-audit --no-fund --loglevel=error "${wanted[@]}" >&2
echo "${wanted[*]}" > installed
echo "$dir"
