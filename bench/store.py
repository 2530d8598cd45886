# SPDX-License-Identifier: Apache-2.0
"""A store of our own for one benchmark, and what it leaves on the machine while it is used."""
import os, shutil, subprocess, tempfile, time
from pathlib import Path

from images import busybox_tar

TARE = os.environ.get("TARE_BINARY", str(Path(__file__).resolve().parent.parent / "out" / "tare"))
CGROUPS = Path("/sys/fs/cgroup")
LAST_STEPS = 10  # seconds that keepers get to leave after the last container went


def place_in_memory():
    """Where a folder lies in memory, as /run/tare does wherever /run is what it should be."""
    return "/run" if os.stat("/run").st_dev != os.stat("/").st_dev else "/dev/shm"


class Store:
    """Leaving the `with` removes its containers, keepers and cgroups, whatever happened; the folder is the caller's."""

    def __init__(self, folder):
        self.root, self.folder = folder / "root", folder
        self.run = Path(tempfile.mkdtemp(prefix="tare-bench-", dir=place_in_memory()))
        self.command = f"{TARE} --root {self.root} --run {self.run}"
        self.tar = None

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        if self.root.exists():
            self.remove_all(check=False)
            self.remove_networks()
            for cgroup in self.cgroups():
                for below in [*folders_in(cgroup), cgroup]:
                    try:
                        below.rmdir()
                    except OSError:
                        print(f"bench: {below} stays: something runs in it", flush=True)
        shutil.rmtree(self.run, ignore_errors=True)

    def import_busybox(self):
        self.tar = busybox_tar(self.folder)
        self.tare("import", "-c", 'CMD ["sh"]', str(self.tar), "busybox")

    def tare(self, *arguments, check=True):
        """Runs a command of ours, untimed; answers what it printed."""
        done = subprocess.run([*self.command.split(), *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=check)
        return done.stdout

    def ids(self):
        return self.tare("ps", "-aq", "--no-trunc").split()

    def sleeper(self, options=""):
        """The command that starts a container which does nothing, in the background."""
        return f"{self.command} run -d --network none {options}{' ' if options else ''}busybox sleep 100000"

    def remove_all(self, check=True):
        if ids := self.ids():
            self.tare("rm", "-f", *ids, check=check)
        self.wait_for_keepers()

    def remove_networks(self):
        """Of the default network's device and the tables of the packet filter, which stay for the next container."""
        self.tare("network", "prune", "-f", check=False)
        device = self.tare("network", "inspect", "-f", '{{index .Options "com.docker.network.bridge.name"}}', "bridge", check=False).strip()
        for removal in (["ip", "link", "del", device], *(["nft", "delete", "table", family, device] for family in ("inet", "bridge"))) if device else ():
            subprocess.run(removal, stderr=subprocess.DEVNULL)  # there is none where none had a network

    def wait_for_keepers(self):
        """Until those of removed containers have gone; not for ever."""
        until = time.monotonic() + LAST_STEPS
        while self.keepers() and time.monotonic() < until:
            time.sleep(0.05)

    def keepers(self):
        """Process ids of this store's keepers, of which there is one for each container."""
        return processes(lambda argv: argv[:3] == [b"tare", b"keeper", os.fsencode(self.run)])

    def cgroups(self):
        name = f"tare-{(self.root / 'id').read_text()}" if (self.root / "id").exists() else None
        return [path for path in (*CGROUPS.glob(name), *CGROUPS.glob(f"*/{name}")) if path.is_dir()] if name else []

    def counts(self):
        """What containers cost in things that the machine has a limited number of."""
        return {"keepers": len(self.keepers()),
                "mounts": Path("/proc/self/mountinfo").read_text().count(str(self.folder)),
                "cgroups": sum(len(folders_in(cgroup)) for cgroup in self.cgroups()),
                "files": len(files_below(self.root)) + len(files_below(self.run))}

    def bytes(self):
        """Bytes on disk of each file of the store."""
        return {path: os.lstat(path).st_blocks * 512 for path in files_below(self.root)}


def folders_in(folder):
    return [entry for entry in folder.iterdir() if entry.is_dir()]


def files_below(folder):
    """Paths of all that is no directory: directories of ext4 never shrink."""
    return [os.path.join(at, name) for at, folders, names in os.walk(folder)
            for name in [*names, *(f for f in folders if os.path.islink(os.path.join(at, f)))]]


def processes(wanted):
    """Ids of the processes whose argument vector is `wanted`."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                if wanted(Path(f"/proc/{entry}/cmdline").read_bytes().split(b"\0")):
                    found.append(int(entry))
            except OSError:
                pass  # it ended
    return found


def memory(pid):
    """KB of a process by the names of smaps_rollup; None when it ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    except OSError:
        return None
    return {name: int(text.split()[0]) for name, text in (line.split(":", 1) for line in lines)}
