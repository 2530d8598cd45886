# SPDX-License-Identifier: Apache-2.0
"""Dockerfiles built: what did not change, what did, everything anew, beside docker buildx."""
import os, random, subprocess

from peers import DOCKER
from starting import ROUNDS
from stopwatch import Job, pair, say
from store import Store

PLAIN = "--network none -q -t"
FIVE = """FROM {base}
WORKDIR /app
COPY package.json ./
RUN mkdir modules && for i in 1 2 3 4 5 6 7 8 9; do echo $i > modules/$i; done
COPY . .
RUN cat src/* > all && wc -c all > size
"""
LAST = """FROM {base}
WORKDIR /app
RUN mkdir modules && echo 1 > modules/1
COPY package.json ./
COPY src src
"""
WIDE = """FROM {base}
COPY . /src
"""
BURN = "i=0; while [ $i -lt {count} ]; do i=$((i+1)); done; echo {name} > /{name}"
SCENES = ("nothing changed", "… after a clone to another path", "… after a touch", "… with another umask")


class Builder:
    """An engine with a base image; `command` builds a folder with it."""

    def __init__(self, command, base, tag):
        self.command, self.base, self.tag = command, base, tag

    def build(self, folder, flags=""):
        return " ".join([self.command, "build", *flags.split(), PLAIN, self.tag, folder])  # a stop-watch splits at each blank


class Project:
    """A context for each of the two: same files, a Dockerfile with the name of its base."""

    def __init__(self, folder, name, text, builders, files):
        self.places = {}
        for builder in builders:
            place = self.places[builder] = folder / f"{name}-{builder.tag.split(':')[0]}"
            for path, content in files.items():
                (place / path).parent.mkdir(parents=True, exist_ok=True)
                (place / path).write_bytes(content)
            (place / "Dockerfile").write_text(text.format(base=builder.base))

    def job(self, host, builder, before="", flags="", folder=None):
        """`before` and `folder` may say {place}."""
        place = self.places[builder]
        where = (folder or "{place}").format(place=place)
        return Job(host, builder.build(where, flags), before.format(place=place) or None)


def small_files(count=40):
    rng = random.Random(7)
    return {"package.json": b"{}\n"} | {f"src/file{i}": rng.randbytes(2000) for i in range(count)}


def building(host, folder):
    with Store(folder) as store:
        store.import_busybox()
        builders = [Builder(store.command, "busybox", "ours:1")]
        if DOCKER:
            subprocess.run(["docker", "import", str(store.tar), "tare-bench:busybox"], check=True, stdout=subprocess.DEVNULL)
            builders.append(Builder("docker buildx", "tare-bench:busybox", "tare-bench-built:1"))
        try:
            return [*unchanged(host, folder, builders), *changed(host, folder, builders), *wide(host, folder, builders), *parallel(host, folder, builders)]
        finally:
            if DOCKER:
                host.run("docker rmi -f tare-bench-built:1 tare-bench:busybox >/dev/null", timed=False, may_fail=True)


def both(host, name, project, builders, rounds, **how):
    jobs = [project.job(host, builder, **how) for builder in builders]
    return pair(name, jobs[0], jobs[1] if len(jobs) > 1 else None, rounds)


def unchanged(host, folder, builders):
    project = Project(folder, "five", FIVE, builders, small_files())
    for builder in builders:
        host.run(project.job(host, builder).command, timed=False)
    ways = ({}, {"before": "rm -rf {place}-clone && cp -r {place} {place}-clone && touch {place}-clone/src/*", "folder": "{place}-clone"},
            {"before": "find {place} -exec touch {{}} +"}, {"before": "rm -rf {place}-own && (umask 077 && cp -r {place} {place}-own)", "folder": "{place}-own"})
    return [both(host, name, project, builders, ROUNDS, **how) for name, how in zip(SCENES, ways)]


def changed(host, folder, builders):
    last = Project(folder, "last", LAST, builders, small_files())
    five = Project(folder, "cold", FIVE, builders, small_files())
    return [both(host, "one file of the last COPY changed", last, builders, ROUNDS, before="date +%s%N > {place}/src/file7"),
            both(host, "cold build of five steps", five, builders, max(5, ROUNDS // 4), flags="--no-cache")]


def wide(host, folder, builders):
    rng = random.Random(9)
    files = {f"d{i // 100}/f{i}": rng.randbytes(rng.randrange(50, 400)) for i in range(50_000)}
    project = Project(folder, "wide", WIDE, builders, files)
    for builder in builders:
        host.run(project.job(host, builder).command, timed=False)
    return [both(host, "50,000 files, nothing changed", project, builders, max(5, ROUNDS // 4))]


def parallel(host, folder, builders, count=150_000, stages=4):
    """As much work in one stage after another, and in stages of their own."""
    names = "abcdefgh"[:stages]
    apart = "".join(f"FROM {{base}} AS {n}\nRUN {BURN.format(count=count, name=n)}\n" for n in names)
    apart += "FROM {base}\n" + "".join(f"COPY --from={n} /{n} /\n" for n in names)
    chain = "FROM {base}\n" + "".join(f"RUN {BURN.format(count=count, name=n)}\n" for n in names)
    wide, line = (Project(folder, name, text, builders, {"a": b""}) for name, text in (("apart", apart), ("chain", chain)))
    rounds, cores = max(3, ROUNDS // 10), min(stages, len(os.sched_getaffinity(0)))
    lines = [both(host, f"{stages} independent stages", wide, builders, rounds, flags="--no-cache")]
    gain = pair(f"{stages} stages apart : in a chain", wide.job(host, builders[0], flags="--no-cache"), line.job(host, builders[0], flags="--no-cache"), rounds)
    return [*lines, gain | say("", f"the best that {cores} cores can do is {1 / cores:.2f}", cores=cores)]
