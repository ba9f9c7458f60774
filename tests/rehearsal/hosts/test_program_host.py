"""The program runs as under Pulumi's language host."""

import asyncio
import os

import pytest
from program_listener import Heard, listening

from pokayoke_rehearsal.engine.program import ProgramRequest, Stack
from pokayoke_rehearsal.hosts.program import ProgramHost


@pytest.fixture(params=[True, False], ids=["forked", "spawned"])
def fork(request):
    return request.param


def test_a_program_that_ends_well_exits_with_zero_and_its_exports_arrive(run_program, fork):
    heard = run_program({"__main__.py": "import pulumi; pulumi.export('answer', 42)"}, fork=fork)
    assert (heard.codes, heard.outputs, heard.errors) == ([0], [{"answer": 42.0}], [])


def test_a_run_error_arrives_unchanged_and_without_a_traceback(run_program, fork):
    text = "regions.eu: no such region [x]. Name another.\nadmins: empty [y]. Name one."
    heard = run_program({"__main__.py": f"import pulumi; raise pulumi.RunError({text!r})"}, fork=fork)
    assert (heard.codes, heard.errors) == ([1], [text])


def test_any_other_exception_arrives_with_the_traceback_of_the_users_code(run_program):
    heard = run_program({"__main__.py": "def go():\n    return 1 / 0\n\ngo()\n"})
    assert heard.codes == [32]
    (error,) = heard.errors
    assert error.startswith("Program failed with an unhandled exception:\n")
    assert "in go" in error
    assert "ZeroDivisionError" in error
    assert "program_run.py" not in error


def test_the_exit_code_of_a_program_that_exits_by_itself_is_kept(run_program):
    assert run_program({"__main__.py": "import sys; sys.exit(7)"}).codes == [7]


def test_a_folder_without_a_main_module_is_told_in_one_sentence(run_program):
    heard = run_program({"other.py": ""})
    assert heard.codes == [32]
    assert "it has no __main__.py" in heard.errors[0]
    assert "Traceback" not in heard.errors[0]


def test_a_single_file_can_be_the_program(run_program):
    heard = run_program({"app.py": "import pulumi; pulumi.export('file', __file__)"}, entry="app.py")
    assert heard.outputs == [{"file": "app.py"}]


def test_lines_that_the_program_prints_are_passed_on(run_program, fork):
    heard = run_program(
        {"__main__.py": "import sys\nprint('one')\nprint('two', end='')\nprint('three', file=sys.stderr)"}, fork=fork
    )
    assert sorted(heard.lines) == ["one", "three", "two"]


def test_what_a_program_leaves_to_its_exit_is_done(run_program, fork, tmp_path):
    written = tmp_path / "written"
    program = f"""
import atexit, threading
atexit.register(print, "at exit")
threading.Thread(target=lambda: (threading.main_thread().join(), print("of a thread"))).start()
left_open = open({str(written)!r}, "w")
left_open.write("all of it")
"""
    heard = run_program({"__main__.py": program}, fork=fork)
    assert (heard.codes, heard.lines) == ([0], ["of a thread", "at exit"])
    assert written.read_text() == "all of it"


def test_each_run_begins_with_fresh_modules(run_program, fork):
    program = """
import pulumi, helper
helper.counter.append(1)
import email
email.marked = getattr(email, "marked", 0) + 1
pulumi.export("counts", [len(helper.counter), email.marked])
"""
    heard = run_program({"__main__.py": program, "helper.py": "counter = []"}, {}, {}, {}, fork=fork)
    assert heard.codes == [0, 0, 0]
    assert heard.outputs == [{"counts": [1.0, 1.0]}] * 3


def test_structured_config_arrives_whole_also_in_threads(run_program):
    program = """
import pulumi
from concurrent.futures import ThreadPoolExecutor
config = pulumi.Config()
pulumi.export("here", config.require_object("platform"))
with ThreadPoolExecutor() as threads:
    pulumi.export("there", threads.submit(lambda: pulumi.Config("shop").require("plain")).result())
"""
    heard = run_program({"__main__.py": program}, {"shop:platform": '{"zones": ["a", "b"]}', "shop:plain": "yes"})
    assert heard.outputs == [{"here": {"zones": ["a", "b"]}, "there": "yes"}]


def test_each_run_has_its_own_config(run_program):
    program = "import pulumi; pulumi.export('x', pulumi.Config().get('x'))"
    heard = run_program({"__main__.py": program}, {"shop:x": "1"}, {"shop:x": "2"}, {"shop:y": "3"})
    assert [outputs.get("x") for outputs in heard.outputs] == ["1", "2", None]


def test_secret_config_is_known_to_be_secret(run_program):
    program = """
import pulumi
from pulumi.runtime.config import is_config_secret
pulumi.export("secret", [is_config_secret("shop:password"), is_config_secret("shop:user")])
"""
    heard = run_program(
        {"__main__.py": program}, {"shop:password": "p", "shop:user": "u"}, secret_keys=frozenset({"shop:password"})
    )
    assert heard.outputs == [{"secret": [True, False]}]


def test_the_program_sees_stack_project_and_whether_it_is_a_preview(run_program):
    program = """
import os, pulumi
pulumi.export("seen", [pulumi.get_project(), pulumi.get_stack(), pulumi.get_organization()])
pulumi.export("preview", pulumi.runtime.is_dry_run())
pulumi.export("folder", os.getcwd() == os.path.dirname(os.path.abspath(__file__)))
"""
    heard = run_program({"__main__.py": program}, dry_run=False)
    assert heard.outputs == [{"seen": ["shop", "dev", "organization"], "preview": False, "folder": True}]


def test_accounts_and_clusters_of_the_user_are_out_of_reach(run_program, fork, monkeypatch):
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "aws_session_token", "PULUMI_ACCESS_TOKEN", "PULUMI_BACKEND_URL"):
        monkeypatch.setenv(name, "theirs")
    monkeypatch.setenv("KUBECONFIG", "theirs/.kube/config")
    monkeypatch.setenv("SHOP_COLOR", "green")
    program = """
import os, pulumi, botocore.session
pulumi.export("leaked", sorted(name for name, value in os.environ.items() if value.startswith("theirs")))
pulumi.export("credentials", botocore.session.Session().get_credentials() is not None)
pulumi.export("kept", os.environ["SHOP_COLOR"])
"""
    heard = run_program({"__main__.py": program}, fork=fork, anew=True)
    assert heard.outputs == [{"leaked": [], "credentials": False, "kept": "green"}]


def test_a_cancelled_run_kills_the_program_and_the_host_runs_again(tmp_path):
    (tmp_path / "__main__.py").write_text(
        "import os, pulumi, signal\nif pulumi.Config().get('hang'):\n    print(os.getpid())\n    signal.pause()\n"
    )
    heard, printed = Heard(), asyncio.Queue()

    async def runs() -> tuple[int, int]:
        host = ProgramHost(tmp_path, output=printed.put_nowait)
        async with listening(heard) as address:
            hanging = asyncio.ensure_future(host.run(_request(address, {"shop:hang": "1"})))
            pid = int(await printed.get())
            hanging.cancel()
            with pytest.raises(asyncio.CancelledError):
                await hanging
            code = await host.run(_request(address, {}))
            await host.close()
        return pid, code

    pid, code = asyncio.run(runs())
    assert code == 0
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_nothing_runs_on_when_the_command_is_gone(tmp_path):
    (tmp_path / "__main__.py").write_text("import os, signal; print(os.getpid()); signal.pause()")
    printed: asyncio.Queue[str] = asyncio.Queue()

    async def runs() -> tuple[int, int]:
        host = ProgramHost(tmp_path, output=printed.put_nowait)
        async with listening(Heard()) as address:
            running = asyncio.ensure_future(host.run(_request(address, {})))
            pid = int(await printed.get())
            parent = host._parent
            # As when the command's process ends in any way: its ends of the pipes close.
            parent._transport.get_pipe_transport(0).close()
            await parent.wait()
            with pytest.raises(Exception, match="ended by itself"):
                await running
            await host.close()
        return pid, parent.pid

    for pid in asyncio.run(runs()):
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def _request(address: str, config: dict[str, str]) -> ProgramRequest:
    return ProgramRequest(address, address, Stack("shop", "dev", config), False, 4)
