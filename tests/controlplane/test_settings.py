"""Account settings."""

import pytest

from tests.controlplane.world import World

ROOT = "arn:aws:iam::123456789012:root"
OTHER = "arn:aws:iam::123456789012:user/other"


def listed(w, **params):
    found = w.call("ListAccountSettings", **params)["settings"]
    return {one["name"]: one["value"] for one in found}


def every(w, **params):
    found, token = {}, None
    while token != "":
        more = {"nextToken": token} if token else {}
        answer = w.call("ListAccountSettings", effectiveSettings=True, **params, **more)
        found |= {one["name"]: one["value"] for one in answer["settings"]}
        token = answer.get("nextToken", "")
    return found


def test_nothing_is_set_at_first_and_defaults_hold():
    w = World()
    assert listed(w) == {}
    assert every(w)["containerInsights"] == "disabled"
    assert every(w)["taskLongArnFormat"] == "enabled"


def test_a_setting_is_put_for_the_caller():
    w = World()
    answer = w.call("PutAccountSetting", name="containerInsights", value="enabled")["setting"]
    assert answer == {
        "name": "containerInsights",
        "value": "enabled",
        "principalArn": ROOT,
        "type": "user",
    }
    assert listed(w) == {"containerInsights": "enabled"}
    assert every(w, principalArn=OTHER)["containerInsights"] == "disabled"


def test_a_default_holds_for_who_has_set_nothing():
    w = World()
    w.call("PutAccountSettingDefault", name="containerInsights", value="enabled")
    w.call("PutAccountSetting", name="containerInsights", value="disabled", principalArn=OTHER)
    assert every(w)["containerInsights"] == "enabled"
    assert every(w, principalArn=OTHER)["containerInsights"] == "disabled"


def test_a_deleted_setting_gives_way_to_the_default():
    w = World()
    w.call("PutAccountSettingDefault", name="containerInsights", value="enhanced")
    w.call("PutAccountSetting", name="containerInsights", value="disabled")
    answer = w.call("DeleteAccountSetting", name="containerInsights")["setting"]
    assert answer["value"] == "enhanced"
    assert every(w)["containerInsights"] == "enhanced"
    w.call("DeleteAccountSetting", name="containerInsights")


def test_a_new_cluster_has_the_accounts_setting():
    w = World()
    w.call("PutAccountSettingDefault", name="containerInsights", value="enabled")
    made = w.call("CreateCluster")["cluster"]
    assert made["settings"] == [{"name": "containerInsights", "value": "enabled"}]


def test_a_new_cluster_has_the_callers_setting_before_the_accounts():
    w = World()
    w.call("PutAccountSettingDefault", name="containerInsights", value="enabled")
    w.call("PutAccountSetting", name="containerInsights", value="enhanced")
    made = w.call("CreateCluster")["cluster"]
    assert made["settings"] == [{"name": "containerInsights", "value": "enhanced"}]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("colour", "blue"),
        ("containerInsights", "on"),
        ("taskLongArnFormat", "disabled"),
        ("fargateTaskRetirementWaitPeriod", "8"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(name, value):
    for operation in ("PutAccountSetting", "PutAccountSettingDefault"):
        code, message = World().refused(operation, name=name, value=value)
        assert code == "InvalidParameterException"
        assert repr(name) in message or name in message


def test_settings_are_listed_by_name_and_value():
    w = World()
    w.call("PutAccountSetting", name="containerInsights", value="enabled")
    w.call("PutAccountSetting", name="awsvpcTrunking", value="enabled")
    assert listed(w, name="awsvpcTrunking") == {"awsvpcTrunking": "enabled"}
    assert listed(w, name="awsvpcTrunking", value="disabled") == {}
    assert w.refused("ListAccountSettings", value="enabled")[0] == "InvalidParameterException"


def test_ten_settings_are_a_page():
    w = World()
    first = w.call("ListAccountSettings", effectiveSettings=True)
    assert len(first["settings"]) == 10
    assert w.refused("ListAccountSettings", maxResults=11)[0] == "InvalidParameterException"
