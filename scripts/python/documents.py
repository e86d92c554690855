"""Runs what documents tell people to run: python documents.py --endpoint HOST:PORT --crm-kpi FILE --buf FILE DOCUMENT…

In a Markdown document, from its fenced sh blocks, the lines that begin with `grpcurl` or `crm-kpi query`, and its fenced
python blocks; in any other text, the lines that begin with `grpcurl`. The address in a document, 127.0.0.1:50051, is
replaced by the endpoint. grpcurl is used where it is on the PATH; elsewhere its lines are put into the words of buf curl,
a client of the same kind (server reflection, JSON in and out). Every answer must have rows, not only a good status.
"""

import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

DOCUMENTED = "127.0.0.1:50051"
FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--crm-kpi", required=True)
    parser.add_argument("--buf", required=True)
    parser.add_argument("--at-least", type=int, default=1, help="grpcurl lines that the documents must have together")
    parser.add_argument("documents", nargs="+", type=Path)
    options = parser.parse_args()
    total = 0
    for document in options.documents:
        text = document.read_text(encoding="utf-8").replace(DOCUMENTED, options.endpoint)
        blocks = FENCE.findall(text) if document.suffix == ".md" else [("sh", text)]
        shell = "".join(block for language, block in blocks if language == "sh")
        lines = list(commands(shell, "grpcurl"))
        total += len(lines)
        for words in lines:
            run_grpcurl(document.name, words, options.buf)
        for words in commands(shell, "crm-kpi", "query"):
            run_query(document.name, [options.crm_kpi, *words[1:]], options.endpoint)
        for place, code in enumerate((code for language, code in blocks if language == "python"), start=1):
            output = run([sys.executable, "-c", code])
            if not output.strip():
                fail(f"{document.name}: Python block {place} printed nothing")
            passed(f"{document.name}: Python block {place}: {output.strip().splitlines()[-1]}")
    if total < options.at_least:
        fail(f"the documents have {total} grpcurl lines, expected at least {options.at_least}")


def commands(text, *begin):
    """Commands that begin with these words; one goes on over lines while a quote or a backslash is open."""
    command = ""
    for line in text.splitlines():
        command = f"{command}\n{line}" if command else line.strip().removeprefix("$ ")
        if not command.startswith(begin[0] + " "):
            command = ""
            continue
        if command.endswith("\\"):
            continue
        try:
            words = shlex.split(command.replace("\\\n", " "), comments=True)
        except ValueError:  # an open quote
            continue
        if tuple(words[: len(begin)]) == begin:
            yield words
        command = ""
    if command:
        fail(f"a command that does not end: {command}")


def run_grpcurl(document, words, buf):
    data, positional, rest = "{}", [], iter(words[1:])
    for word in rest:
        if word == "-plaintext":
            continue
        if word == "-d":
            data = next(rest)
        elif word.startswith("-"):
            fail(f"{document}: grpcurl's {word} has no counterpart here: {shlex.join(words)}")
        else:
            positional.append(word)
    address, method = positional
    if shutil.which("grpcurl"):
        output = run(words)
    elif method == "list":
        output = run([buf, "curl", "--protocol", "grpc", "--http2-prior-knowledge", "--list-services", f"http://{address}"])
    else:
        output = run(
            [buf, "curl", "--protocol", "grpc", "--http2-prior-knowledge", "-d", data, f"http://{address}/{method}"]
        )
    if method == "list":
        if "crm.kpi.v1.KpiService" not in output:
            fail(f"{document}: the service is not listed: {output}")
        return passed(f"{document}: list")
    name = method.replace("/", ".").rpartition(".")[2]
    messages = list(json_values(output))
    found = content(name, messages)
    if not found:
        fail(f"{document}: {shlex.join(words)}\nanswered without content:\n{output}")
    passed(f"{document}: {name}: {found}")


def content(method, messages):
    """What an answer holds, in a few words; nothing where it is empty."""
    if method == "StreamRepBreakdown":
        frames = [next(iter(message)) for message in messages]
        rows = [row for message in messages for row in message.get("batch", {}).get("rows", [])]
        whole = frames[:1] == ["header"] and frames[-1:] == ["summary"] and set(frames[1:-1]) == {"batch"}
        return f"{len(rows)} rows in {len(frames) - 2} batches" if whole and figures(rows) else ""
    if method == "CheckDataQuality":
        frames = [next(iter(message)) for message in messages]
        rules = frames.count("ruleSummary")
        return f"{rules} rules" if frames[:1] == ["header"] and frames[-1:] == ["summary"] and rules else ""
    if len(messages) != 1:
        return ""
    (message,) = messages
    if method == "QueryKpis":
        return f"{len(message.get('rows', []))} rows" if figures(message.get("rows", [])) else ""
    if method == "BatchQueryKpis":
        answers = message.get("responses", [])
        return f"{len(answers)} answers" if answers and all(figures(a.get("rows", [])) for a in answers) else ""
    field = {"ListKpis": "kpis", "ListDimensionValues": "values", "GetDataVersion": "dataVersion"}.get(method)
    held = message.get(field)
    return f"{len(held)} {field}" if isinstance(held, list) and held else held or ""


def figures(rows):
    """Rows that have a figure at all."""
    return any("value" in value for row in rows for value in row.get("values", []))


def json_values(text):
    """The JSON values that follow each other in a text."""
    decoder, place = json.JSONDecoder(), 0
    while text[place:].strip():
        place += len(text[place:]) - len(text[place:].lstrip())
        value, place = decoder.raw_decode(text, place)
        yield value


def run_query(document, words, endpoint):
    output = run(words, CRM_KPI_ENDPOINT=f"http://{endpoint}")
    if not re.search(r"\d", output):
        fail(f"{document}: {shlex.join(words[1:])} printed no figure:\n{output}")
    if "--json" in words:
        try:
            json.loads(output)
        except ValueError as error:
            fail(f"{document}: {shlex.join(words[1:])} printed no JSON ({error}):\n{output}")
    passed(f"{document}: crm-kpi {shlex.join(words[1:])}")


def run(words, **environment):
    done = subprocess.run(
        words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, env={**os.environ, **environment}
    )
    if done.returncode != 0:
        fail(f"{shlex.join(words)}\nended with status {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def passed(what):
    print(f"ok  {what}")


def fail(what):
    print(f"FAILED  {what}")
    sys.exit(1)


if __name__ == "__main__":
    main()
