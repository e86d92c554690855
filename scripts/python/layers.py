"""Checks what the files of src, crm, migrations and synthetic import from each other: python layers.py [--self-test]

- Layers: a room imports only from the rooms below it in the list of docs/develop/architecture.md.
- Circles: no files import from each other in a circle. A mod.rs or lib.rs puts its folder together, and may import from it.

It reads code as cargo fmt writes it, without compiling it: `use`, and paths such as super::x::f(). Unit tests do not count.
"""

import re
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

PAGE = "docs/develop/architecture.md"
CRATES = {
    "crm_kpi": "src",
    "crm_kpi_synthetic": "synthetic/src",
    "crm_kpi_migrations": "migrations/src",
    "crm_kpi_crm": "crm/src",
}
COMMENT_OR_TEXT = re.compile(r"""//.*|r(#*)"[\s\S]*?"\1|"(?:\\[\s\S]|[^"\\])*"|'(?:\\.|[^'\\])'""")
TESTS = re.compile(r"^#\[cfg\((?:all\()?test\b.*\n(?:.*;|.*\{\n(?:.*\n)*?\})$", re.M)
INLINE_MODULE = re.compile(r"^(?:pub(?:\(.*?\))? )?mod \w+ \{\n(?:.*\n)*?\}$", re.M)
USE = re.compile(r"^ *(?:pub(?:\(.*?\))? )?use ([^;]+);", re.M)
GROUP = re.compile(r"([\w:]*)\{([^{}]*)\}")
PATH = re.compile(r"(?<![\w:])[a-z]\w*(?:::\w+)+")
ITEM = re.compile(r"(?<!')\b(?:const|enum|fn|static|struct|trait|type) (\w+)")


def main():
    files = {str(file): file.read_text() for folder in CRATES.values() for file in sorted(Path(folder).rglob("*.rs"))}
    imports = imports_of(files)
    rooms = re.search(r"^```text layers\n(.*?)^```$", Path(PAGE).read_text(), re.M | re.S)[1].split("\n")
    problems = [*upwards(imports, rooms), *circles(imports)]
    for problem in problems:
        print(f"FAILED  {problem}")
    print(f"{len(files)} files, {len(imports)} imports, {len(problems)} problems")
    sys.exit(bool(problems))


def imports_of(files):
    """The line of every import, by the names of the file that imports and the one that defines what is imported."""
    modules = {module_of(file): file for file in files if "tests" not in re.split(r"\W", file)}
    read = {module: paths_in(files[file]) for module, file in modules.items()}

    def defined_in(module, path):
        at = module
        for place, name in enumerate(path):
            known = read[at][1].get(name, [name])
            if name == "crate":
                at = module[:1]
            elif name == "super":
                at = at[:-1]
            elif (*at, name) in modules:
                at = (*at, name)
            elif place == 0 and name in CRATES:
                at = (name,)
            elif known[0] != name:  # imported there from elsewhere
                return defined_in(at, known + path[place + 1 :])
            elif name != "self":  # defined there
                break
        return modules[at]

    found = {}
    for module, file in modules.items():
        for line, path in read[module][0]:
            target = defined_in(module, path)
            if target != file:
                found.setdefault((file, target), line)
    return found


def module_of(file):
    for crate, folder in CRATES.items():
        if file.startswith(f"{folder}/"):
            parts = Path(file).relative_to(folder).with_suffix("").parts
            return (crate, *(part for part in parts if part not in ("mod", "lib")))


def paths_in(text):
    """The paths in a file, each with its line, and those of `use` by the name that they give."""

    def blank(match):
        return re.sub(r"[^\n]", " ", match[0])

    text = TESTS.sub(blank, COMMENT_OR_TEXT.sub(blank, text))
    text = INLINE_MODULE.sub(lambda match: re.sub(r"(?<!::)\bsuper::", "", match[0]), text)
    paths, names = [], {}
    for match in USE.finditer(text):
        tree = " ".join(match[1].split())
        while group := GROUP.search(tree):
            leaves = [group[1] + leaf.strip() for leaf in group[2].split(",") if leaf.strip()]
            tree = tree[: group.start()] + ",".join(leaves) + tree[group.end() :]
        for leaf in tree.split(","):
            path, _, name = leaf.partition(" as ")
            path = path.removesuffix("::self").removesuffix("::*").split("::")
            names[name or path[-1]] = path
            paths.append((text.count("\n", 0, match.start()) + 1, path))
    for match in PATH.finditer(USE.sub(blank, text)):
        paths.append((text.count("\n", 0, match.start()) + 1, match[0].split("::")))
    for item in ITEM.findall(text):
        names.pop(item, None)
    return paths, names


def upwards(imports, rooms):
    """The imports from another room that is not below, and the rooms that are in no layer."""
    layer = {room: place for place, line in enumerate(rooms) for room in line.split()}
    for room in sorted({room_of(file) for files in imports for file in files} - {*layer}):
        yield f"{PAGE} does not say which layer {room} is in"
    for (file, target), line in imports.items():
        above, below = room_of(file), room_of(target)
        if above != below and layer.get(above, -1) >= layer.get(below, 0):
            yield f"{file}:{line} imports {target}: {above} is not above {below}"


def room_of(file):
    """A folder or file of src, or another crate."""
    crate, *_ = path = Path(file).parts
    return path[1].removesuffix(".rs") if crate == "src" else f"{crate}/"


def circles(imports):
    """Circles, until without the last import of each there is none left."""
    graph = {}
    for file, target in imports:
        folder, name = file.rsplit("/", 1)
        if name not in ("mod.rs", "lib.rs") or not target.startswith(f"{folder}/"):
            graph.setdefault(file, []).append(target)
    while True:
        try:
            return TopologicalSorter(graph).prepare()
        except CycleError as error:
            circle = error.args[1][::-1]
            graph[circle[-2]].remove(circle[-1])
            steps = [f"{file}:{imports[file, target]}" for file, target in zip(circle, circle[1:])]
            yield "a circle: " + " imports ".join([*steps, circle[0]])


SAMPLE = {
    "src/lib.rs": "pub use crm_kpi_crm as crm;",
    "src/top.rs": '''
//! use crate::low::alone::Alone;
use crate::mid::{self, Left, right::{Right as R, deep}};
const TEXT: &str = "crate::low::alone \\" crate::low::alone";
fn inline() -> char { crate::crm::Item::new(); '"' }
#[cfg(not(test))]
fn kept() { crate::low::kept::f() }
#[cfg(test)]
mod tests {
    use crate::low::alone;
}
''',
    "src/mid/mod.rs": "mod left;\nmod right;\npub use left::Left;",
    "src/mid/left.rs": "use super::{super::mid, Right};\nfn f() {\n    mid::right::f()\n}",
    "src/mid/right.rs": "mod inner {\n    use super::super::Left;\n}",
    "src/low/mod.rs": "pub mod alone;\npub mod kept;",
    "src/low/alone.rs": "fn f(top: crate::top::Top) {}",
    "src/low/kept.rs": "",
    "crm/src/lib.rs": "mod item;\npub use item::Item;",
    "crm/src/item.rs": "",
}
SAMPLE_IMPORTS = {
    ("src/lib.rs", "crm/src/lib.rs"): 1,
    ("src/top.rs", "src/mid/mod.rs"): 3,
    ("src/top.rs", "src/mid/left.rs"): 3,
    ("src/top.rs", "src/mid/right.rs"): 3,
    ("src/top.rs", "crm/src/item.rs"): 5,
    ("src/top.rs", "src/low/kept.rs"): 7,
    ("src/mid/mod.rs", "src/mid/left.rs"): 3,
    ("src/mid/left.rs", "src/mid/mod.rs"): 1,
    ("src/mid/left.rs", "src/mid/right.rs"): 3,
    ("src/mid/right.rs", "src/mid/left.rs"): 2,
    ("src/low/alone.rs", "src/top.rs"): 1,
    ("crm/src/lib.rs", "crm/src/item.rs"): 2,
}
SAMPLE_PROBLEMS = [
    "src/low/alone.rs:1 imports src/top.rs: low is not above top",
    "a circle: src/mid/left.rs:3 imports src/mid/right.rs:2 imports src/mid/left.rs",
]


def self_test():
    imports = imports_of(SAMPLE)
    assert imports == SAMPLE_IMPORTS, imports
    problems = [*upwards(imports, ["lib", "top", "mid", "low", "crm/"]), *circles(imports)]
    assert problems == SAMPLE_PROBLEMS, problems
    print("ok  self-test")


if __name__ == "__main__":
    self_test() if sys.argv[1:] == ["--self-test"] else main()
