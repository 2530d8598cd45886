#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Puts the static libraries that are linked into the binary into out/native. Idempotent; instant when they are there.
#   zstd, lzma, sqlite3   come with Debian's -dev packages (eng/setup installs them)
#   isal                  Debian has only the shared one: built from Debian's source package and kept in the user's
#                         cache (TARE_CACHE)
# Nothing is installed: source and assembler are fetched with apt and unpacked in a temporary directory.
set -euo pipefail
cd "$(dirname "$0")/.."

out=out/native
mkdir -p "$out"
say() { echo "native: $*"; }

cc=${CC:-$(command -v gcc || command -v clang)}
multiarch=$($cc -print-multiarch)
for name in zstd lzma sqlite3; do
  if [[ ! /usr/lib/$multiarch/lib$name.a -ef $out/lib$name.a ]]; then
    [[ -f /usr/lib/$multiarch/lib$name.a ]] || { say "lib$name.a is missing; run eng/setup" >&2; exit 1; }
    ln -sfn "/usr/lib/$multiarch/lib$name.a" "$out/lib$name.a"
    say "lib$name.a is Debian's"
  fi
done

version=$(dpkg-query -W -f '${source:Version}' libisal-dev)
cache=${TARE_CACHE:-${XDG_CACHE_HOME:-${HOME:-/var/cache}/.cache}/tare}/native-$multiarch
built=$cache/libisal-$version.a

# the same machine's package sources, as apt knows them, asked for source packages
fetch_source() {
  apt-get indextargets --format 'deb-src $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' \
    | sort -u >"$1/sources.list"
  mkdir -p "$1/lists/partial" "$1/archives/partial"
  local apt=(apt-get -q -o "Dir::Etc::sourcelist=$1/sources.list" -o Dir::Etc::sourceparts=-
    -o "Dir::State::lists=$1/lists" -o "Dir::Cache=$1" -o "Dir::Cache::archives=$1/archives" -o APT::Sandbox::User=)
  "${apt[@]}" update
  # only fetched and checked by apt: unpacking it as a Debian package would need dpkg-dev
  (cd "$1" && "${apt[@]}" source --download-only "libisal=$version" && mkdir source \
    && tar -xf ./*.orig.tar.* --strip-components=1 -C source)
}

# nasm from the machine, or unpacked from its package
assembler() {
  command -v nasm && return
  (cd "$1" && apt-get -q -o APT::Sandbox::User= download nasm >>log && dpkg-deb -x nasm_*.deb nasm)
  echo "$1/nasm/usr/bin/nasm"
}

build_isal() {
  local temporary
  temporary=$(mktemp -d)
  trap "rm -rf '$temporary'" EXIT
  say "building libisal.a from Debian's source package libisal $version (once; about a minute)"
  fetch_source "$temporary" >"$temporary/log" 2>&1 || { cat "$temporary/log" >&2; exit 1; }
  local nasm=nasm
  case $multiarch in x86_64-*) nasm=$(assembler "$temporary") ;; esac
  # only deflate and its checksums; position independent, so that the binary may become PIE
  (cd "$temporary/source" && make -s -f Makefile.unx -j"$(nproc)" units="igzip crc" AS="$nasm" \
    CC="$cc -fPIC" lib) \
    >"$temporary/log" 2>&1 || { tail -30 "$temporary/log" >&2; exit 1; }
  mkdir -p "$cache"
  cp "$temporary/source/bin/isa-l.a" "$built.$$"
  mv "$built.$$" "$built"
}

# without it the binary asks for the shared libisal.so at run time: right for a try on a machine without network only
if [[ ! -f $built ]] && ! (build_isal); then
  say "WARNING: libisal.a could not be built; the binary will need libisal-dev at run time" >&2
  rm -f "$out/libisal.a"
  exit 0
fi

if ! cmp -s "$built" "$out/libisal.a"; then
  cp "$built" "$out/libisal.a"
  say "libisal.a is $version"
fi
