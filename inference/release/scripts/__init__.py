"""Scripts that lie in ``scripts/`` of every release, and how they get there.

Each needs Overread's package ``inference`` on the path and nothing of the platform.
"""

import shutil
from pathlib import Path
from typing import Any

SCRIPTS = ("agreement.py", "rebuild.py")


def write_scripts(root: Path, about: Any) -> list[Path]:
    folder = root / "scripts"
    folder.mkdir(exist_ok=True)
    here = Path(__file__).parent
    return [shutil.copyfile(here / name, folder / name) for name in SCRIPTS]
