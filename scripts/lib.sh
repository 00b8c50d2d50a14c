# Shared by the scripts of this directory; sourced, never run. Expects `set -euo pipefail`.
# shellcheck shell=bash

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
LEAST_NODE=20.19.0
export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

# One line on standard error that says what to do, and the end.
fail() {
  printf 'beacontower: %s\n' "$*" >&2
  exit 1
}

# help_of FILE: the two lines at the head of a script that say what it does and what it takes, and the end.
help_of() {
  sed -n '2,3s/^# *//p' "$ROOT/scripts/${1##*/}"
  exit 0
}

note() {
  printf '· %s\n' "$*" >&2
}

need_node() {
  command -v node >/dev/null || fail "Node.js is missing: install version $LEAST_NODE or later from https://nodejs.org"
  local version
  version=$(node --version)
  version=${version#v}
  if [ "$(printf '%s\n%s\n' "$LEAST_NODE" "$version" | sort -V | head -n 1)" != "$LEAST_NODE" ]; then
    fail "Node.js $version is too old: install version $LEAST_NODE or later from https://nodejs.org"
  fi
}

# need_programs PROGRAM=PACKAGE…: installs the Debian packages of the programs that are missing, or says the one command that does.
need_programs() {
  local pair packages=()
  for pair in "$@"; do
    command -v "${pair%%=*}" >/dev/null || packages+=("${pair#*=}")
  done
  [ ${#packages[@]} -gt 0 ] || return 0
  local run=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }; then
      fail "${packages[*]} missing and this user may not install: run  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages[*]}"
    fi
    run=(sudo -n)
  fi
  command -v apt-get >/dev/null || fail "${packages[*]} missing and there is no apt-get here: install them with this system's package manager"
  note "installing ${packages[*]}"
  install_packages "${packages[@]}"
}

# Debian starts a package's service when it is installed. Ours are private children, so nothing may be started here: a policy
# that says no for the time of the installation, unless the system has a policy of its own.
install_packages() {
  local policy=/usr/sbin/policy-rc.d made='' log
  log=$(mktemp)
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | "${run[@]}" tee "$policy" >/dev/null && "${run[@]}" chmod 755 "$policy" && made=yes
  fi
  local result=0
  {
    "${run[@]}" apt-get update -q &&
      "${run[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"
  } >"$log" 2>&1 </dev/null || result=$?
  [ -z "$made" ] || "${run[@]}" rm -f "$policy"
  if [ "$result" -ne 0 ]; then
    tail -n 5 "$log" >&2
    rm -f "$log"
    fail "apt-get could not install $*: put that right (the lines above say why), or run  apt-get update && apt-get install $*"
  fi
  rm -f "$log"
}

# npm ci when node_modules is missing or does not hold what the lock file says. The lock file was made where the registry had
# not every optional package of other systems (Windows, macOS): npm from 11.6 on refuses such a file for `npm ci`. `npm install`
# takes the same versions from it, checks the same hashes, and with --no-save writes nothing back.
need_modules() {
  node scripts/modules-current.mjs && return 0
  note "installing npm packages"
  npm ci --no-audit --no-fund --no-progress --loglevel=silent && return 0
  npm install --no-save --no-audit --no-fund --no-progress --loglevel=error || fail "npm install failed: the lines above say why (is the npm registry reachable?)"
}

# tsc -b when a source is newer than the last build.
need_build() {
  local stamp=node_modules/.cache/beacontower-built
  if [ -e "$stamp" ] && [ -z "$(newer_than "$stamp")" ]; then return 0; fi
  note "building"
  node_modules/.bin/tsc -b services/beacontower || fail "the build failed: the lines above say where"
  (cd services/console && ../../node_modules/.bin/vite build --logLevel error >&2) || fail "the console was not built: the lines above say where"
  mkdir -p "${stamp%/*}"
  touch "$stamp"
}

newer_than() {
  find tsconfig.base.json package-lock.json shared collectors services \
    \( -name node_modules -o -name dist \) -prune -o \
    \( -name '*.ts' -o -name '*.tsx' -o -name 'tsconfig*.json' -o -name '*.css' -o -name '*.svg' -o -name '*.html' -o -name package.json -o -name package-lock.json -o -type d \) -newer "$1" -print -quit
}

# use_node MAJOR: puts that Node of the npm registry's `node` package first in PATH; kept in .cache/.
use_node() {
  local directory="$ROOT/.cache/node-$1"
  if [ ! -x "$directory/node_modules/.bin/node" ]; then
    note "fetching Node $1"
    mkdir -p "$directory"
    printf '{"private":true,"allowScripts":{"node":true}}\n' >"$directory/package.json"
    npm install --prefix "$directory" --no-save --no-audit --no-fund --no-progress --loglevel=error "node@$1" || fail "Node $1 could not be fetched from the npm registry"
  fi
  [ -x "$directory/node_modules/.bin/node" ] || fail "Node $1 was not installed whole: remove $directory and try again"
  PATH="$directory/node_modules/.bin:$PATH"
  export PATH
  note "running under Node $(node --version)"
}
