# SPDX-License-Identifier: Apache-2.0
"""Images that travel: pulled from and pushed to one registry on loopback, by us, by docker and by podman."""
import gzip, hashlib, io, json, random, re, shutil, socket, subprocess, tarfile, time, urllib.request

from images import big_layer
from peers import DOCKER, PEERS
from starting import ROUNDS
from stopwatch import Side, pair, say
from store import TARE, Store

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
CONFIG = "application/vnd.docker.container.image.v1+json"
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
MANY = 16


class Registry:
    """Ours, at a port that stays the same; its log tells how many bytes it sent."""

    def __init__(self, folder):
        self.storage, self.log = folder / "registry", folder / "registry.log"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        self.process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *failure):
        self.stop()

    def start(self):
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([TARE, "registry", "serve", "--addr", self.address, "--storage", self.storage],
                                            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log)
        until = time.monotonic() + 10
        while True:
            try:
                return urllib.request.urlopen(f"http://{self.address}/healthz").close()
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.01)

    def stop(self):
        self.process.kill()
        self.process.wait()

    def forget(self):
        """Begins anew, with nothing."""
        self.stop()
        shutil.rmtree(self.storage)
        self.start()

    def sent(self):
        """Bytes of blobs that it sent since it was started."""
        return sum(int(size) for size in re.findall(r'GET /v2/\S+/blobs/\S+.*?" 20[06] (\d+)', self.log.read_text()))

    def put(self, name, tag, layers):
        """An image of these tars, each packed by gzip."""
        packed = [gzip.compress(layer, 6, mtime=0) for layer in layers]
        config = json.dumps({"architecture": "amd64", "os": "linux", "config": {"Cmd": ["true"]},
                             "rootfs": {"type": "layers", "diff_ids": [digest(layer) for layer in layers]}}).encode()
        manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": describe(CONFIG, config),
                    "layers": [describe(LAYER, blob) for blob in packed]}
        for blob in [config, *packed]:
            with self.ask("POST", f"{name}/blobs/uploads/") as begun:
                place = begun.headers["Location"]
            place = place if place.startswith("http") else f"http://{self.address}{place}"
            self.ask("PUT", f"{place}{'&' if '?' in place else '?'}digest={digest(blob)}", blob).close()
        self.ask("PUT", f"{name}/manifests/{tag}", json.dumps(manifest).encode(), MANIFEST).close()
        return sum(map(len, packed))

    def ask(self, method, path, body=b"", kind="application/octet-stream"):
        url = path if path.startswith("http") else f"http://{self.address}/v2/{path}"
        return urllib.request.urlopen(urllib.request.Request(url, body, {"Content-Type": kind}, method=method))


class Engine:
    """Who pulls and pushes, and how it says that."""

    def __init__(self, side, command, pull="pull -q", push="push -q"):
        self.side, self.command, self.pull, self.push = side, command, pull, push

    def remove(self, *names):
        for name in names:
            self.side.run(f"{self.command} rmi -f {name} >/dev/null 2>&1", timed=False, may_fail=True)
        self.side.run("sync", timed=False)


class Trip:
    """A command of an engine; what has to be done before is a function."""

    def __init__(self, engine, command, before):
        self.engine, self.command, self.before = engine, command, before

    def time(self):
        self.before()
        return self.engine.side.run(f"{self.engine.command} {self.command}")


def pulling(host, folder):
    rounds, lines = max(5, ROUNDS // 4), []
    with Store(folder) as store, Registry(folder) as registry:
        name = f"{registry.address}/bench/big"
        ours = Engine(host, store.command)
        docker = Engine(host, "docker") if DOCKER else None
        podman = podman_engine()
        layer = big_layer()
        registry.put("bench/big", "1", [layer])
        try:
            for peer, who in (docker, "docker"), (podman, "podman"):
                if peer:
                    lines.append(pair(f"pull 80 MB beside {who}", pull(ours, f"{name}:1"), pull(peer, f"{name}:1"), rounds))
            lines += [pair("pull 80 MB", pull(ours, f"{name}:1"), None, rounds)] if not lines else []
            lines.append(changed(ours, registry, name, layer))
            lines += crowd(ours, docker, registry, max(3, ROUNDS // 8))
            registry.put("bench/big", "1", [layer])
            lines.append(push(ours, docker, registry, name, rounds))
        finally:
            for engine in filter(None, (docker, podman)):
                engine.remove(f"{name}:1", f"{name}:2", *(f"{registry.address}/bench/many{i}:1" for i in range(MANY)))
            if podman:
                podman.side.close()
    return lines


def pull(engine, name):
    return Trip(engine, f"{engine.pull} {name}", lambda: engine.remove(name))


def push(ours, docker, registry, name, rounds):
    """Of the image that was pulled, to a registry that has nothing."""
    engines = [engine for engine in (ours, docker) if engine]
    for engine in engines:
        engine.side.run(f"{engine.command} {engine.pull} {name}:1")
    trips = [Trip(engine, f"{engine.push} {name}:1", registry.forget) for engine in engines]
    return pair("push 80 MB", trips[0], trips[1] if docker else None, rounds)


def changed(ours, registry, name, layer):
    """What moves when one layer of two is new."""
    whole = registry.put("bench/big", "2", [layer, small_layer(0)])
    ours.side.run(f"{ours.command} {ours.pull} {name}:1")
    registry.stop()
    registry.start()
    ours.side.run(f"{ours.command} {ours.pull} {name}:2")
    sent = registry.sent()
    ours.remove(f"{name}:1", f"{name}:2")
    return say("pull of a changed image", f"{sent} bytes moved, {whole} in all", bytes=sent, whole=whole)


def crowd(ours, docker, registry, rounds):
    """Many at once, each an image of its own."""
    names = []
    for i in range(MANY):
        registry.put(f"bench/many{i}", "1", [small_layer(i + 1, 5_000_000)])
        names.append(f"{registry.address}/bench/many{i}:1")

    def at_once(engine, verb, before):
        script = " ".join(f"{engine.command} {verb} {name} >/dev/null & p=\"$p $!\";" for name in names)
        return AtOnce(engine, f"p=; {script} for i in $p; do wait $i || exit 1; done", before)

    engines = [ours, docker]
    pulls = [engine and at_once(engine, engine.pull, lambda engine=engine: engine.remove(*names)) for engine in engines]
    lines = [pair(f"{MANY} pulls at once", *pulls, rounds)]
    for engine in filter(None, engines):
        for name in names:
            engine.side.run(f"{engine.command} {engine.pull} {name}")
    pushes = [engine and at_once(engine, engine.push, registry.forget) for engine in engines]
    return [*lines, pair(f"{MANY} pushes at once", *pushes, rounds)]


class AtOnce(Trip):
    """A script, timed as a whole."""

    def time(self):
        self.before()
        return self.engine.side.run(self.command, timed=False)


def podman_engine():
    if not PEERS:
        return None
    flags = "--root /w/tare-bench-podman --runroot /run/tare-bench-podman --storage-driver overlay"
    return Engine(Side(PEERS), f"podman {flags}", pull="pull -q --tls-verify=false")


def small_layer(seed, size=200_000):
    content, data = io.BytesIO(), random.Random(seed).randbytes(size)
    with tarfile.open(fileobj=content, mode="w") as tar:
        entry = tarfile.TarInfo(f"small{seed}")
        entry.size = size
        tar.addfile(entry, io.BytesIO(data))
    return content.getvalue()


def digest(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


def describe(kind, content):
    return {"mediaType": kind, "digest": digest(content), "size": len(content)}
