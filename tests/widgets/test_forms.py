"""The forms: the hands-on's values, what is asked, what is wrong, what will be sent."""

import html
import json
import re

import pytest

from ecslab import forms
from ecslab.locale import set_language
from ecslab.model.errors import EcslabError


def shown(form):
    return [name for name, field in form.fields.items() if field.box.layout.display != "none"]


def problem_at(form, name):
    return form.fields[name].box.children[-1].value


def page(form, title):
    return form._preview.pages[title].value


# -- the cluster wizard ----------------------------------------------------------------------------


def test_the_wizard_holds_the_values_of_the_hands_on(quiet_lab):
    settings = forms.cluster(quiet_lab).settings()
    assert settings.name == quiet_lab.names.cluster
    assert (settings.template, settings.instance_type) == ("EC2", "t2.micro")
    assert (settings.instances, settings.instance_role) == (2, "ecsInstanceRole")


def test_fargate_hides_every_field_but_the_name(quiet_lab):
    form = forms.cluster(quiet_lab)
    assert shown(form) == ["template", "name", "instance_type", "instances", "instance_role"]
    form.fields["template"].control.value = "FARGATE"
    assert shown(form) == ["template", "name"]
    assert "1 field in place of the 4" in form._about.value
    form.fields["template"].control.value = "EC2"
    assert len(shown(form)) == 5


def test_windows_says_at_the_template_why_it_is_left_out(quiet_lab):
    form = forms.cluster(quiet_lab)
    form.fields["template"].control.value = "WINDOWS"
    assert "EC2 Windows is left out" in problem_at(form, "template")
    assert form.button.disabled
    form.fields["template"].control.value = "EC2"
    assert not problem_at(form, "template")
    assert not form.button.disabled


@pytest.mark.parametrize(
    ("name", "entered", "said"),
    [
        ("name", "my cluster", "digits, hyphens and underscores"),
        ("instances", "two", "two is not a whole number"),
        ("instances", "", "Enter a number from 1 to 10"),
        ("instances", "0", "Enter a number from 1 to 10"),
        ("instance_type", "micro", "looks like t2.micro"),
        ("instance_role", "", "Enter a name"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nowhere_else(quiet_lab, name, entered, said):
    form = forms.cluster(quiet_lab)
    form.fields[name].control.value = entered
    assert said in problem_at(form, name)
    assert [other for other in form.fields if problem_at(form, other)] == [name]
    with pytest.raises(EcslabError, match=str(form.fields[name].label)):
        form.submit()


def test_full_width_digits_are_digits_and_spaces_around_a_name_do_not_count(quiet_lab):
    form = forms.cluster(quiet_lab)
    form.fields["instances"].control.value = "３"
    form.fields["name"].control.value = " study "
    assert form.settings().instances == 3
    assert form.settings().name == "study"
    assert not form.button.disabled


def test_the_wizard_shows_the_calls_to_come_without_asking_anybody(quiet_lab):
    form = forms.cluster(quiet_lab)
    cli = page(form, "AWS CLI")
    assert "aws ecs create-cluster --cluster-name ecslab-yui-1a2b3" in cli
    assert "aws cloudformation create-stack" in cli
    assert "file://templatebody.json" in cli
    assert "create_stack(" in page(form, "boto3")
    form.fields["template"].control.value = "FARGATE"
    assert "create-stack" not in page(form, "AWS CLI")
    form.fields["name"].control.value = ""
    assert "aws" not in page(form, "AWS CLI")
    assert "Mend what is marked" in page(form, "AWS CLI")


def test_the_wizard_speaks_japanese(quiet_lab):
    set_language("ja")
    form = forms.cluster(quiet_lab)
    assert form.fields["name"].label.render() == "クラスター名"
    form.fields["name"].control.value = ""
    assert "名前を入力してください" in problem_at(form, "name")


# -- the task definition ---------------------------------------------------------------------------

HANDS_ON = {
    "name": "nginx",
    "image": "nginx:alpine",
    "memory": 128,
    "essential": True,
    "portMappings": [{"containerPort": 80, "hostPort": 80, "protocol": "tcp"}],
}


def test_the_definition_holds_the_values_of_the_hands_on(quiet_lab):
    form = forms.task_definition(quiet_lab)
    request = form.settings().request()
    assert request["family"] == "ecslab-yui-1a2b3-nginx"
    assert request["containerDefinitions"] == [HANDS_ON]
    assert request["requiresCompatibilities"] == ["EC2"]
    assert "networkMode" not in request


def test_the_json_view_is_what_will_be_registered(quiet_lab):
    form = forms.task_definition(quiet_lab)
    (text,) = re.findall(r">([^<]+)<", page(form, "JSON"))
    registered = form.settings().request() | {"tags": quiet_lab.bench.ecs_tags()}
    assert json.loads(html.unescape(text)) == registered


def test_add_takes_the_container_over_and_closes_the_editor(quiet_lab):
    form = forms.task_definition(quiet_lab)
    before = form.settings()
    form.containers.add_button.click()
    assert form.settings() == before
    assert form.containers._form.layout.display == "none"
    (card,) = form.containers._list.children
    assert "nginx – nginx:alpine · 128 MiB · 80→80/tcp" in card.children[0].value


def test_a_second_container_is_added_changed_and_removed(quiet_lab):
    form = forms.task_definition(quiet_lab)
    box = form.containers
    box.add_button.click()
    box.open_button.click()
    assert box.add_button.disabled
    assert not form.button.disabled  # the container that was added counts, not the open editor
    box.editor.fields["name"].control.value = "side"
    box.editor.fields["image"].control.value = "busybox"
    box.editor.fields["memory_reservation"].control.value = "64"
    box.editor.fields["essential"].control.value = False
    box.editor.variables.add(["MODE", "test"])
    box.add_button.click()
    assert form.settings().request()["containerDefinitions"][1] == {
        "name": "side",
        "image": "busybox",
        "memoryReservation": 64,
        "essential": False,
        "environment": [{"name": "MODE", "value": "test"}],
    }
    box.edit(0)
    assert box.editor.ports.entered == [("80", "80", "tcp")]
    box.editor.fields["memory"].control.value = "256"
    box.add_button.click()
    assert [c.memory for c in form.settings().containers] == [256, None]
    box.remove(1)
    assert [c.name for c in form.settings().containers] == ["nginx"]


def test_cancel_leaves_what_was_added_as_it_was(quiet_lab):
    form = forms.task_definition(quiet_lab)
    before = form.settings()
    form.containers.add_button.click()
    form.containers.edit(0)
    form.containers.editor.fields["image"].control.value = "httpd"
    form.containers.cancel_button.click()
    assert form.settings() == before


def test_without_the_last_container_the_editor_asks_for_one(quiet_lab):
    form = forms.task_definition(quiet_lab)
    form.containers.add_button.click()
    form.containers.remove(0)
    assert form.containers._form.layout.display == ""
    assert form.button.disabled


@pytest.mark.parametrize(
    ("name", "entered", "said"),
    [
        ("name", "a b", "digits, hyphens and underscores"),
        ("image", "", "Enter an image such as nginx:alpine"),
        ("memory", "", "Enter a hard limit, a soft limit, or both"),
        ("memory", "5", "at least 6 MiB"),
        ("memory", "much", "much is not a whole number"),
        ("memory_reservation", "129", "must not be greater than the hard limit"),
        ("cpu", "-1", "0 or more"),
    ],
)
def test_a_container_says_at_its_field_what_is_wrong(quiet_lab, name, entered, said):
    form = forms.task_definition(quiet_lab)
    editor = form.containers.editor
    editor.fields[name].control.value = entered
    assert said in editor.fields[name].box.children[-1].value
    assert form.containers.add_button.disabled
    assert form.button.disabled
    with pytest.raises(EcslabError, match="Containers: "):
        form.submit()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("80", "70000", "tcp"), "Ports go from 1 to 65535"),
        (("eighty", "80", "tcp"), "eighty is not a whole number"),
        (("80", "8080", "tcp"), "Host port 80/tcp is there twice"),
    ],
)
def test_a_wrong_port_mapping_is_explained_below_the_rows(quiet_lab, row, said):
    form = forms.task_definition(quiet_lab)
    ports = form.containers.editor.ports
    ports.add(row)
    assert said in ports.box.children[-1].value
    ports.box.children[1].children[1].children[-1].click()  # remove the row again
    assert ports.box.children[-1].value == ""
    assert not form.button.disabled


def test_an_empty_host_port_is_left_to_ecs(quiet_lab):
    form = forms.task_definition(quiet_lab)
    form.containers.editor.ports.fill([("", "80", "tcp")])
    (container,) = form.settings().request()["containerDefinitions"]
    assert container["portMappings"] == [{"containerPort": 80, "protocol": "tcp"}]


def test_a_row_of_nothing_says_nothing(quiet_lab):
    form = forms.task_definition(quiet_lab)
    form.containers.editor.ports.add()
    form.containers.editor.variables.add()
    assert form.settings().request()["containerDefinitions"] == [HANDS_ON]


def test_fargate_asks_for_a_size_it_sells(quiet_lab):
    form = forms.task_definition(quiet_lab)
    assert "cpu" not in shown(form)
    form.fields["launch_type"].control.value = "FARGATE"
    assert {"cpu", "memory"} <= set(shown(form))
    assert "network_mode" not in shown(form)
    request = form.settings().request()
    assert (request["networkMode"], request["cpu"], request["memory"]) == ("awsvpc", "256", "512")
    form.fields["memory"].control.value = "16384"
    assert "Fargate sells 256 CPU units with 512, 1024, 2048 MiB" in problem_at(form, "memory")


def test_secrets_in_variables_are_masked_in_the_preview(quiet_lab):
    form = forms.task_definition(quiet_lab)
    form.containers.editor.variables.add(["DB_PASSWORD", "hunter2"])
    assert "DB_PASSWORD" in page(form, "AWS CLI")
    assert "hunter2" not in page(form, "AWS CLI") + page(form, "boto3") + page(form, "JSON")
