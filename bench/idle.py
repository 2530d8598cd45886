# SPDX-License-Identifier: Apache-2.0
"""What containers cost that only wait."""
import os, statistics, subprocess, time
from pathlib import Path

from peers import DOCKER, Docker, IMAGE, LABEL
from starting import ROUNDS
from stopwatch import Job, pair, say
from store import Store, memory, processes

KEPT = int(os.environ.get("COUNT", "20"))
MANY = int(os.environ.get("COUNT", "1000"))
LINES = 2000
SETTLED = 2  # seconds; a keeper gives memory back a moment after the last word
TALK = ["sh", "-c", f"i=0; while [ $i -lt {LINES} ]; do echo a line of output that is kept; i=$((i + 1)); done; exec sleep 100000"]
IDLE = ["sleep", "100000"]
KERNEL = ("SUnreclaim", "KernelStack", "PageTables", "Percpu")  # of /proc/meminfo: what the kernel cannot take back


def keeper(host, folder):
    """A third of the containers each: silent, after output, after an exec."""
    with Store(folder) as store:
        store.import_busybox()
        for i in range(KEPT):
            store.tare("run", "-d", "--network", "none", "--name", f"c{i}", "busybox", *(TALK if i % 3 == 1 else IDLE))
        for i in range(2, KEPT, 3):
            store.tare("exec", f"c{i}", "true")
        wait_for_silence(lambda i: store.tare("logs", f"c{i}"))
        time.sleep(SETTLED)
        ours = [memory(pid) for pid in store.keepers()]
        if len(ours) != KEPT:
            raise SystemExit(f"bench: {len(ours)} keepers of {KEPT} containers")
        with Docker(store.tar):
            theirs = shims() if DOCKER else []
        return [show_memory(ours, theirs)]


def shims():
    """Memory of containerd's shims after the same."""
    ids = []
    for i in range(KEPT):
        command = ["docker", "run", "-d", "--label", LABEL, "--network", "none", IMAGE, *(TALK if i % 3 == 1 else IDLE)]
        ids.append(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip())
    for i in range(2, KEPT, 3):
        subprocess.run(["docker", "exec", ids[i], "true"], check=True)
    wait_for_silence(lambda i: subprocess.run(["docker", "logs", ids[i]], check=True, stdout=subprocess.PIPE, text=True).stdout)
    wanted = {os.fsencode(container) for container in ids}
    return [memory(pid) for pid in processes(lambda argv: b"containerd-shim" in argv[0] and not wanted.isdisjoint(argv))]


def wait_for_silence(log):
    """Until those that talk have said all."""
    until = time.monotonic() + 60
    for i in range(1, KEPT, 3):
        while len(log(i).splitlines()) < LINES:
            if time.monotonic() > until:
                raise SystemExit("bench: output does not arrive")


def show_memory(ours, theirs):
    figures = {"ours_kb": statistics.median(m["Private_Dirty"] for m in ours), "ours_max_kb": max(m["Private_Dirty"] for m in ours),
               "ours_pss_kb": statistics.median(m["Pss"] for m in ours)}
    text = "ours {ours_kb:.0f} KB private dirty (max {ours_max_kb}), share of all {ours_pss_kb:.0f}".format(**figures)
    if theirs:
        figures |= {"theirs_kb": statistics.median(m["Private_Dirty"] for m in theirs),
                    "theirs_pss_kb": statistics.median(m["Pss"] for m in theirs)}
        text += "   shim {theirs_kb:.0f} KB, share {theirs_pss_kb:.0f}".format(**figures)
    return say(f"keepers of {len(ours)}", text, **figures)


def many(host, folder):
    with Store(folder) as store:
        store.import_busybox()
        host.run(store.sleeper("--rm"))  # makes databases, caches and the store's cgroups
        store.remove_all()
        clean, bytes_before, idle_machine = store.counts(), store.bytes(), meminfo()
        starts = [host.run(store.sleeper()) for _ in range(MANY)]
        results = [show_growth(starts), show_memory_of(store, idle_machine), show_counts(clean, store.counts())]
        for verb in ("ps", "ps -q", "ps --format json", "ps -aq --filter name=none"):
            results.append(pair(f"{verb[:19]} of {MANY}", Job(host, f"{store.command} {verb}"), None, ROUNDS))
        (folder / "rm.sh").write_text(f"{store.command} rm -f $({store.command} ps -aq)\n")
        ms = host.run(f"/bin/sh {folder}/rm.sh")
        results.append(say(f"rm -f of {MANY}", f"ours {ms:>9.2f}, {ms / MANY:.2f} each", ours_ms=ms))
        return [*results, show_leftovers(store, clean, bytes_before)]


def show_growth(starts):
    """Compares the first tenth with the last one; the minimum says more than the median when the machine is busy."""
    tenth = max(1, MANY // 10)
    first, last = starts[:tenth], starts[-tenth:]
    ratio, of_min = statistics.median(last) / statistics.median(first), min(last) / min(first)
    return say(f"run -d, {MANY} in a row",
               f"first {tenth}: {statistics.median(first):.2f} (min {min(first):.2f})   last {tenth}: {statistics.median(last):.2f} "
               f"(min {min(last):.2f})   ratio {ratio:.3f} (of min {of_min:.3f})", ratio=round(ratio, 3), ratio_of_min=round(of_min, 3))


def show_memory_of(store, before):
    """Everything per container: what the machine has less, and of it the keeper's, the process's and the kernel's part."""
    now, ours = meminfo(), set(store.keepers())
    kept = processes(lambda argv: argv[:2] == [b"sleep", b"100000"])
    keepers = sum(m["Pss"] for m in map(memory, ours) if m) / MANY
    inside = sum(m["Pss"] for m in map(memory, kept) if m) / max(1, len(kept))
    kernel = sum(now[name] - before[name] for name in KERNEL) / MANY
    available = (before["MemAvailable"] - now["MemAvailable"]) / MANY
    return say(f"memory of {MANY}, each",
               f"{available:.0f} KB less available; keeper {keepers:.0f}, process inside {inside:.0f}, kernel {kernel:.0f} KB",
               available_kb=round(available), keeper_kb=round(keepers), inside_kb=round(inside), kernel_kb=round(kernel))


def meminfo():
    """/proc/meminfo in KB."""
    return {name: int(text.split()[0]) for name, text in
            (line.split(":", 1) for line in Path("/proc/meminfo").read_text().splitlines())}


def show_counts(before, now):
    each = {name: (now[name] - before[name]) / MANY for name in now}
    return say("  costs each", ", ".join(f"{count:.2f} {name}" for name, count in each.items()), **each)


def show_leftovers(store, clean, bytes_before):
    """What differs from before the first start; databases keep the pages that they once had."""
    store.wait_for_keepers()
    now, bytes_now = store.counts(), store.bytes()
    check = subprocess.run([*store.command.split(), "system", "check"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    left = {name: now[name] - clean[name] for name in now if now[name] != clean[name]}
    grown = {os.path.basename(path): bytes_now.get(path, 0) - bytes_before.get(path, 0)
             for path in bytes_now.keys() | bytes_before.keys() if bytes_now.get(path) != bytes_before.get(path)}
    databases = {name: count for name, count in grown.items() if ".db" in name}
    others = {name: count for name, count in grown.items() if ".db" not in name}
    line = say("  afterwards", f"check: {check.stdout.strip() or check.returncode}; left: {left or 'nothing'}; "
               f"bytes: {others or 'equal'}, databases {databases or 'equal'}",
               check=check.returncode, left=left, bytes=sum(grown.values()), bytes_of_databases=sum(databases.values()))
    if check.returncode or left or others:
        raise SystemExit("bench: something stays of containers that were removed")
    return line
