#!/usr/bin/env bash
# Prints the path of a Chromium for the browser tests; brings one when there is none.
#   root:           Debian's package, installed
#   ordinary user:  Debian's packages, downloaded and unpacked below .tools, nothing installed
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
if [ -z "${LINDUNG_BROWSER_PRIVATE-}" ]; then
  for name in "${LINDUNG_BROWSER-}" chromium chromium-browser google-chrome; do
    if [ -n "$name" ] && found=$(command -v "$name"); then echo "$found"; exit 0; fi
  done
  if [ "$(id -u)" = 0 ]; then
    echo "Installing Chromium …" >&2
    apt-get -qq update >&2
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends chromium fonts-dejavu-core >&2
    command -v chromium; exit 0
  fi
fi
root=$PWD/.tools/chromium
if [ ! -x "$root/lindung-chromium" ]; then
  echo "Unpacking Chromium below .tools …" >&2
  apt=$PWD/.tools/apt
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$root"
  options=(-qq -o "Dir::State::lists=$apt/lists" -o "Dir::Cache=$apt/cache" -o Debug::NoLocking=1
           -o APT::Sandbox::User= -o Dir::Log=/dev/null -o Dpkg::Use-Pty=0)
  if [ -n "${LINDUNG_BROWSER_PRIVATE-}" ]; then  # try this path also where Chromium is installed
    : > "$apt/status"; options+=(-o "Dir::State::status=$apt/status")
  fi
  apt-get "${options[@]}" update >&2
  apt-get "${options[@]}" --download-only --no-install-recommends -y install chromium fonts-dejavu-core fontconfig-config >&2
  for package in "$apt"/cache/archives/*.deb; do dpkg-deb -x "$package" "$root"; done
  cat > "$root/lindung-chromium" <<WRAP
#!/bin/sh
export LD_LIBRARY_PATH=$root/usr/lib/x86_64-linux-gnu:$root/lib/x86_64-linux-gnu:$root/usr/lib/aarch64-linux-gnu
export FONTCONFIG_PATH=$root/etc/fonts FONTCONFIG_SYSROOT=$root
exec $root/usr/lib/chromium/chromium "\$@"
WRAP
  chmod +x "$root/lindung-chromium"
  rm -rf "$apt"
fi
echo "$root/lindung-chromium"
