"""Checks that what the pages in docs/operate and the files of a deployment name exists.

- settings (limits.queries), also in blocks and files of TOML, and variables (CRM_KPI_LIMITS_QUERIES): config/default.toml
- attributes of spans (rpc.method): src/server
- metrics of the alerts, and labels in their selectors: the tables of the pages
- runbooks of the alerts: chapters of docs/operate/alerts.md; every alert has one, a severity and a test
"""

import re
import sys
import tomllib
from pathlib import Path

import yaml

FOLDER = Path("docs/operate")
# Pages that name columns of plans and figures, not settings.
OTHER_PAGES = {"plans.md", "benchmarks.md"}
RUNBOOKS = FOLDER / "alerts.md"
ALERTS = Path("deploy/prometheus/alerts.yaml")
TESTS = Path("deploy/prometheus/alerts_test.yaml")
# Options of the command line that are no settings.
OTHER_VARIABLES = {"CRM_KPI_CONFIG", "CRM_KPI_ENDPOINT", "CRM_KPI_LANGUAGE"}
FREE_TABLES = {"auth.roles"}
# Endings of names of files, which look like settings of a section.
ENDINGS = ("md", "toml", "yaml", "yml", "sql", "pem", "crt", "json", "key", "svc", "log", "rs", "io", "com", "conf")
# Where spans get their attributes.
SPANS = Path("src/server")
SEVERITIES = {"critical", "warning", "info"}
SAMPLES = ("_bucket", "_sum", "_count")
# Of Prometheus itself.
OTHER_METRICS = {"up"}

problems = []


def main():
    defaults = dict(leaves(tomllib.loads(Path("config/default.toml").read_text())))
    pages = [path for path in sorted(FOLDER.glob("*.md")) if path.name not in OTHER_PAGES]
    text = "\n".join(path.read_text(encoding="utf-8") for path in pages)
    files = [Path("Dockerfile"), *(path for path in sorted(Path("deploy").rglob("*")) if path.is_file())]
    files = [path for path in files if "secrets" not in path.parts]
    spans = "\n".join(path.read_text(encoding="utf-8") for path in sorted(SPANS.rglob("*.rs")))
    attributes = set(re.findall(r"\b(?:rpc|network|client|server|user_agent|enduser)\.[a-z_.]+[a-z]", spans))
    count = sum(settings(path, path.read_text(encoding="utf-8"), defaults, attributes) for path in [*pages, *files])
    print(f"   {count} mentions of settings")
    alerts(text, anchors(RUNBOOKS.read_text(encoding="utf-8")))
    for problem in problems:
        print(f"FAILED  {problem}")
    if problems:
        sys.exit(1)
    print("ok  all names exist")


def leaves(table, path=""):
    for name, value in table.items():
        key = f"{path}{name}"
        if isinstance(value, dict) and key not in FREE_TABLES:
            yield from leaves(value, f"{key}.")
        else:
            yield key, value


def settings(path, text, defaults, attributes):
    """How often the text names a setting."""
    count = 0
    sections = {key.rsplit(".", 1)[0] for key in defaults if "." in key}
    variables = {"CRM_KPI_" + key.upper().replace(".", "_"): key for key in defaults}
    for variable in re.findall(r"\bCRM_KPI_[A-Z_]+\b", text):
        count += 1
        require(variable in variables or variable in OTHER_VARIABLES, f"{path}: {variable} is no setting's variable")
    blocks = re.findall(r"^```toml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL) if path.suffix == ".md" else []
    for block in [text] if path.suffix == ".toml" else blocks:
        for key, value in leaves(tomllib.loads(block)):
            count += 1
            if require(key in defaults, f"{path}: {key} is no setting"):
                same = type(value) is type(defaults[key])
                require(same, f"{path}: {key} = {value!r} is not of the kind of {defaults[key]!r}")
    names = "|".join(re.escape(section) for section in sorted(sections, key=len, reverse=True))
    named = set(re.findall(rf"(?<![\w./:-])(?:{names})\.[a-z_]+(?:\.[a-z_]+)?(?![\w(/:-])", text))
    # Any other section in the page's code.
    if path.suffix == ".md":
        named.update(re.findall(r"`([a-z_]+(?:\.[a-z_]+)+)(?: = [^`]*)?`", text))
    named.update(re.findall(r"--set ([a-z_.]+)=", text))
    for key in sorted(named):
        if key in defaults or key in sections:
            count += 1
            continue
        if key in attributes:
            continue
        require(key.endswith(tuple(f".{ending}" for ending in ENDINGS)), f"{path}: {key} is no setting")
    return count


def alerts(page, chapters):
    documented = set(re.findall(r"^\| `((?:crm_kpi|grpc)_\w+)", page, re.MULTILINE))
    labels = documented_labels(page)
    tested = set(re.findall(r"\bCrmKpi\w+", TESTS.read_text()))
    rules = [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]
    for rule in rules:
        name = rule["alert"]
        require(rule["labels"].get("severity") in SEVERITIES, f"{name} has no severity of {sorted(SEVERITIES)}")
        require("summary" in rule["annotations"], f"{name} has no summary")
        file, _, anchor = rule["annotations"].get("runbook", "").partition("#")
        require(file == str(RUNBOOKS) and anchor in chapters, f"{name}: {RUNBOOKS} has no chapter for its runbook")
        require(name in tested, f"{name} has no test in {TESTS}")
        require(f"`{name}`" in page or f"### {name}\n" in page, f"{name} is not in {FOLDER}")
    for path in (ALERTS, TESTS):
        for metric in sorted(
            set(re.findall(r"\b((?:crm_kpi|grpc_server)_\w+)(?=[{\[ ]|$)", path.read_text(), re.MULTILINE))
        ):
            base = next((metric.removesuffix(s) for s in SAMPLES if metric.endswith(s)), metric)
            known = metric in documented or base in documented
            require(known or metric in OTHER_METRICS, f"{path}: {metric} is not in a table in {FOLDER}")
        for metric, selector in re.findall(r"\b(crm_kpi_\w+)\{([^}]*)\}", path.read_text()):
            for label, value in re.findall(r'(limit|state|file)=~?"([^"]*)"', selector):
                for one in value.split("|"):
                    require(
                        one in labels.get((metric, label), ()), f"{path}: {metric} has no {label} {one!r} in {FOLDER}"
                    )
    print(f"   {len(rules)} alerts, {len(documented)} metrics")


def documented_labels(page):
    """The values of labels that the tables give: `metric` {`label`: `one`, `two`}."""
    found = {}
    for metric, label, values in re.findall(
        r"^\| `(\w+)\{(\w+)\}` \|[^|]*?: ((?:`\w+`(?: \([^)]*\))?(?:, | or | and )?)+)", page, re.MULTILINE
    ):
        found[metric, label] = set(re.findall(r"`(\w+)`", values))
    return found


def anchors(page):
    """As Markdown renderers make them of headings."""
    headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def require(holds, problem):
    if not holds:
        problems.append(problem)
    return holds


if __name__ == "__main__":
    main()
