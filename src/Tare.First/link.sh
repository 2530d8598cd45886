#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# link.sh ILC ASSEMBLY OUTPUT: compiles the assembly to machine code, places it where first.ld says, and writes the bytes as C#.
# What a first process cannot have (allocation, type checks, statics) stays an undefined name here and fails the link.
set -euo pipefail
ilc=$1 assembly=$2 output=$3
here=$(dirname "$(realpath "$0")")
cc=${CC:-$(command -v gcc || command -v clang)}
machine=$(uname -m)
case $machine in x86_64) target=x64 ;; aarch64) target=arm64 ;; *) echo "link: unknown machine: $machine" >&2; exit 1 ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$ilc" "$assembly" --systemmodule Tare.First --nativelib -O --noscan --targetos linux --targetarch $target -o "$work/code.o"
"$cc" -c "$here/entry.$machine.S" -o "$work/entry.o"
# the compiler adds a start of a library, which nobody calls: its two names are given, so that any other is an error
(cd "$work" && ld -static -nostdlib -T "$here/first.ld" --defsym RhpReversePInvoke=0 --defsym RhpReversePInvokeReturn=0 \
  -o first entry.o code.o && objcopy -O binary -j .text first code)

mkdir -p "$(dirname "$output")"
{
  echo "// made by src/Tare.First/link.sh"
  echo "namespace Tare.Linux.Processes;"
  echo "internal static class FirstCode"
  echo "{"
  echo "    public static System.ReadOnlySpan<byte> Bytes =>"
  echo "    ["
  od -An -v -tx1 "$work/code" | sed 's/ \(..\)/0x\1,/g'
  echo "    ];"
  echo "}"
} >"$work/source"
mv "$work/source" "$output"
