# SPDX-License-Identifier: Apache-2.0
# The one door. `make help` tells what each target does.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PREFIX ?= /usr/local
DESTDIR ?=
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1
# build nodes would outlive the command that started them
export MSBUILDDISABLENODEREUSE := 1

RID := $(if $(filter aarch64,$(shell uname -m)),linux-arm64,linux-x64)
SOURCES := $(shell find src eng global.json Directory.Build.props Directory.Packages.props -type f 2>/dev/null)

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

setup: ## install what is missing on this machine (apt); says what it does
	@eng/setup

build: setup out/tare ## the native binary, at out/tare

out/tare: $(SOURCES)
	@eng/publish $(RID)

test: build ## every ring that CI runs: unit, kernel, conformance on the binary
	@eng/test

unit: setup ## the unit ring alone: no root, no kernel objects
	@eng/test unit

prove: build images ## test, then the long proofs: stress, sweeps, faults, cgroup v2 alone
	@eng/test prove

bench: build ## our figures beside the peers' (PEERS names a folder with their tools)
	@bench/run

check: setup ## formatting, analyzers, architecture
	@dotnet format whitespace --folder . --exclude out --verify-no-changes
	@dotnet build Tare.slnx --nologo -v q -clp:NoSummary
	@eng/test architecture

fmt: setup ## put the sources into the house's format
	@dotnet format whitespace --folder . --exclude out

bless: setup ## rewrite the golden files; the diff is for review
	@TARE_BLESS=1 eng/test unit

images: build ## make debian:bookworm-slim and busybox:latest and load them
	@eng/images

run: build images ## the story on screen: two containers from one image
	@eng/story

install: out/tare ## install below $(DESTDIR)$(PREFIX)
	@eng/install "$(DESTDIR)$(PREFIX)"

deb: out/tare ## a Debian package, in out/
	@eng/deb

size: out/tare ## bytes of the binary
	@stat -c '%s bytes  %n' out/tare && xz -9 -k -c out/tare | wc -c | sed 's/$$/ bytes  with xz -9/'

repro: setup ## build twice, compare the bytes
	@eng/repro $(RID)

clean: ## remove what was built (made base images stay in the cache)
	@rm -rf out/build out/publish out/native out/deb out/tare out/*.deb

.PHONY: help setup build test unit prove bench check fmt bless images run install deb size repro clean
