# SPDX-License-Identifier: Apache-2.0
"""How long commands take that start something."""
import os

from images import busybox_tar
from peers import Crun, DOCKER, Docker
from stopwatch import Job, pair, say
from store import Store, TARE

ROUNDS = int(os.environ.get("ROUNDS", "40"))
AT_ONCE = int(os.environ.get("COUNT", "100"))


def version(host, folder):
    return [pair("version", Job(host, f"{TARE} --version"), Job(host, "/bin/true"), ROUNDS)]


def run(host, folder):
    with Store(folder) as store:
        store.import_busybox()
        with Crun(store.tar) as crun:
            ours = Job(host, f"{store.command} run --rm --network none busybox true")
            return [pair("run --rm --network none true", ours, crun.job("tare-bench-run", ["true"]), ROUNDS)]


def oci(host, folder):
    """Both run the same bundle by the same kind of command; ours is copied to where the peers are."""
    tar = busybox_tar(folder)
    with Crun(tar) as crun:
        if not crun.side:
            return [say("oci", "needs PEERS")]
        tare = crun.install(TARE)
        results = []
        for rival in ("crun", "runc"):
            bundle = crun.bundle("tare-bench-oci", ["true"])
            ours = Job(crun.side, f"{tare} oci run --bundle {bundle} tare-bench-ours")
            theirs = Job(crun.side, f"{rival} run --bundle {bundle} tare-bench-theirs")
            results.append(pair(f"oci run true : {rival} run", ours, theirs, ROUNDS))
        begin = crun.detached_job("tare-bench-oci-exec", ["sleep", "100000"])
        begin.time()
        bundle = crun.bundle("tare-bench-oci-ours", ["sleep", "100000"])
        crun.side.run(f"{tare} oci run --detach --bundle {bundle} tare-bench-oci-ours", timed=False)
        try:
            results.append(pair("oci exec true : crun exec", Job(crun.side, f"{tare} oci exec tare-bench-oci-ours true"),
                                Job(crun.side, "crun exec tare-bench-oci-exec true"), ROUNDS))
        finally:
            crun.side.run(f"{tare} oci delete --force tare-bench-oci-ours", timed=False, may_fail=True)
        return results


def detach(host, folder):
    """The promise is about crun's whole run of true; crun leaving a sleep behind is what we do."""
    with Store(folder) as store:
        store.import_busybox()
        ours = Job(host, store.sleeper("--name one"), f"{store.command} rm -f one 2>/dev/null")
        with Crun(store.tar) as crun:
            results = [pair("run -d sleep : crun run true", ours, crun.job("tare-bench-run", ["true"]), ROUNDS)]
            if theirs := crun.detached_job("tare-bench-detach", ["sleep", "100000"]):
                results.append(pair("run -d sleep : crun --detach", ours, theirs, ROUNDS))
            return results


def execute(host, folder):
    with Store(folder) as store:
        store.import_busybox()
        host.run(store.sleeper("--name one"), timed=False)
        with Crun(store.tar) as crun:
            theirs = None
            if begin := crun.detached_job("tare-bench-exec", ["sleep", "100000"]):
                begin.time()
                theirs = Job(crun.side, "crun exec tare-bench-exec true")
            return [pair("exec true", Job(host, f"{store.command} exec one true"), theirs, ROUNDS)]


def all_at_once(path, command, count):
    """Makes a script that runs a command many times at once and fails when one of them does."""
    path.write_text(f"n={count}; pids=; while [ $n -gt 0 ]; do {command} & pids=\"$pids $!\"; n=$((n - 1)); done\n"
                    "for pid in $pids; do wait $pid || exit 1; done\n")
    return f"/bin/sh {path}"


def parallel(host, folder):
    with Store(folder) as store:
        store.import_busybox()
        with Docker(store.tar) as docker:
            removal = f"{store.command} ps -aq | xargs -r {store.command} rm -f >/dev/null"
            ours = Job(host, all_at_once(folder / "ours.sh", store.sleeper(), AT_ONCE), removal)
            theirs = None
            if DOCKER:
                theirs = Job(host, all_at_once(folder / "theirs.sh", docker.start("sleep 100000"), AT_ONCE), docker.removal())
            line = pair(f"{AT_ONCE} run -d at once", ours, theirs, max(3, ROUNDS // 8))
            if (running := len(store.ids())) != AT_ONCE:
                raise SystemExit(f"bench: {running} of {AT_ONCE} containers run")
            rate = f"ours {AT_ONCE / line['ours_ms'] * 1000:.1f} containers/s"
            if DOCKER:
                rate += f"   theirs {AT_ONCE / line['theirs_ms'] * 1000:.1f}   ours : theirs {1 / line['ratio']:.1f}"
            return [line, say("  as a rate", rate)]
