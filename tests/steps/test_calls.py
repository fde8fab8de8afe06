"""The log of API calls: which of them changed something."""

from __future__ import annotations

from ecslab.steps.calls import Call, CallLog


def test_changes_are_the_calls_that_did_not_only_ask() -> None:
    names = ("ListClusters", "CreateCluster", "DescribeTasks", "RunTask", "GetCallerIdentity")
    log = CallLog([Call("ecs", name, {}) for name in names])
    assert [call.operation for call in log.changes] == ["CreateCluster", "RunTask"]
    assert "boto3.client" in log.changes._repr_html_()
