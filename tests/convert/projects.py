"""Hypothesis strategies for Compose projects as people write them; nothing shared with the code."""

from hypothesis import strategies as st

WORD = st.from_regex(r"[a-z][a-z0-9_-]{0,6}", fullmatch=True)
TEXT = st.text(st.characters(categories=("L", "N", "P", "S"), max_codepoint=0x3100), max_size=8)
SIZE = st.builds(
    "{}{}".format, st.integers(1, 5000), st.sampled_from(["", "b", "k", "kb", "m", "M", "mb", "g"])
) | st.sampled_from(["0", "-1", "1.5g", "16m"])
DURATION = st.builds(
    "{}{}".format, st.integers(0, 400), st.sampled_from(["s", "ms", "m"])
) | st.sampled_from(["1m30s", "1.5s", "2s", "30s"])
PORT = st.integers(1, 65535)
PATH = st.from_regex(r"(/[a-z0-9._-]{1,5}){1,3}", fullmatch=True)


def texts(most=3):
    return st.lists(TEXT, max_size=most)


def pairs(values=TEXT):
    return st.dictionaries(WORD, values, max_size=3)


def maybe(**optional):
    return st.fixed_dictionaries({}, optional=optional)


def upon(required, **optional):
    return st.fixed_dictionaries(required, optional=optional)


PORTS = st.lists(
    upon(
        {"target": PORT},
        published=st.builds(str, PORT) | st.sampled_from(["", "0", "8000-8010"]),
        protocol=st.sampled_from(["tcp", "udp", "sctp"]),
        host_ip=st.sampled_from(["127.0.0.1", "::1"]),
        mode=st.sampled_from(["host", "ingress"]),
        name=WORD,
        app_protocol=st.sampled_from(["http", "http2", "grpc", "ws"]),
    ),
    max_size=3,
)
BINDS = upon(
    {"type": st.just("bind"), "source": PATH, "target": PATH},
    read_only=st.booleans(),
    consistency=st.just("cached"),
    bind=maybe(propagation=st.just("rslave"), create_host_path=st.booleans(), selinux=st.just("z")),
)
TMPFS_MOUNTS = upon(
    {"type": st.just("tmpfs"), "target": PATH},
    tmpfs=maybe(size=SIZE, mode=st.sampled_from([0o755, 0o1777])),
    read_only=st.booleans(),
)
ANONYMOUS = upon({"type": st.just("volume"), "target": PATH}, read_only=st.booleans())


def named_mounts(volumes):
    return upon(
        {"type": st.just("volume"), "source": st.sampled_from(volumes), "target": PATH},
        read_only=st.booleans(),
        volume=maybe(nocopy=st.booleans(), subpath=WORD),
    )


DEVICES = st.lists(
    upon(
        {"source": PATH | st.just("vendor.com/class=name")},
        target=PATH,
        permissions=st.sampled_from(["rwm", "r", "mr", "rx"]),
    ),
    max_size=2,
)
GPU = upon(
    {"capabilities": st.sampled_from([["gpu"], ["tpu"]])},
    count=st.integers(1, 4) | st.just("all"),
    driver=st.just("nvidia"),
    device_ids=st.just(["0", "3"]),
)
DEPLOY = maybe(
    mode=st.sampled_from(["replicated", "global"]),
    replicas=st.integers(0, 5),
    labels=pairs(),
    endpoint_mode=st.just("vip"),
    update_config=maybe(parallelism=st.integers(0, 3)),
    placement=st.just({"constraints": ["node.role==manager"]}),
    resources=maybe(
        limits=maybe(cpus=st.sampled_from(["0.5", 1, 2.25]), memory=SIZE, pids=st.integers(1, 9)),
        reservations=maybe(
            cpus=st.sampled_from([0.25, "1"]), memory=SIZE, devices=st.lists(GPU, max_size=2)
        ),
    ),
    restart_policy=maybe(
        condition=st.sampled_from(["any", "on-failure", "none", "always"]),
        delay=DURATION,
        max_attempts=st.integers(0, 3),
        window=DURATION,
    ),
)
HEALTH = maybe(
    test=st.sampled_from(
        [["CMD", "true"], ["CMD-SHELL", "exit $X"], ["NONE"], [], "curl -f localhost"]
    ),
    interval=DURATION,
    timeout=DURATION,
    retries=st.integers(0, 20),
    start_period=DURATION,
    start_interval=DURATION,
    disable=st.booleans(),
)
LINES = st.builds("{}={}".format, WORD, TEXT) | WORD
KEYS = {
    "build": st.just({"context": "/app"}) | st.just("."),
    "platform": st.sampled_from(["linux/amd64", "linux/arm64", "linux/arm64/v8", "windows/amd64"]),
    "entrypoint": texts(),
    "command": texts() | st.just("run --fast 'a b'"),
    "user": TEXT,
    "working_dir": PATH,
    "hostname": WORD,
    "domainname": WORD,
    "restart": st.sampled_from(["no", "always", "on-failure", "on-failure:3", "unless-stopped"]),
    "network_mode": st.sampled_from(["host", "none", "bridge", "service:one"]),
    "pid": st.sampled_from(["host", "service:one"]),
    "ipc": st.sampled_from(["host", "none", "shareable", "private", "service:one"]),
    "ports": PORTS,
    "expose": st.just(["80"]),
    "dns": st.lists(st.just("10.0.0.2"), max_size=2),
    "dns_search": st.lists(WORD, max_size=2),
    "extra_hosts": st.lists(
        st.sampled_from(["a=10.0.0.1", "b:::1", "c=[::2]", "d:host-gateway"]), max_size=3
    ),
    "environment": pairs(TEXT | st.integers() | st.booleans() | st.none())
    | st.lists(LINES, max_size=3),
    "tmpfs": st.lists(
        st.builds("{}{}".format, PATH, st.sampled_from(["", ":size=64m", ":size=1k,ro", ":ro"])),
        max_size=2,
    ),
    "devices": DEVICES,
    "shm_size": SIZE,
    "cpu_shares": st.integers(0, 4096),
    "cpus": st.sampled_from([0.1, 1.5, "2"]),
    "cpuset": st.just("0,1"),
    "mem_limit": SIZE,
    "mem_reservation": SIZE,
    "memswap_limit": SIZE,
    "mem_swappiness": st.integers(-1, 120),
    "gpus": st.just("all") | st.lists(GPU, max_size=1),
    "deploy": DEPLOY,
    "healthcheck": HEALTH,
    "logging": maybe(
        driver=st.sampled_from(["json-file", "awslogs", "loki", "none"]),
        options=pairs(TEXT | st.none()),
    ),
    "stop_grace_period": DURATION,
    "stop_signal": st.just("SIGINT"),
    "cap_add": st.lists(st.sampled_from(["NET_ADMIN", "CAP_SYS_TIME", "all"]), max_size=2),
    "cap_drop": st.lists(st.sampled_from(["NET_ADMIN", "CAP_CHOWN", "ALL"]), max_size=2),
    "privileged": st.booleans(),
    "read_only": st.booleans(),
    "security_opt": texts(2),
    "init": st.booleans(),
    "stdin_open": st.booleans(),
    "tty": st.booleans(),
    "ulimits": st.dictionaries(
        st.sampled_from(["nofile", "nproc"]),
        st.integers(0, 9) | maybe(soft=st.integers(0, 9), hard=st.integers(9, 20)),
        max_size=2,
    ),
    "sysctls": pairs(TEXT | st.integers()),
    "labels": pairs(TEXT | st.none()),
    "container_name": WORD,
    "profiles": st.just(["full"]),
    "secrets": st.just(["key"]),
    "configs": st.just(["settings"]),
    "networks": st.just(["front"]) | st.just({"front": {"aliases": ["x"]}}),
    "pull_policy": st.just("always"),
    "x-own": TEXT,
    "annotations": pairs(),
    "userns_mode": st.just("host"),
    "group_add": st.just(["50"]),
    "pids_limit": st.integers(1, 9),
}
VOLUME = maybe(
    driver=WORD,
    driver_opts=pairs(TEXT | st.none()),
    labels=pairs(TEXT | st.none()),
    name=WORD,
) | st.sampled_from(
    [None, {"external": True}, {"external": False}, {"external": True, "name": "v"}]
)


@st.composite
def services(draw, before, volumes):
    """One service, which may need those before it."""
    keys = draw(st.lists(st.sampled_from(sorted(KEYS)), max_size=6, unique=True))
    made = {key: draw(KEYS[key]) for key in keys}
    if "build" not in made or draw(st.booleans()):
        made["image"] = "nginx"
    mounts = [BINDS, TMPFS_MOUNTS, ANONYMOUS, *([named_mounts(volumes)] if volumes else [])]
    if draw(st.booleans()):
        made["volumes"] = draw(st.lists(st.one_of(mounts), max_size=3))
    if before and draw(st.booleans()):
        made["depends_on"] = draw(needs(before))
    if before and draw(st.integers(0, 3)) == 0:
        made["links"] = [draw(st.sampled_from(before)) + draw(st.sampled_from(["", ":alias"]))]
    if before and draw(st.integers(0, 3)) == 0:
        made["volumes_from"] = [
            draw(st.sampled_from(before)) + draw(st.sampled_from(["", ":ro", ":rw"]))
        ]
    return made


def needs(before):
    how = maybe(
        condition=st.sampled_from(
            ["service_started", "service_healthy", "service_completed_successfully"]
        ),
        restart=st.booleans(),
        required=st.booleans(),
    )
    return st.lists(st.sampled_from(before), unique=True, max_size=2) | st.dictionaries(
        st.sampled_from(before), how, max_size=2
    )


@st.composite
def projects(draw):
    """A whole document."""
    made = {"name": draw(WORD), "services": {}}
    if draw(st.booleans()):
        made["volumes"] = draw(
            st.dictionaries(st.sampled_from(["data", "cache", "volume-1"]), VOLUME, max_size=2)
        )
    names = ["one", *draw(st.lists(st.sampled_from(["two", "three", "Four_4"]), unique=True))]
    for index, name in enumerate(names):
        made["services"][name] = draw(services(names[:index], list(made.get("volumes", ()))))
    made["networks"] = {"front": {}}
    made["secrets"] = {"key": {"file": "/k"}}
    made["configs"] = {"settings": {"content": "a"}}
    return made
