# SPDX-License-Identifier: Apache-2.0
"""Images coming in."""
from images import big_image
from peers import DOCKER
from starting import ROUNDS
from stopwatch import Job, pair
from store import Store


def load(host, folder):
    with Store(folder) as store:
        tar = big_image(folder)
        docker = Job(host, f"docker load -q -i {tar}", "docker rmi -f tare-bench:big >/dev/null 2>&1; sync") if DOCKER else None
        try:
            ours = Job(host, f"{store.command} load -q -i {tar}", f"{store.command} rmi -f tare-bench:big >/dev/null 2>&1; sync")
            return [pair("load 80 MB, 7,000 files", ours, docker, max(5, ROUNDS // 4))]
        finally:
            if docker:
                host.run("docker rmi -f tare-bench:big", may_fail=True)
