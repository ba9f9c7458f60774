"""`pokayoke explain` by slug, by text and through a pipe."""

from typer.testing import CliRunner, Result

from pokayoke.app import app


def explain(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(app, ["explain", *arguments], input=given)


def test_a_slug_is_told_whole() -> None:
    told = explain("registry-not-empty")
    assert told.exit_code == 0
    assert told.stdout.startswith("registry-not-empty: An image repository cannot be deleted\n")
    for said in ("RepositoryNotEmptyException", "cause: The ECR repository still", "remedy: ", "pokayoke_eks.Registry"):
        assert said in told.stdout


def test_what_is_open_says_what_is_missing() -> None:
    assert "\n  open: No component for brokers" in explain("kafka-advertised-address").stdout
    assert "\n  open: " not in explain("registry-not-empty").stdout


def test_titles_and_symptoms_come_in_korean() -> None:
    told = explain("vpc-delete-blocked", "--lang", "ko").stdout
    assert told.startswith("vpc-delete-blocked: VPC를 삭제할 수 없음\n  증상: ALB와 Target Group")


def test_korean_is_told_whole_but_for_names_commands_and_what_was_logged() -> None:
    told = explain("no-egress", "--lang", "ko").stdout
    labels = [line.strip().partition(": ")[0] for line in told.splitlines() if line.startswith("  ") and ": " in line]
    assert list(dict.fromkeys(labels))[:6] == ["증상", "텍스트", "원인", "확인", "해결", "방지(구조)"]
    several = explain("--search", "CrashLoopBackOff", "--lang", "ko").stdout
    assert several.startswith("해당할 수 있는 장애 4건, 가능성이 높은 순서")
    assert several.count("  확인: ") == 4
    assert explain("--search", "all is well", "--lang", "ko").stdout.startswith("이 텍스트로 알려진 장애가 없습니다")


def test_what_is_by_design_is_shown_by_its_tests() -> None:
    told = explain("ansible-import-conflict").stdout
    assert "\n  shown by: tests/components/test_by_design.py::test_both_environments_are_made_by_resources" in told


def test_words_find_a_failure() -> None:
    told = explain("--search", "webhook connection refused")
    assert told.exit_code == 0
    assert told.stdout.startswith("Likeliest, though nothing in the text names it:\n\nwebhook-not-ready: ")
    assert "look at: `kubectl get endpointslices`" in told.stdout


def test_a_text_that_names_its_failure_finds_it_without_reserve() -> None:
    told = explain("--search", "Error: deleting bucket: BucketNotEmpty")
    assert told.stdout.startswith("state-bucket-not-empty: ")


def test_where_several_fit_each_says_where_to_look() -> None:
    told = explain("--search", "Not Initialized").stdout
    assert told.startswith("9 failures fit, likeliest first")
    assert told.count("look at: ") == 9


def test_a_log_comes_through_a_pipe() -> None:
    events = (
        "LAST SEEN   TYPE      REASON      OBJECT        MESSAGE\n"
        "3m          Normal    Scheduled   pod/shop-1    Successfully assigned shop/shop-1 to ip-10-0-1-1\n"
        '2m          Warning   Failed      pod/queue-0   Failed to pull image "docker.io/bitnami/redis:1": not found\n'
        '1m          Warning   Failed      job/x         no matches for kind "Gateway" in version "example.com/v1"\n'
    )
    told = explain("-", given=events)
    assert told.exit_code == 0
    assert told.stdout.startswith("2 failures are named in this text")
    assert "\ndiscontinued-image: " in told.stdout
    assert "\ncrd-not-installed: " in told.stdout


def test_bytes_that_are_no_text_do_not_stop_it() -> None:
    told = CliRunner().invoke(app, ["explain", "-"], input=b"\xff\xfe\nBucketNotEmpty\n")
    assert told.stdout.startswith("state-bucket-not-empty: ")


def test_a_terminal_without_korean_gets_what_it_can_show() -> None:
    told = CliRunner(charset="ascii").invoke(app, ["explain", "no-egress", "--lang", "ko"])
    assert told.exit_code == 0
    assert told.stdout.startswith("no-egress: ???")


def test_a_text_of_no_failure_is_said_so() -> None:
    told = explain("-", given="Normal Pulled Container image already present on machine\n")
    assert told.exit_code == 1
    assert told.stdout.startswith("No documented failure is known by this text.")


def test_a_misspelt_slug_is_answered_with_the_nearest() -> None:
    told = explain("webhook-not-redy")
    assert told.exit_code == 2
    assert "did you mean webhook-not-ready" in told.stderr


def test_nothing_asked_is_wrong_usage() -> None:
    assert explain().exit_code == 2
    assert explain("no-egress", "--search", "x").exit_code == 2
