"""Projects and stack files, read as Pulumi's CLI reads them."""

import json

import pytest

from pokayoke_rehearsal.project import Project, ProjectError
from pokayoke_rehearsal.yaml_text import YamlTextError, load_yaml


@pytest.fixture
def project(tmp_path):
    """Writes files, an empty program among them, and gives the project of their folder."""

    def write(files):
        for name, text in {"__main__.py": "", **files}.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        return Project.at(tmp_path)

    return write


PULUMI = "name: shop\nruntime: python\n"


def config(project, stack="dev", **secrets):
    return dict(project.config_of(stack, secrets=secrets).values)


def test_keys_without_a_namespace_belong_to_the_project(project):
    shop = project({"Pulumi.yaml": PULUMI, "Pulumi.dev.yaml": "config:\n  color: green\n  aws:region: eu-west-1\n"})
    assert config(shop) == {"shop:color": "green", "aws:region": "eu-west-1"}


def test_structured_values_become_json_and_scalars_what_json_writes(project):
    shop = project(
        {
            "Pulumi.yaml": PULUMI,
            "Pulumi.dev.yaml": "config:\n  o: {zones: [a, b], deep: {x: true}}\n  count: 7\n  on: true\n  v: '1.36'\n",
        }
    )
    values = config(shop)
    assert json.loads(values.pop("shop:o")) == {"zones": ["a", "b"], "deep": {"x": True}}
    assert values == {"shop:count": "7", "shop:on": "true", "shop:v": "1.36"}


def test_words_dates_and_times_that_older_yaml_takes_for_values_are_strings():
    text = "zones: [no, on, y]\nday: 2026-11-21\ntime: 1:30\nids: [0123, 1_000]\nversion: 1.2.3\n"
    assert load_yaml(text) == {
        "zones": ["no", "on", "y"],
        "day": "2026-11-21",
        "time": "1:30",
        "ids": ["0123", "1_000"],
        "version": "1.2.3",
    }


def test_numbers_booleans_and_nothing_are_what_they_look_like():
    assert load_yaml("[1, -2, 0, 1.5, .5, 1e3, true, False, null, ~]") == [
        1,
        -2,
        0,
        1.5,
        0.5,
        1000.0,
        True,
        False,
        None,
        None,
    ]


def test_a_key_that_comes_twice_is_an_error_with_its_place():
    with pytest.raises(YamlTextError, match="line 3, column 1: the key `a` twice"):
        load_yaml("a: 1\nb: 2\na: 3\n")


def test_broken_yaml_is_told_with_file_line_and_column(project):
    shop = project({"Pulumi.yaml": PULUMI, "Pulumi.dev.yaml": "config:\n  a: [1,\n"})
    with pytest.raises(ProjectError, match=r"Pulumi\.dev\.yaml: line 3, column 1"):
        config(shop)


def test_encrypted_values_are_refused_by_name_wherever_they_are(project):
    shop = project(
        {
            "Pulumi.yaml": PULUMI,
            "Pulumi.dev.yaml": "config:\n  password: {secure: v1:abc}\n  db: [{key: {secure: v1:d}}]\n  a: b\n",
        }
    )
    with pytest.raises(ProjectError, match="encrypted config cannot be read") as refused:
        config(shop)
    assert "--secret shop:db=VALUE --secret shop:password=VALUE" in str(refused.value)


def test_a_given_value_stands_for_an_encrypted_one_and_is_secret(project):
    shop = project({"Pulumi.yaml": PULUMI, "Pulumi.dev.yaml": "config:\n  password: {secure: v1:abc}\n  a: b\n"})
    read = shop.config_of("dev", secrets={"password": "hush"})
    assert dict(read.values) == {"shop:password": "hush", "shop:a": "b"}
    assert read.secret_keys == {"shop:password"}


def test_a_stack_without_a_file_is_refused_when_there_are_others(project):
    shop = project({"Pulumi.yaml": PULUMI, "Pulumi.dev.yaml": "", "Pulumi.prod.yaml": ""})
    with pytest.raises(ProjectError, match=r"no Pulumi\.test\.yaml in .*; the stacks there: dev, prod"):
        config(shop, "test")


def test_a_project_without_stack_files_has_any_stack_without_config(project):
    assert config(project({"Pulumi.yaml": PULUMI}), "whatever") == {}


@pytest.mark.parametrize("name", ["", "a/b", "a b", "../dev"])
def test_a_stack_name_that_pulumi_would_refuse_is_refused(project, name):
    with pytest.raises(ProjectError, match="no name of a stack"):
        config(project({"Pulumi.yaml": PULUMI}), name)


def test_the_projects_own_values_and_defaults_hold_until_the_stack_says_otherwise(project):
    declared = "config:\n  aws:region: {value: eu-west-1}\n  size: {type: integer, default: 3}\n  plain: x\n"
    shop = project({"Pulumi.yaml": PULUMI + declared, "Pulumi.dev.yaml": "config: {size: 5}"})
    assert config(shop) == {"aws:region": "eu-west-1", "shop:size": "5", "shop:plain": "x"}


def test_config_that_the_project_requires_and_the_stack_lacks_is_named(project):
    shop = project({"Pulumi.yaml": PULUMI + "config: {size: {type: integer}, color: {type: string}}\n"})
    with pytest.raises(ProjectError, match="lacks config that the project requires: shop:color, shop:size"):
        config(shop)


def test_the_program_is_where_main_says_folder_or_file(project, tmp_path):
    infra = project({"Pulumi.yaml": PULUMI + "main: infra\n", "infra/__main__.py": ""})
    assert (infra.name, infra.root, infra.directory, infra.entry) == ("shop", tmp_path, tmp_path / "infra", ".")
    single = project({"Pulumi.yaml": PULUMI + "main: src/app.py\n", "src/app.py": ""})
    assert (single.directory, single.entry) == (tmp_path / "src", "app.py")


def test_runtime_options_do_not_matter(project):
    text = "name: shop\nruntime: {name: python, options: {toolchain: uv, virtualenv: elsewhere}}\n"
    assert project({"Pulumi.yaml": text}).name == "shop"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name: shop\nruntime: nodejs\n", "only programs with the runtime `python` can be rehearsed, not `nodejs`"),
        ("runtime: python\n", "the project has no name"),
        (PULUMI + "main: nowhere\n", "main names .*nowhere, which is not there"),
        ("- 1\n", "is no mapping"),
    ],
)
def test_a_project_that_cannot_be_rehearsed_says_why(project, text, told):
    with pytest.raises(ProjectError, match=told):
        project({"Pulumi.yaml": text})


def test_a_program_without_a_project_file_is_called_like_its_folder(project, tmp_path):
    program = project({"Pulumi.dev.yaml": "config: {a: b}"})
    assert (program.name, program.directory) == (tmp_path.name, tmp_path)
    assert config(program) == {f"{tmp_path.name}:a": "b"}


def test_a_folder_without_a_program_is_refused(tmp_path):
    with pytest.raises(ProjectError, match=r"neither a Pulumi\.yaml nor a __main__\.py"):
        Project.at(tmp_path)


def test_the_project_is_found_from_a_folder_below(project, tmp_path):
    project({"Pulumi.yaml": PULUMI, "a/b/file": ""})
    assert Project.around(tmp_path / "a" / "b").root == tmp_path
