#!/usr/bin/env bash
# Installs a software Vulkan device on Debian bookworm, so that WebGPU runs where there is no GPU. Needs root; prints the environment to export.
#
# usage: eval "$(scripts/install-software-gpu.sh [lavapipe|swiftshader])"
#   lavapipe     Mesa's, from bookworm-backports: bookworm's own (22.3) is too old for Dawn (default)
#   swiftshader  the one that comes with Chromium
set -euo pipefail

apt() { DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -qq "$@" >&2; }

# The mirror this machine uses already.
mirror() {
  local deb822=/etc/apt/sources.list.d/debian.sources
  if [ -f "$deb822" ]; then awk '/^URIs:/ { print $2; exit }' "$deb822"; else awk '$1 == "deb" { print $2; exit }' /etc/apt/sources.list; fi
}

case "${1:-lavapipe}" in
lavapipe)
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(mirror) bookworm-backports main" >/etc/apt/sources.list.d/mdpkit-backports.list
  apt update
  apt install -y --no-install-recommends libvulkan1
  apt install -y --no-install-recommends -t bookworm-backports mesa-vulkan-drivers
  ;;
swiftshader)
  apt update
  apt install -y --no-install-recommends libvulkan1 chromium
  echo "export VK_ICD_FILENAMES=/usr/lib/chromium/vk_swiftshader_icd.json"
  ;;
*)
  echo "usage: $0 [lavapipe|swiftshader]" >&2
  exit 2
  ;;
esac
# Mesa wants a place for its sockets, also where nobody has logged in.
echo "export XDG_RUNTIME_DIR=\"\${XDG_RUNTIME_DIR:-${TMPDIR:-/tmp}}\""
