"""The program from outside: what it imports, that it opens no socket, and that damaged files are told in one line."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PYTHON, ROOT, child_environment


def run(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PYTHON, "-m", "decide", *arguments], capture_output=True, text=True, env=child_environment(**changes), check=False
    )


def one_line(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 2, result
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1, result.stderr
    assert result.stderr.startswith("decide: ")
    return result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["find", "--region", "groin"],
        ["compare", "sciatica", "hip-osteoarthritis"],
        ["plan", "sciatica", "--emergency-number", "112"],
    ],
)
def test_commands_load_neither_textual_nor_rich_nor_sqlite_utils(arguments: list[str]) -> None:
    code = (
        "import sys; from decide.cli import main; status = main(sys.argv[1:]); "
        "heavy = {'textual', 'rich', 'sqlite_utils', 'asyncio', 'ssl'} & set(sys.modules); "
        "sys.stderr.write('heavy: ' + ','.join(sorted(heavy)))"
    )
    result = subprocess.run(
        [PYTHON, "-c", code, *arguments], capture_output=True, text=True, env=child_environment(), check=True
    )
    assert result.stderr.endswith("heavy: ")


def test_the_command_line_loads_nothing_of_the_screens() -> None:
    code = (
        "import sys, decide.cli; "
        "print(sorted({'textual', 'rich', 'sqlite_utils', 'asyncio', 'typst', 'screens'} & set(sys.modules)))"
    )
    result = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, env=child_environment(), check=True)
    assert result.stdout.strip() == "[]"


# What the first screen does not need, and later screens load when they open.
LATER = [
    "sqlite_utils",
    "click",
    "hypothesis",
    "typst",
    "ssl",
    "argparse",
    "html",
    "hashlib",
    "db.compile",
    "db.check",
    "db.content",
    "db.figure",
    "db.search",
    "decide.cli",
    "decide.case_commands",
    "decide.plan",
    "decide.plan_command",
    "decide.sheet",
    "decide.sheet_pdf",
    "decide.typeset",
    "decide.letter",
    "decide.printing",
    "decide.record",
    "decide.chart",
    "decide.compare",
    "decide.entry",
    "decide.interview",
    "decide.gaps",
    "decide.method",
    "screens.desk",
    "screens.body",
    "screens.plan",
    "screens.letter",
    "screens.compare",
    "screens.why",
    "screens.reader",
    "screens.read_back",
    "screens.palette",
    "textual.widgets._markdown",
    "textual.widgets._data_table",
]
# Comes up as `decide` does, without a terminal, and ends once the form is on the screen; then the second part runs.
STARTED = """
import sys
from pathlib import Path
import decide.start
sys.stdin.isatty = sys.stdout.isatty = lambda: True
import textual.app
run = textual.app.App.run
textual.app.App.run = lambda app: run(app, headless=True, size=(120, 40), auto_pilot=told)
async def told(pilot):
    await pilot.pause()
    print(type(pilot.app.screen).__name__)
    read = set(pilot.app.reasoner.vocabulary.__dict__) | set(pilot.app.reasoner.screen.__dict__)
    print(sorted({{'conditions', 'findings', 'rules', 'parsed'}} & read))
    print(sorted(set({later}) & set(sys.modules)))
    pilot.app.exit()
sys.argv = ['decide']
sys.exit(decide.start.main())
"""


def test_the_first_screen_loads_and_reads_only_what_it_shows() -> None:
    # Textual is imported first here, to stand in for the terminal, and asyncio brings ssl along with it.
    code = STARTED.format(later=[name for name in LATER if name != "ssl"])
    result = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, env=child_environment(), check=False)
    assert result.stdout.split("\n")[:3] == ["PersonScreen", "[]", "[]"], result


def test_the_app_comes_up_without_tls() -> None:
    code = (
        "import sys, decide.start; sys.stdin.isatty = sys.stdout.isatty = lambda: True; "
        "import types; fake = types.ModuleType('screens.app'); "
        "fake.run = lambda *_, **__: 7; sys.modules['screens.app'] = fake; sys.argv = ['decide']; "
        "status = decide.start.main(); import textual.app, asyncio; print(status, sys.modules['ssl'])"
    )
    result = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, env=child_environment(), check=True)
    assert result.stdout.strip() == "7 None"


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not on this machine")
@pytest.mark.parametrize(
    "arguments",
    [["find", "--movement", "put-on-socks"], ["plan", "sciatica", "--emergency-number", "112"], ["search", "sock"]],
)
def test_no_network_socket_is_opened_under_a_system_call_trace(tmp_path: Path, arguments: list[str]) -> None:
    log = tmp_path / "trace"
    command = ["strace", "-f", "-e", "trace=socket,connect", "-o", str(log), PYTHON, "-m", "decide", *arguments]
    result = subprocess.run(command, capture_output=True, text=True, env=child_environment(), check=False)
    if "ptrace" in result.stderr or not log.exists():
        pytest.skip("this machine does not let programs be traced")
    assert result.returncode == 0, result.stderr
    assert "AF_INET" not in log.read_text()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="network namespaces are a Linux thing")
def test_the_program_works_in_an_empty_network_namespace() -> None:
    command = ["unshare", "--net", "--map-root-user", PYTHON, "-m", "decide", "find", "--region", "groin"]
    result = subprocess.run(command, capture_output=True, text=True, env=child_environment(), check=False)
    if "unshare" in result.stderr:
        pytest.skip("this machine does not let network namespaces be made")
    assert result.returncode == 0
    assert "1. " in result.stdout


def test_a_missing_knowledge_base(tmp_path: Path) -> None:
    assert "is missing; install decide again" in one_line(run("about", DECIDE_KNOWLEDGE=str(tmp_path / "none.sqlite")))


@pytest.mark.parametrize("damage", ["empty", "noise", "cut", "scrambled"])
def test_a_damaged_knowledge_base(tmp_path: Path, knowledge_file: Path, damage: str) -> None:
    copy = tmp_path / "copy.sqlite"
    whole = knowledge_file.read_bytes()
    copy.write_bytes(
        {
            "empty": b"",
            "noise": os.urandom(8192),
            "cut": whole[: len(whole) // 3],
            "scrambled": whole[:8192] + bytes(len(whole) - 8192),
        }[damage]
    )
    for arguments in (["about"], ["find", "--movement", "walking"], ["show", "sciatica"]):
        result = run(*arguments, DECIDE_KNOWLEDGE=str(copy))
        assert result.returncode == 2, (damage, arguments)
        assert "Traceback" not in result.stderr
        assert result.stderr.count("\n") == 1
        assert "install decide again" in result.stderr or "has layout" in result.stderr


def test_a_knowledge_base_of_another_layout(tmp_path: Path, knowledge_file: Path) -> None:
    import sqlite3

    copy = tmp_path / "copy.sqlite"
    copy.write_bytes(knowledge_file.read_bytes())
    with sqlite3.connect(copy) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    assert "has layout 99, this program needs" in one_line(run("about", DECIDE_KNOWLEDGE=str(copy)))


def test_a_locked_or_read_only_knowledge_base_opens_all_the_same(tmp_path: Path, knowledge_file: Path) -> None:
    import sqlite3

    copy = tmp_path / "copy.sqlite"
    copy.write_bytes(knowledge_file.read_bytes())
    holder = sqlite3.connect(copy, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    copy.chmod(stat.S_IRUSR)
    tmp_path.chmod(0o555)
    try:
        assert run("about", DECIDE_KNOWLEDGE=str(copy)).returncode == 0
    finally:
        tmp_path.chmod(0o755)
        holder.close()


def checkout(tmp_path: Path) -> Path:
    """A copy of the sources as a fresh clone has them."""
    copy = tmp_path / "clone"
    ignore = shutil.ignore_patterns("*.sqlite", "*.stamp", "__pycache__")
    for name in ("db", "decide", "screens"):
        shutil.copytree(ROOT / name, copy / name, ignore=ignore)
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def run_in(copy: Path, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    environment = child_environment(PYTHONPATH=str(copy), **changes)
    environment.pop("DECIDE_KNOWLEDGE", None)
    return subprocess.run(
        [PYTHON, "-m", "decide", *arguments], capture_output=True, text=True, env=environment, check=False, cwd=copy
    )


def test_a_checkout_compiles_what_changed_and_only_then(tmp_path: Path) -> None:
    copy = checkout(tmp_path)
    assert run_in(copy, "about").returncode == 0
    compiled = copy / "db" / "knowledge.sqlite"
    first = compiled.stat().st_mtime_ns
    assert run_in(copy, "about").returncode == 0
    assert compiled.stat().st_mtime_ns == first
    regions = copy / "db" / "knowledge" / "regions.toml"
    regions.write_text(regions.read_text().replace('lay_label = "Buttock"', 'lay_label = "Behind"'))
    assert "Behind" in run_in(copy, "show", "region:buttock").stdout
    assert compiled.stat().st_mtime_ns != first


def test_a_checkout_with_faulty_content_says_where(tmp_path: Path) -> None:
    copy = checkout(tmp_path)
    path = copy / "db" / "knowledge" / "conditions" / "sciatica.toml"
    path.write_text(path.read_text().replace('"nice-ng59"', '"nice-ng60000"', 1))
    error = one_line(run_in(copy, "about"))
    assert "conditions/sciatica.toml:" in error
    assert "unknown source 'nice-ng60000'" in error
    assert "decide check-knowledge" in error


def test_a_checkout_that_cannot_be_written_compiles_into_the_data_folder(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    copy = checkout(tmp_path)
    (copy / "db").chmod(0o555)
    try:
        assert run_in(copy, "about", DECIDE_DATA_DIR=str(tmp_path / "data")).returncode == 0
        assert (tmp_path / "data" / "knowledge.sqlite").is_file()
    finally:
        (copy / "db").chmod(0o755)


def test_a_damaged_compiled_file_in_a_checkout_is_compiled_again(tmp_path: Path) -> None:
    copy = checkout(tmp_path)
    assert run_in(copy, "about").returncode == 0
    (copy / "db" / "knowledge.sqlite").write_bytes(b"no database")
    assert run_in(copy, "about").returncode == 0


def test_equal_bytes_whatever_the_order_of_sets(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from db.compile import compile_knowledge; "
        "compile_knowledge(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    files = []
    for seed in ("1", "2"):
        target = tmp_path / f"{seed}.sqlite"
        subprocess.run(
            [PYTHON, "-c", code, str(ROOT / "db" / "knowledge"), str(target)],
            env=child_environment(PYTHONHASHSEED=seed),
            check=True,
        )
        files.append(target.read_bytes())
    assert files[0] == files[1]
