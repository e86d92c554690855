"""Checks that the files of a deployment fit each other: python deploy_files.py [--dep-info FILE]

- the Dockerfile copies what exists, and .dockerignore lets in exactly that; with --dep-info, what cargo says that the
  release build read, nothing that is missing in the image's build
- the image runs as a numeric user that is not root
- the kustomizations list all manifests, and everything names the version of Cargo.toml
- pods and containers are given longer to stop than the service takes to drain
- the compose file publishes ports on this machine only
"""

import argparse
import re
import sys
import tomllib
from pathlib import Path

import yaml

KUBERNETES = Path("deploy/kubernetes")
EXAMPLES = {"secrets.example.yaml"}
UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600}

problems = []


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dep-info", type=Path)
    options = parser.parse_args()
    copied = dockerfile()
    if options.dep_info:
        what_the_build_read(options.dep_info, copied)
    manifest = tomllib.loads(Path("Cargo.toml").read_text())
    # Cargo refuses a manifest whose target has no file where it looks for it.
    for kind, folder in (("bench", "benches"), ("example", "examples")):
        if any("path" not in target for target in manifest.get(kind, [])):
            require(folder in copied, f"Dockerfile does not copy {folder}, which Cargo.toml names")
    version = manifest["package"]["version"]
    kubernetes(version)
    compose(version)
    for problem in problems:
        print(f"FAILED  {problem}")
    if problems:
        sys.exit(1)
    print("ok  the files fit each other")


def dockerfile():
    """The sources of the COPY lines that are not of another stage."""
    text = Path("Dockerfile").read_text().replace("\\\n", " ")
    copied, user = set(), None
    for line in text.splitlines():
        word, *rest = line.split() or [""]
        if word == "COPY" and not rest[0].startswith("--from="):
            copied.update(rest[:-1])
        elif word == "FROM":
            user = None
        elif word == "USER":
            user = rest[0]
    for source in sorted(copied):
        require(Path(source).exists(), f"Dockerfile copies {source}, which does not exist")
    ignored = Path(".dockerignore").read_text().splitlines()
    let_in = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    require("*" in ignored, ".dockerignore does not begin with ignoring everything")
    for path in sorted(let_in ^ copied):
        require(False, f"{path} is in one of Dockerfile and .dockerignore only")
    require(
        user is not None and re.fullmatch(r"[1-9][0-9]*(:[1-9][0-9]*)?", user),
        f"Dockerfile: the image's user is {user}, not a number above 0",
    )
    return copied


def what_the_build_read(dep_info, copied):
    """Make's form: TARGET: FILE FILE…, with blanks in names escaped."""
    root, count = Path.cwd(), 0
    for name in re.findall(r"(?:\\ |\S)+", dep_info.read_text().partition(": ")[2]):
        path = Path(name.replace("\\ ", " "))
        if not path.is_relative_to(root) or path.is_relative_to(dep_info.resolve().parents[1]):
            continue
        path = path.relative_to(root)
        count += 1
        covered = any(path == Path(source) or Path(source) in path.parents for source in copied)
        require(covered, f"the release build reads {path}, which the Dockerfile does not copy")
    require(count > 0, f"{dep_info} names no file of this folder")
    print(f"ok  {count} files and folders that the release build read")


def kubernetes(version):
    for kustomization in sorted(KUBERNETES.rglob("kustomization.yaml")):
        folder, content = kustomization.parent, load(kustomization)[0]
        listed = set(content["resources"])
        there = {path.name for path in folder.glob("*.yaml")} - {"kustomization.yaml"} - EXAMPLES
        for name in sorted(listed ^ there):
            require(False, f"{kustomization} lists {name} and it is not there, or the other way round")
        for generator in content.get("configMapGenerator", []):
            for name in generator["files"]:
                require((folder / name).exists(), f"{kustomization}: there is no {name}")
        for image in content["images"]:
            require(image["newTag"] == version, f"{kustomization}: {image['name']} is not of version {version}")
        for path in (folder / name for name in listed & there):
            for manifest in load(path):
                workload(path, manifest, version, {image["name"] for image in content["images"]})


def workload(path, manifest, version, images):
    pod = manifest.get("spec", {}).get("template", {}).get("spec")
    if pod is None:
        return
    for container in pod["containers"]:
        name, _, tag = container["image"].rpartition(":")
        require(tag == version, f"{path}: {container['image']} is not of version {version}")
        require(name in images, f"{path}: the kustomization does not set the version of {name}")
    if manifest["kind"] == "Deployment":
        grace = pod.get("terminationGracePeriodSeconds", 30)
        longer_than_drain(path, grace, KUBERNETES / "crm-kpi.toml")


def compose(version):
    path = Path("deploy/compose.yaml")
    (content,) = load(path)
    for name, service in content["services"].items():
        for port in service.get("ports", []):
            require(str(port).startswith("127.0.0.1:"), f"{path}: {name} publishes {port} on all addresses")
        image, _, tag = service["image"].rpartition(":")
        require(image != "crm-kpi" or tag == version, f"{path}: {name} is not of version {version}")
    longer_than_drain(path, seconds(content["services"]["crm-kpi"].get("stop_grace_period", "10s")))


def longer_than_drain(path, grace, settings=None):
    drain = tomllib.loads(Path("config/default.toml").read_text())["drain"]
    if settings:
        drain |= tomllib.loads(settings.read_text()).get("drain", {})
    needed = sum(seconds(value) for value in drain.values())
    require(grace > needed, f"{path}: {grace:g} s to stop are not more than the {needed:g} s of drain.*")


def seconds(text):
    """A duration such as 500ms or 1h 30m."""
    return sum(float(number) * UNITS[unit] for number, unit in re.findall(r"(\d+)\s*(ms|s|m|h)", text))


def load(path):
    return [document for document in yaml.safe_load_all(path.read_text()) if document]


def require(holds, problem):
    if not holds:
        problems.append(problem)


if __name__ == "__main__":
    main()
