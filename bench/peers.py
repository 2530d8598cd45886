# SPDX-License-Identifier: Apache-2.0
"""The engines that we are measured against: crun where the peers are, docker behind DOCKER_HOST. Both are optional."""
import json, os, shlex, subprocess

from stopwatch import Job, Side

PEERS = shlex.split(os.environ.get("PEERS", ""))
DOCKER = bool(os.environ.get("DOCKER_HOST"))
IMAGE = "tare-bench:busybox"
LABEL = "tare-bench"


class Crun:
    """crun with the root file system of an image and the namespaces that `tare run --network none` makes.

    All its commands are run by one process, as /run, where crun keeps its state, is that process's own.
    """

    def __init__(self, tar):
        self.tar, self.side, self.running = tar, None, set()

    def __enter__(self):
        if PEERS:
            self.side = Side(PEERS)
            with open(self.tar, "rb") as content:
                self._sh("rm -rf /w/tare-bench && mkdir -p /w/tare-bench/rootfs && tar -x -C /w/tare-bench/rootfs", stdin=content)
        return self

    def __exit__(self, *failure):
        if self.side:
            for name in self.running:
                self.side.run(f"crun delete -f {name}", timed=False, may_fail=True)
            self.side.run("rm -rf /w/tare-bench", timed=False, may_fail=True)
            self.side.close()

    def install(self, program):
        """Copies a program to where the peers are; answers its path there."""
        with open(program, "rb") as content:
            self._sh("cat > /w/tare-bench/program && chmod 755 /w/tare-bench/program", stdin=content)
        return "/w/tare-bench/program"

    def bundle(self, name, args):
        """Makes a bundle whose container runs these arguments; answers its path. All share the root file system."""
        path = f"/w/tare-bench/{name}"
        self._sh(f"mkdir -p {path} && cd {path} && rm -f config.json && crun spec")
        config = json.loads(subprocess.run([*PEERS, "cat", f"{path}/config.json"], check=True, capture_output=True).stdout)
        config["process"] |= {"args": args, "terminal": False}
        config["process"]["capabilities"].pop("ambient", None)  # runc complains of them, to the terminal, each time
        config["root"] = {"path": "/w/tare-bench/rootfs", "readonly": False}
        config["linux"]["namespaces"] = [{"type": t} for t in ("mount", "pid", "network", "ipc", "uts", "cgroup")]
        self._sh(f"cat > {path}/config.json", input=json.dumps(config).encode())
        return path

    def job(self, name, args):
        """`crun run` until the end; None without peers."""
        return Job(self.side, f"crun run --bundle {self.bundle(name, args)} {name}") if self.side else None

    def detached_job(self, name, args):
        """`crun run --detach`, and the removal of the one before; None without peers."""
        if not self.side:
            return None
        self.running.add(name)
        return Job(self.side, f"crun run --detach --bundle {self.bundle(name, args)} {name}", f"crun delete -f {name} 2>/dev/null")

    def _sh(self, script, **options):
        subprocess.run([*PEERS, "sh", "-c", script], check=True, **options)


class Docker:
    """Containers of a docker engine, told by their label; leaving the `with` removes them and the image."""

    def __init__(self, tar):
        self.tar = tar

    def __enter__(self):
        if DOCKER:
            subprocess.run(["docker", "import", str(self.tar), IMAGE], check=True, stdout=subprocess.DEVNULL)
        return self

    def __exit__(self, *failure):
        if DOCKER:
            subprocess.run(f"{self.removal()}; docker rmi -f {IMAGE} >/dev/null", shell=True)

    @staticmethod
    def start(args):
        return f"docker run -d --label {LABEL} --network none {IMAGE} {args}"

    @staticmethod
    def removal():
        return f"docker ps -aq --filter label={LABEL} | xargs -r docker rm -f >/dev/null"
