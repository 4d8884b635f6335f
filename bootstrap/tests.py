"""`make test`: every check and every test, and one line at the end that counts them."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from bootstrap import checks
from bootstrap.browser import ensure_browser
from bootstrap.commands import beside, show
from bootstrap.frontend import run_script
from bootstrap.layout import Layout, python_of
from bootstrap.services import Services, throwaway_services
from bootstrap.setup import ensure_setup
from bootstrap.supervisor import stop_signals
from bootstrap.terminal import Trouble, say
from bootstrap.training import ensure_training_packages

INFERENCE_TESTS = "tests/inference"
# Of these, the ones that need torch, which the platform's environment has not.
TORCH_TESTS = ("tests/inference/models", "tests/inference/training")
# Of these, each starts a whole platform of its own.
SITE_TESTS = ("tests/browser", "tests/bootstrap")


@dataclass(frozen=True)
class Count:
    """What one step counted; a check without tests of its own counts as one."""

    name: str
    passed: int
    failed: int
    skipped: int = 0


def test(layout: Layout) -> int:
    """Run everything, whatever fails on the way; 0 only if nothing did."""
    with stop_signals():
        ensure_setup(layout, development=True)
        counts = [
            _check("lint", lambda: checks.lint(layout)),
            _check("types", lambda: checks.types(layout)),
            _check("page lint", lambda: run_script(layout, "lint") == 0),
            _check("page types", lambda: run_script(layout, "typecheck") == 0),
            _page_tests(layout),
            *_tests(layout),
        ]
    return _sum_up(counts)


def _tests(layout: Layout) -> list[Count]:
    browser, got_browser = _browser(layout)
    try:
        with throwaway_services(layout) as services:
            env = _environment(layout, services, browser)
            return [got_browser, *_all_pytests(layout, env)]
    except Trouble as trouble:
        say(str(trouble))
        return [got_browser, Count("services", 0, 1)]


def _all_pytests(layout: Layout, env: Mapping[str, str]) -> list[Count]:
    """Several at once, as they share neither rows nor files: much of each is waiting."""
    halves = _platform_halves(layout)
    with ExitStack() as stack:
        others = [
            _beside(stack, layout, env, "inference tests", *_apart(INFERENCE_TESTS, TORCH_TESTS)),
            _beside(stack, layout, env, "site tests", *SITE_TESTS),
        ]
        torch = _torch_tests(layout, env)
        name = "platform tests, one half"
        others.append(_beside(stack, layout, _elsewhere(env), name, *halves[0]))
        name = "platform tests, the other half"
        platform = _pytest(layout, name, python_of(layout.venv), env, *halves[1])
        return [torch, *(ended() for ended in others), platform]


def _platform_halves(layout: Layout) -> tuple[list[str], list[str]]:
    """Every second file: neighbours are of one subject, and often of one weight."""
    folders = (INFERENCE_TESTS, *SITE_TESTS)
    files = [path.relative_to(layout.root) for path in layout.root.glob("tests/**/test_*.py")]
    rest = sorted(
        str(path) for path in files if not any(path.is_relative_to(one) for one in folders)
    )
    return rest[::2], rest[1::2]


def _elsewhere(env: Mapping[str, str]) -> dict[str, str]:
    """The same services, with a database, a broker and a store of its own."""
    media = f"{env['MEDIA_ROOT']}-half"
    shutil.rmtree(media, ignore_errors=True)
    return {
        **env,
        "DATABASE_URL": f"{env['DATABASE_URL']}_half",
        "REDIS_URL": env["REDIS_URL"].removesuffix("/0") + "/1",
        "MEDIA_ROOT": media,
    }


def _apart(folder: str, others: Sequence[str]) -> list[str]:
    return [folder, *(f"--ignore={other}" for other in others)]


def _beside(
    stack: ExitStack, layout: Layout, env: Mapping[str, str], name: str, *options: str
) -> Callable[[], Count]:
    """Start a pytest; what is given waits for its end, shows what it wrote, and counts."""
    command = _command(layout, name, python_of(layout.venv), *options)
    log = _report(layout, name).with_suffix(".log")
    ended = stack.enter_context(beside(command, cwd=layout.root, env=env, log=log))

    def count() -> Count:
        outcome = ended()
        say(f"\n== {name}\n{outcome.output}")
        return _count(name, _report(layout, name), outcome.code)

    return count


def _browser(layout: Layout) -> tuple[Path | None, Count]:
    try:
        return ensure_browser(layout), Count("browser", 1, 0)
    except Trouble as trouble:
        say(str(trouble))
        return None, Count("browser", 0, 1)


def _check(name: str, passes: Callable[[], bool]) -> Count:
    say(f"\n== {name}")
    try:
        is_good = passes()
    except Trouble as trouble:
        say(str(trouble))
        is_good = False
    return Count(name, int(is_good), int(not is_good))


def _page_tests(layout: Layout) -> Count:
    say("\n== page tests")
    report = _report(layout, "page")
    report.unlink(missing_ok=True)
    reporters = ("--reporter=default", "--reporter=junit", f"--outputFile.junit={report}")
    code = run_script(layout, "test", *reporters)
    return _count("page tests", report, code)


def _torch_tests(layout: Layout, env: Mapping[str, str]) -> Count:
    try:
        python = ensure_training_packages(layout)
    except Trouble as trouble:
        say(str(trouble))
        return Count("model tests", 0, 1)
    # Of the fixtures above them nothing is needed, and what they import is not all here.
    options = ("--confcutdir=tests/inference", *TORCH_TESTS)
    return _pytest(layout, "model tests", python, env, *options)


def _pytest(
    layout: Layout, name: str, python: Path, env: Mapping[str, str], *options: str
) -> Count:
    say(f"\n== {name}")
    code = show(_command(layout, name, python, *options), cwd=layout.root, env=env)
    return _count(name, _report(layout, name), code)


def _command(layout: Layout, name: str, python: Path, *options: str) -> list[str]:
    report = _report(layout, name)
    report.unlink(missing_ok=True)
    return [str(python), "-m", "pytest", f"--junit-xml={report}", "--durations=10", *options]


def _environment(layout: Layout, services: Services, browser: Path | None) -> dict[str, str]:
    media = layout.state / "test-media"
    shutil.rmtree(media, ignore_errors=True)
    ours = {
        "DATABASE_URL": services.database_url,
        "REDIS_URL": services.redis_url,
        "DJANGO_SETTINGS_MODULE": "auditsite.settings",
        "MEDIA_ROOT": str(media),
        "PLAIN_HTTP": "1",
    }
    if browser:
        ours["CHROMIUM_PATH"] = str(browser)
    return {**checks.python_environment(layout), **ours}


def _report(layout: Layout, name: str) -> Path:
    report = layout.state / "test-reports" / f"{name.replace(' ', '-')}.xml"
    report.parent.mkdir(exist_ok=True)
    return report


def _count(name: str, report: Path, code: int) -> Count:
    """Count a runner's JUnit report. A runner that failed without a failed test, or left no
    report, is a failure of its own."""
    totals = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    if report.is_file():
        for suite in ElementTree.parse(report).getroot().iter("testsuite"):  # noqa: S314 - ours
            for key in totals:
                totals[key] += int(suite.get(key) or 0)
    failed = totals["failures"] + totals["errors"]
    passed = max(0, totals["tests"] - failed - totals["skipped"])
    if failed == 0 and (code != 0 or passed == 0):
        failed = 1
    return Count(name, passed, failed, totals["skipped"])


def _sum_up(counts: list[Count]) -> int:
    say("\n== summary")
    for one in counts:
        skipped = f", {one.skipped} skipped" if one.skipped else ""
        say(
            f"{'FAILED' if one.failed else 'ok':>8}  {one.name}: {one.passed} passed, "
            f"{one.failed} failed{skipped}"
        )
    failed = sum(one.failed for one in counts)
    skipped_all = sum(one.skipped for one in counts)
    line = f"{sum(one.passed for one in counts)} passed, {failed} failed"
    say(line + (f", {skipped_all} skipped" if skipped_all else ""))
    return 1 if failed else 0
