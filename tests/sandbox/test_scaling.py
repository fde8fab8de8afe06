"""A service that is scaled on its CPU, over boto3, on both runtimes: load comes, load goes."""

from __future__ import annotations

import datetime
import http.client
import itertools
import threading

import pytest

from tests.sandbox.serving import Served, connected, launch, until

WEB = {
    "ServiceNamespace": "ecs",
    "ResourceId": "service/web/web",
    "ScalableDimension": "ecs:service:DesiredCount",
}
WORK = (
    "cd /usr/share/nginx/html; yes ecslab | head -c 7000000 > work.html; "
    "echo 'server { listen 80; root /usr/share/nginx/html; gzip on; gzip_comp_level 9; }'"
    " > /etc/nginx/conf.d/default.conf; exec nginx -g 'daemon off;'"
)
"""A page that is packed anew for each visitor: some 25 ms of CPU."""
BUSY = {
    "name": "web",
    "image": "nginx:alpine",
    "cpu": 64,
    "memory": 64,
    "portMappings": [{"containerPort": 80, "hostPort": 0}],
    "entryPoint": ["sh", "-c"],
    "command": [WORK],
    "dockerLabels": {"ecslab.simulate.cpu-per-request": "100"},
}


class Shop:
    """A service of one busy task, scaled at 50 % of its CPU."""

    def __init__(self, served, most):
        self.served, self.ecs = served, served.client()
        self.scaling = served.client("application-autoscaling")
        self.watch = served.client("cloudwatch")
        self.ecs.create_cluster(clusterName="web")
        launch(served)
        until(lambda: connected(self.ecs))
        self.ecs.register_task_definition(family="web", containerDefinitions=[BUSY])
        self.ecs.create_service(
            cluster="web", serviceName="web", taskDefinition="web", desiredCount=1
        )
        self.scaling.register_scalable_target(**WEB, MinCapacity=1, MaxCapacity=most)
        metric = {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}
        self.scaling.put_scaling_policy(
            **WEB,
            PolicyName="cpu",
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration={
                "TargetValue": 50,
                "PredefinedMetricSpecification": metric,
            },
        )

    def count(self):
        (found,) = self.ecs.describe_services(cluster="web", services=["web"])["services"]
        return found["desiredCount"], found["runningCount"]

    def activities(self):
        told = self.scaling.describe_scaling_activities(ServiceNamespace="ecs")
        return [(one["StatusCode"], one["Description"]) for one in told["ScalingActivities"]]

    def cpu(self):
        now = datetime.datetime.now(datetime.timezone.utc)
        names = ({"Name": "ClusterName", "Value": "web"}, {"Name": "ServiceName", "Value": "web"})
        metric = {"Namespace": "AWS/ECS", "MetricName": "CPUUtilization", "Dimensions": names}
        stat = {"Metric": metric, "Period": 60, "Stat": "Average"}
        answer = self.watch.get_metric_data(
            MetricDataQueries=[{"Id": "cpu", "MetricStat": stat}],
            StartTime=now - datetime.timedelta(hours=1),
            EndTime=now + datetime.timedelta(days=2),
        )
        return answer["MetricDataResults"][0]["Values"]

    def doors(self):
        """Where its tasks answer now."""
        arns = self.ecs.list_tasks(cluster="web")["taskArns"]
        tasks = self.ecs.describe_tasks(cluster="web", tasks=arns)["tasks"] if arns else []
        return [
            (door["bindIP"], door["hostPort"])
            for task in tasks
            if task["lastStatus"] == "RUNNING"
            for door in task["containers"][0]["networkBindings"]
        ]


class Visitors:
    """They come so many times a second, to one task after the other."""

    def __init__(self, shop, a_second):
        self.shop, self.pause = shop, 1 / a_second
        self.gone = threading.Event()
        self.thread = threading.Thread(target=self.come, daemon=True)
        self.thread.start()

    def come(self):
        for turn in itertools.count():
            if self.gone.wait(self.pause):
                return
            doors = self.shop.doors()
            if doors:
                visit(doors[turn % len(doors)])

    def go(self):
        self.gone.set()
        self.thread.join()


def visit(door):
    connection = http.client.HTTPConnection(*door, timeout=5)
    try:
        connection.request("GET", "/work.html", headers={"Accept-Encoding": "gzip"})
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        pass  # the task begins or ends: the next visitor goes elsewhere
    finally:
        connection.close()


@pytest.fixture
def place(tmp_path):
    """Starts a sandbox that is stopped in the end."""
    made = []

    def start(runtime, speed):
        served = Served(tmp_path / "sandbox", "--runtime", runtime, "--speed", str(speed))
        made.append(served)
        served.start()
        return served

    yield start
    for served in made:
        served.stop()


def test_load_makes_a_service_grow_and_its_end_makes_it_shrink_past_a_crash(place):
    """To where the target holds, and back to the minimum; the policy survives SIGKILL."""
    served = place("stub", 200)
    shop = Shop(served, most=5)
    # 100 ms up to 20 times a second: far more than 5 tasks of 64 units hold, on a slow machine too.
    visitors = Visitors(shop, 20)
    until(lambda: shop.count() == (5, 5))
    grown = ("Successful", "Setting desired count to 5.")
    until(lambda: shop.activities()[0] == grown)
    assert max(shop.cpu()) > 100
    visitors.go()
    served.kill()
    served.start()
    assert shop.activities()[0] == grown
    until(lambda: shop.count() == (1, 1))
    until(lambda: shop.activities()[0] == ("Successful", "Setting desired count to 1."))
    (low,) = shop.watch.describe_alarms(StateValue="ALARM")["MetricAlarms"]
    assert "-AlarmLow-" in low["AlarmName"]
    shop.scaling.deregister_scalable_target(**WEB)
    assert shop.watch.describe_alarms()["MetricAlarms"] == []


@pytest.mark.docker
def test_real_cpu_makes_a_service_grow(place, web_images):
    """What the engine measured of its containers, against what they reserve."""
    shop = Shop(place("docker", 60), most=2)
    until(shop.doors)
    visitors = Visitors(shop, 6)
    until(lambda: shop.count() == (2, 2))
    visitors.go()
    assert max(shop.cpu()) > 50
    assert shop.activities()[-1][1] == "Setting desired count to 2."
