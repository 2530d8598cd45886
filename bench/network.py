# SPDX-License-Identifier: Apache-2.0
"""Containers with networks: their start, what passes their ports and bridges, how quickly names are answered.

Docker has to be in the same network namespace, or its ports are not reached: run all of this there.
"""
import contextlib, json, os, shutil, subprocess, sys, time
from pathlib import Path

from peers import DOCKER, IMAGE, LABEL, PEERS, Docker
from starting import ROUNDS
from stopwatch import Job, Side, pair
from store import Store

TRAFFIC = Path(__file__).resolve().parent / "traffic.py"
CLIENT = "tare-bench-client"
HOST_END, CLIENT_END = "198.18.255.1", "198.18.255.2"
INSIDE = 9000
PORTS = {"nat": 19001, "firewall": 19002, "docker": 19003}
MIB, CONNECTIONS, NAMES = 4096, 2000, 50000
UNDER_WAY = 64  # questions


class Peer:
    """A container of some engine: `name` at `address` on a network with names."""

    def __init__(self, run, inspect):
        self.run, self.inspect, self.servers = run, inspect, []

    def start(self, name, options):
        shell(f"{self.run} -d --name {name} {options}")

    def ask(self, name, path):
        return shell(f"{self.inspect} {name}", json_=True)[0][path]

    def pid(self, name):
        return self.ask(name, "State")["Pid"]

    def address(self, name):
        return next(network["IPAddress"] for network in self.ask(name, "NetworkSettings")["Networks"].values())

    def serve(self, name):
        """A server in the container's network, which has no python of its own."""
        self.servers.append(subprocess.Popen(["setsid", *self.inside(name), "serve", str(INSIDE)]))

    def inside(self, name):
        return ["nsenter", "-t", str(self.pid(name)), "-n", "python3", str(TRAFFIC)]

    def stop(self):
        for server in self.servers:
            subprocess.run(["kill", "--", f"-{server.pid}"])
            server.wait()


def network(host, folder):
    lines = starts(host, folder)
    if os.geteuid() == 0:
        with Store(folder) as store, Docker(tar_of(store)), client():
            lines += traffic(host, folder, store)
    return lines


def starts(host, folder):
    """`run --rm` of true on the default network."""
    with Store(folder) as store:
        store.import_busybox()
        ours = Job(host, f"{store.command} run --rm busybox true")
        lines = []
        with Docker(store.tar):
            if DOCKER:
                lines.append(pair("run --rm true beside docker", ours, Job(host, f"docker run --rm {IMAGE} true"), ROUNDS))
        if PEERS:
            os.environ["PODMAN_IGNORE_CGROUPSV1_WARNING"] = "1"  # it would say so each time
            side = Side(PEERS)
            command = "podman --root /w/tare-bench-podman --runroot /run/tare-bench-podman --storage-driver overlay"
            try:
                with open(store.tar, "rb") as content:
                    subprocess.run([*PEERS, *command.split(), "import", "-q", "-", IMAGE], stdin=content, check=True, stdout=subprocess.DEVNULL)
                lines.append(pair("run --rm true beside podman", ours, Job(side, f"{command} run --rm {IMAGE} true"), ROUNDS))
            finally:
                side.run(f"{command} rmi -f {IMAGE} >/dev/null 2>&1", timed=False, may_fail=True)
                side.close()
        return lines or [pair("run --rm true", ours, None, ROUNDS)]


def traffic(host, folder, store):
    rounds = max(5, ROUNDS // 4)
    configuration = folder / "firewall.json"
    configuration.write_text('{ "ports-mode": "firewall" }')
    ours = Peer(f"{store.command} run", f"{store.command} inspect")
    behind = Peer(f"{store.command.split()[0]} --config {configuration} {' '.join(store.command.split()[1:])} run", ours.inspect)
    theirs = Peer(f"docker run --label {LABEL}", "docker inspect") if DOCKER else None
    try:
        begin(ours, store.command, "nat", "busybox")
        behind.start("tare-bench-firewall", f"-p {PORTS['firewall']}:{INSIDE} busybox sleep 100000")
        behind.serve("tare-bench-firewall")
        if theirs:
            begin(theirs, "docker", "docker", IMAGE)
        for port in PORTS if theirs else ("nat", "firewall"):
            await_server(PORTS[port])
        return [*published(host, theirs, rounds), *between(host, folder, ours, theirs, rounds)]
    finally:
        for peer in filter(None, (ours, behind, theirs)):
            peer.stop()
        if theirs:
            shell(f"{Docker.removal()}; docker network rm tare-bench >/dev/null 2>&1", check=False)


def begin(peer, command, mode, image):
    """Two containers on a network with names, of which one has a published port."""
    shell(f"{command} network create tare-bench")
    peer.start(f"tare-bench-{mode}", f"--network tare-bench -p {PORTS[mode]}:{INSIDE} {image} sleep 100000")
    peer.start(f"tare-bench-{mode}-other", f"--network tare-bench {image} sleep 100000")
    peer.serve(f"tare-bench-{mode}")


def published(host, theirs, rounds):
    """From a machine beside the host by the packet filter; on the host itself docker's loopback is its proxy."""
    versus = " : docker" if theirs else ""
    far, near = f"ip netns exec {CLIENT} python3 {TRAFFIC}", f"python3 {TRAFFIC}"
    lines = []
    for what, verb, count in ((f"{MIB} MiB", "take", MIB), (f"{CONNECTIONS} connections", "connect", CONNECTIONS)):
        docker = theirs and Job(host, f"{far} {verb} {HOST_END} {PORTS['docker']} {count}")
        lines.append(pair(f"{what}, port, nat{versus}", Job(host, f"{far} {verb} {HOST_END} {PORTS['nat']} {count}"), docker, rounds))
        proxy = theirs and Job(host, f"{near} {verb} 127.0.0.1 {PORTS['docker']} {count}")
        lines.append(pair(f"{what}, firewall{versus and ' : proxy'}", Job(host, f"{near} {verb} 127.0.0.1 {PORTS['firewall']} {count}"), proxy, rounds))
    return lines


def between(host, folder, ours, theirs, rounds):
    def job(peer, mode, arguments):
        return peer and Job(host, " ".join([*peer.inside(f"tare-bench-{mode}-other"), arguments.format(address=peer.address(f"tare-bench-{mode}"))]))

    lines = [pair(name, job(ours, "nat", arguments), job(theirs, "docker", arguments), rounds) for name, arguments in (
        (f"{MIB} MiB, container to container", f"take {{address}} {INSIDE} {MIB}"),
        (f"{CONNECTIONS} connections between them", f"connect {{address}} {INSIDE} {CONNECTIONS}"))]
    if not shutil.which("dnsperf"):
        print("network: dnsperf is not installed: answers of the name server are not measured")
        return lines
    return [*lines, pair(f"{NAMES} answers of the name server", names(host, folder, ours, "nat"), theirs and names(host, folder, theirs, "docker"), rounds)]


def names(host, folder, peer, mode):
    """One container asks for the other: a client of our own would be slower than the servers."""
    questions = folder / f"names-{mode}"
    questions.write_text(f"tare-bench-{mode} A\n")
    container = peer.pid(f"tare-bench-{mode}-other")
    asking = f"nsenter -t {container} -n dnsperf -s 127.0.0.11 -d {questions} -q {UNDER_WAY} -n"
    if "NOERROR 1 " not in shell(f"{asking} 1"):
        sys.exit(f"network: tare-bench-{mode} is not known to the name server")
    return Job(host, f"{asking} {NAMES}")


@contextlib.contextmanager
def client():
    """A machine beside the host: a network namespace behind a cable."""
    shell(f"ip netns add {CLIENT}")
    try:
        shell(f"ip link add tarebench0 type veth peer name eth0 netns {CLIENT} && ip addr add {HOST_END}/30 dev tarebench0 && ip link set tarebench0 up "
              f"&& ip -n {CLIENT} addr add {CLIENT_END}/30 dev eth0 && ip -n {CLIENT} link set eth0 up && ip -n {CLIENT} route add default via {HOST_END}")
        yield
    finally:
        shell(f"ip netns del {CLIENT}; ip link del tarebench0 2>/dev/null", check=False)


def await_server(port):
    until = time.monotonic() + 20
    while subprocess.run(["ip", "netns", "exec", CLIENT, "python3", str(TRAFFIC), "connect", HOST_END, str(port), "1"], stderr=subprocess.DEVNULL).returncode:
        if time.monotonic() > until:
            sys.exit(f"bench: nobody answers at port {port}")
        time.sleep(0.1)


def tar_of(store):
    store.import_busybox()
    return store.tar


def shell(line, check=True, json_=False):
    done = subprocess.run(line, shell=True, check=check, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout) if json_ else done.stdout
