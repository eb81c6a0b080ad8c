"""Layers merged with OmegaConf. `merge_omegaconf.py PROJECT OUT ENV...`"""

from __future__ import annotations

import sys
from pathlib import Path

from omegaconf import OmegaConf


def main(project: str, out: str, environments: list[str]) -> None:
    base = Path(project, "environments", "base", "managers")
    for environment in environments:
        for file in sorted(base.iterdir()):
            overlay = Path(project, "environments", environment, "managers", file.name)
            tree = OmegaConf.merge(OmegaConf.load(file), OmegaConf.load(overlay))
            folder = Path(out, environment, file.stem)
            folder.mkdir(parents=True, exist_ok=True)
            OmegaConf.save(tree, folder / "config.yaml")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
