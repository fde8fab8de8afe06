"""The images of the lessons behave as the lessons say, whoever made them."""

import contextlib
import re
import time
import urllib.request

import pytest

from tests.images import NGINX, PHP, unique

pytestmark = pytest.mark.docker

PAGE = "server { listen 80; location / { root /page; fastcgi_pass php:9000; include fastcgi_params;\
 fastcgi_param SCRIPT_FILENAME /var/www/html/index.php; } }"


@pytest.fixture
def run(docker_engine, web_images):
    """Start a container; it goes with the test."""
    made = []

    def run(image, command=None, ports=(), links=None):
        host = docker_engine.create_host_config(
            port_bindings=dict.fromkeys(ports, ("127.0.0.1", None)), links=links
        )
        container = docker_engine.create_container(
            image, command, name=unique(), host_config=host, ports=list(ports)
        )["Id"]
        made.append(container)
        docker_engine.start(container)
        return container

    yield run
    for container in made:
        docker_engine.remove_container(container, force=True)


def page(engine, container):
    """What the container serves at its port 80."""
    port = engine.port(container, 80)[0]["HostPort"]
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer,
        ):
            return answer.read().decode()
        time.sleep(0.05)
    raise AssertionError(engine.logs(container).decode())


def test_nginx_welcomes_and_writes_its_log_to_the_container_s(run, docker_engine):
    web = run(NGINX, ports=[80])
    assert "Welcome to nginx!" in page(docker_engine, web)
    assert re.search(r'"GET / HTTP/1.1" 200', docker_engine.logs(web, stderr=False).decode())


def test_nginx_serves_what_is_in_its_folder(run, docker_engine):
    script = "echo mine > /usr/share/nginx/html/index.html; exec nginx -g 'daemon off;'"
    assert page(docker_engine, run(NGINX, ["sh", "-c", script], [80])) == "mine\n"


def test_php_answers_nginx_and_logs_to_stderr(run, docker_engine):
    script = "echo '<?php echo 6*7;' > /var/www/html/index.php; exec php-fpm"
    php = run(PHP, ["sh", "-c", script])
    script = f"echo '{PAGE}' > /etc/nginx/conf.d/default.conf; exec nginx -g 'daemon off;'"
    web = run(NGINX, ["sh", "-c", script], [80], {php: "php"})
    assert page(docker_engine, web) == "42"
    assert '"GET /" 200' in docker_engine.logs(php, stdout=False).decode()


@pytest.mark.parametrize("image", [NGINX, PHP])
def test_each_stays_in_the_foreground_and_ends_by_itself_when_stopped(run, docker_engine, image):
    container = run(image)
    time.sleep(0.5)
    assert docker_engine.inspect_container(container)["State"]["Running"]
    docker_engine.stop(container, timeout=10)
    assert docker_engine.inspect_container(container)["State"]["ExitCode"] == 0
