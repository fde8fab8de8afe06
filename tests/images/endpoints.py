"""A stand-in for the endpoints container: it answers at the same paths, with something fixed."""

import io

ANSWERS = {
    "v3/task": '{"Cluster": "stand-in", "TaskARN": "arn:aws:ecs:us-west-2:111111111111:task/a/0"}',
    "creds": "{}",
}


def build(client, name):
    """Busybox's httpd over the answers as files."""
    lines = ["FROM busybox:stable", "RUN mkdir -p /www/v3"]
    lines += [f"RUN echo '{text}' > /www/{path}" for path, text in ANSWERS.items()]
    lines += ['CMD ["httpd", "-f", "-p", "80", "-h", "/www"]']
    list(client.build(fileobj=io.BytesIO("\n".join(lines).encode()), tag=name, rm=True))
