"""The sandbox against its peers: ``python benchmarks/sandbox.py``.

Calls a second for the calls a workshop makes most, the seconds until the first answer and the
memory, of ecslab, moto's server and ministack, in one run on one machine. ministack is installed
into an environment of its own under ``.cache/``; none of its containers are started. Fails where
the sandbox is less than 3 times moto or 1.5 times ministack, or needs more than a second to answer.
"""

from __future__ import annotations

import contextlib
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import peers
from benchmarks.peers import Peer

ROUNDS = 5
CALLS = 60
AGAINST = {"moto": 3.0, "ministack": 1.5}
"""What the sandbox must be at least, as a multiple of the peer's calls a second."""
FIRST_ANSWER_S = 1.0
CLUSTER = "bench"
DEFINITION = {
    "family": "web",
    "networkMode": "bridge",
    "containerDefinitions": [
        {
            "name": "nginx",
            "image": "nginx:alpine",
            "memory": 8,
            "cpu": 1,
            "essential": True,
            "portMappings": [{"containerPort": 80, "hostPort": 0}],
            "environment": [{"name": f"NAME_{n}", "value": "value"} for n in range(10)],
        }
    ],
}


def prepare_ours(peer: Peer) -> None:
    """Instances with room for thousands of small tasks, joined by their user data."""
    peer.ecs("CreateCluster", clusterName=CLUSTER)
    name = "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id"
    image = peer.boto3("ssm").get_parameter(Name=name)["Parameter"]["Value"]
    peer.boto3("ec2").run_instances(
        ImageId=image,
        InstanceType="m5.2xlarge",
        MinCount=8,
        MaxCount=8,
        UserData=f"#!/bin/bash\necho ECS_CLUSTER={CLUSTER} >> /etc/ecs/ecs.config\n",
    )
    until = time.monotonic() + 60
    while len(peer.ecs("ListContainerInstances", cluster=CLUSTER)["containerInstanceArns"]) < 8:
        if time.monotonic() > until:
            raise RuntimeError("the instances did not join")
        time.sleep(0.2)


def prepare_moto(peer: Peer) -> None:
    """With moto, instances are registered by hand."""
    peer.ecs("CreateCluster", clusterName=CLUSTER)
    ec2 = peer.boto3("ec2")
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    made = ec2.run_instances(ImageId=image, MinCount=8, MaxCount=8)["Instances"]
    for machine in made:
        document = json.dumps({"instanceId": machine["InstanceId"]})
        peer.ecs("RegisterContainerInstance", cluster=CLUSTER, instanceIdentityDocument=document)


def prepare_ministack(peer: Peer) -> None:
    """With ministack, tasks run without instances."""
    peer.ecs("CreateCluster", clusterName=CLUSTER)


PREPARE: dict[str, Callable[[Peer], None]] = {
    "ecslab": prepare_ours,
    "moto": prepare_moto,
    "ministack": prepare_ministack,
}


def measure(peer: Peer, count: int) -> dict[str, float]:
    """Calls a second of each kind, once."""
    found = {"RegisterTaskDefinition": peer.rate("RegisterTaskDefinition", [DEFINITION] * count)}
    run = {"cluster": CLUSTER, "taskDefinition": "web", "count": 1}
    found["RunTask"] = peer.rate("RunTask", [run] * count)
    arns = peer.ecs("ListTasks", cluster=CLUSTER, maxResults=100)["taskArns"][:100]
    hundred: list[dict[str, Any]] = [{"cluster": CLUSTER, "tasks": arns}] * count
    found["DescribeTasks of 100"] = peer.rate("DescribeTasks", hundred)
    found["ListTasks"] = peer.rate("ListTasks", [{"cluster": CLUSTER}] * count)
    return found


def median_rates(all_peers: list[Peer]) -> dict[str, dict[str, float]]:
    """Rounds in turn, so that what else the machine does is shared by all; medians of them."""
    rounds: dict[str, list[dict[str, float]]] = {peer.name: [] for peer in all_peers}
    for peer in all_peers:
        PREPARE[peer.name](peer)
        measure(peer, 2 * 50)  # warm, and a hundred tasks to describe
    for _round in range(ROUNDS):
        for peer in all_peers:
            rounds[peer.name].append(measure(peer, CALLS))
    return {
        name: {call: statistics.median(one[call] for one in each) for call in each[0]}
        for name, each in rounds.items()
    }


def too_slow(rates: dict[str, dict[str, float]]) -> list[str]:
    """Print the table; what misses its goal."""
    missed = []
    print(f"{'calls a second':24}" + "".join(f"{name:>12}" for name in rates), end="")
    print("".join(f"{'× ' + peer:>13}" for peer in AGAINST))
    for call, ours in rates["ecslab"].items():
        row = f"{call:24}" + "".join(f"{rates[name][call]:12.0f}" for name in rates)
        for peer, least in AGAINST.items():
            ratio = ours / rates[peer][call]
            row += f"{ratio:13.1f}"
            if ratio < least:
                missed.append(f"{call}: {ratio:.2f} × {peer}, not {least}")
        print(row)
    return missed


def notebook_imports() -> list[str]:
    """What the process of a notebook must not load, and did."""
    code = (
        "import sys, ecslab, ecslab.lab, ecslab.steps.cluster\n"
        "print(*[name for name in ('moto', 'docker', 'waitress') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


def main() -> int:
    """Run it all; 1 where a goal is missed."""
    with contextlib.ExitStack() as stack:
        found = [
            stack.enter_context(start()) for start in (peers.ours, peers.moto, peers.ministack)
        ]
        rates = median_rates([peer for peer, _seconds in found])
        missed = too_slow(rates)
        for peer, seconds in found:
            tasks = ROUNDS * CALLS + 100
            print(f"{peer.name:10} first answer {seconds:5.2f} s, {peer.memory():4.0f} MiB", end="")
            print(f" with {tasks} tasks")
        if found[0][1] > FIRST_ANSWER_S:
            missed.append(f"the first answer took {found[0][1]:.2f} s")
    loaded = notebook_imports()
    print("a notebook's process loads none of moto, docker, waitress:", not loaded)
    missed += [f"a notebook's process loads {name}" for name in loaded]
    for line in missed:
        print(f"MISSED {line}", file=sys.stderr)
    return int(bool(missed))


if __name__ == "__main__":
    raise SystemExit(main())
