# SPDX-License-Identifier: Apache-2.0
"""The images that benchmarks load; the same bytes for us and the peers."""
import hashlib, io, json, random, shutil, sys, tarfile


def busybox_tar(folder):
    """A root file system with a static busybox and some of its names."""
    path = folder / "busybox.tar"
    with tarfile.open(path, "w") as tar:
        binary = shutil.which("busybox") or sys.exit("bench: busybox-static is missing: make setup")
        for name in ("bin", "proc", "dev", "sys", "etc", "tmp"):
            entry = tarfile.TarInfo(name)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o755
            tar.addfile(entry)
        entry = tar.gettarinfo(binary, "bin/busybox")
        entry.uid = entry.gid = 0
        with open(binary, "rb") as content:
            tar.addfile(entry, content)
        for applet in ("sh", "true", "sleep"):
            link = tarfile.TarInfo(f"bin/{applet}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            tar.addfile(link)
    return path


def big_layer(files=7000, total=80_000_000):
    """A tar of many files, half of whose bytes can be packed."""
    rng = random.Random(1)
    sizes = [rng.lognormvariate(0, 1.5) for _ in range(files)]
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as tar:
        for i, size in enumerate(sizes):
            count = int(size / sum(sizes) * total)
            entry = tarfile.TarInfo(f"data/{i % 97:02d}/file{i}")
            entry.size = count
            tar.addfile(entry, io.BytesIO(rng.randbytes(count // 2) + bytes(count - count // 2)))
    return layer.getvalue()


def big_image(folder):
    """What `docker save` writes for an image with one layer of many files."""
    layer = big_layer()
    diff = hashlib.sha256(layer).hexdigest()
    config = json.dumps({"architecture": "amd64", "os": "linux", "config": {}, "rootfs": {"type": "layers", "diff_ids": [f"sha256:{diff}"]},
                         "history": [{"created": "2024-01-01T00:00:00Z", "created_by": "bench"}]}).encode()
    manifest = json.dumps([{"Config": "config.json", "RepoTags": ["tare-bench:big"], "Layers": ["layer.tar"]}]).encode()
    path = folder / "big.tar"
    with tarfile.open(path, "w") as tar:
        for name, content in (("layer.tar", layer), ("config.json", config), ("manifest.json", manifest)):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return path
