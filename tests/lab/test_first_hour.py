"""From an empty account to the page that nginx serves, as the notebooks do it."""

import urllib.request

import pytest

import ecslab
from ecslab import sandbox

NGINX = [{"name": "nginx", "image": "nginx:alpine", "memory": 128}]
PORTS = [{"containerPort": 80, "hostPort": 80, "protocol": "tcp"}]


def first_hour():
    """The page, and the lab it was reached with."""
    lab = ecslab.connect("sandbox", lang="en")
    lab.create_cluster(template="EC2", instance_type="t2.micro", instances=2)
    containers = [{**NGINX[0], "portMappings": PORTS}]
    lab.register_task_definition(family="nginx", containerDefinitions=containers)
    task = lab.wait(lab.run_task("nginx"))
    with urllib.request.urlopen(lab.url(task), timeout=10) as answer:
        return answer.read().decode(), lab


def test_a_simulated_nginx_says_that_it_is_simulated(stub_sandbox):
    page, _ = first_hour()
    assert "simulated" in page
    assert "nginx" in page


@pytest.mark.docker
def test_a_real_nginx_welcomes_and_goes_with_the_sandbox(docker_sandbox, docker_engine):
    page, _ = first_hour()
    assert "Welcome to nginx!" in page
    name = (docker_sandbox.state / "name").read_text()
    label = {"label": f"ecslab.sandbox={name}"}
    mine = [one["Id"] for one in docker_engine.containers(filters=label)]
    assert mine
    sandbox.stop(docker_sandbox.port)
    left = [one["Id"] for one in docker_engine.containers(all=True, filters=label)]
    assert not set(mine) & set(left)
