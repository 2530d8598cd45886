# SPDX-License-Identifier: Apache-2.0
"""The registry server beside Debian's docker-registry."""
import hashlib, http.client, json, os, shutil, subprocess, threading, time
from pathlib import Path

from stopwatch import say
from store import TARE

REFERENCE = os.environ.get("DOCKER_REGISTRY")
PUSHES, PUSH_BYTES, BLOB_BYTES, SECONDS = 16, 20 << 20, 10 << 20, 3
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = """version: 0.1
log: {accesslog: {disabled: true}, level: error}
storage: {cache: {blobdescriptor: inmemory}, filesystem: {rootdirectory: %s}, delete: {enabled: true}}
http: {addr: "127.0.0.1:%d"}
"""


class Server:
    """A registry over a folder of its own, for the length of a with."""

    def __init__(self, folder, port, reference):
        self.port, data = port, folder / f"registry-{port}"
        configuration = folder / "reference.yml"
        configuration.write_text(CONFIG % (data, port))
        self.command = [REFERENCE, "serve", configuration] if reference else \
            [TARE, "registry", "serve", "--addr", f"127.0.0.1:{port}", "--storage", data]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(100):
            try:
                if self.ask("GET", "/v2/").status == 200:
                    return self
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"{self.command[0]} does not answer")

    def __exit__(self, *failure):
        self.process.terminate()
        self.process.wait()

    def ask(self, method, path, body=None, kind="application/octet-stream"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection.request(method, path, body, {"Content-Type": kind, "Accept": "*/*"})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer

    def push(self, blob):
        place = self.ask("POST", "/v2/app/blobs/uploads/").getheader("Location")
        for method, body in ("PATCH", blob), ("PUT", b""):
            path = "/" + place.split("/", 3)[3] if place.startswith("http") else place
            if method == "PUT":
                path += ("&" if "?" in path else "?") + "digest=" + digest(blob)
            answer = self.ask(method, path, body)
            assert answer.status in (201, 202), answer.status
            place = answer.getheader("Location")

    def peak(self):
        """Most memory that it held so far, in MB."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM"))


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def registry(host, folder):
    """Pushes, then pulls: 16 blobs of 20 MB at once; a manifest of 1 kB and a blob of 10 MB with wrk."""
    if not shutil.which("wrk"):
        print("registry: wrk is not installed: neither manifests nor blobs are measured")
    figures = {"tare": measure(folder, 5801, False)}
    if REFERENCE:
        figures["docker-registry"] = measure(folder, 5802, True)
    return [say(f"registry: {name}", ", ".join(f"{value:.0f} {unit}" for unit, value in found.items()), **found)
            for name, found in figures.items()]


def measure(folder, port, reference):
    with Server(folder, port, reference) as server:
        blobs = [os.urandom(1 << 20) * (PUSH_BYTES >> 20) for _ in range(PUSHES)]
        begin = time.monotonic()
        threads = [threading.Thread(target=server.push, args=(blob,)) for blob in blobs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        pushed = PUSHES * PUSH_BYTES / 1e6 / (time.monotonic() - begin)
        found = {"MB/s pushed": pushed, "MB peak after pushes": server.peak()}
        if shutil.which("wrk"):
            config, blob = b"{}", os.urandom(BLOB_BYTES)
            server.push(config)
            server.push(blob)
            manifest = json.dumps({
                "schemaVersion": 2, "mediaType": MANIFEST,
                "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest(config), "size": 2},
                "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": digest(blob), "size": BLOB_BYTES}],
                "annotations": {"pad": "x" * 400}}).encode()
            server.ask("PUT", "/v2/app/manifests/v1", manifest, MANIFEST)
            found["manifests/s"] = wrk(server, f"manifests/{digest(manifest)}")
            found["MB/s of blobs"] = wrk(server, f"blobs/{digest(blob)}") * BLOB_BYTES / 1e6
            found["MB peak after pulls"] = server.peak()
        return found


def wrk(server, what):
    """Requests per second over 8 connections."""
    report = subprocess.run(
        ["wrk", "-t1", "-c8", f"-d{SECONDS}s", "-H", f"Accept: {MANIFEST}", f"http://127.0.0.1:{server.port}/v2/app/{what}"],
        check=True, capture_output=True, text=True).stdout
    assert "Non-2xx" not in report, report
    return next(float(line.split()[1]) for line in report.splitlines() if line.startswith("Requests/sec"))
