"""`kubectl kustomize` over the same files, each wrapped as a resource, each overlay a patch."""

from __future__ import annotations

from pathlib import Path

import yaml


def prepare(project: Path, folder: Path) -> None:
    """Write `folder/base` and one `folder/OVERLAY` with the fleet's files as resources and patches."""
    for layer in sorted(path.name for path in (project / "environments").iterdir()):
        names = [
            _wrap(file, folder / layer) for file in sorted((project / "environments" / layer / "managers").iterdir())
        ]
        top = (
            {"resources": names}
            if layer == "base"
            else {"resources": ["../base"], "patches": [{"path": name} for name in names]}
        )
        (folder / layer / "kustomization.yaml").write_text(yaml.safe_dump(top))


def _wrap(file: Path, folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    body = "".join(f"  {line}\n" for line in file.read_text().splitlines())
    head = f"apiVersion: fleet.example.com/v1\nkind: Component\nmetadata:\n  name: {file.stem}\nspec:\n"
    (folder / file.name).write_text(head + body)
    return file.name


def values(output: str) -> dict[str, object]:
    """Component name -> merged values, from what kustomize printed."""
    documents = yaml.load_all(output, yaml.CSafeLoader)
    return {document["metadata"]["name"]: document["spec"] for document in documents}
