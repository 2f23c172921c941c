"""Make the pictures that README.md shows, each by the command that stands beside it: `python docs/pictures.py`.

The page is photographed by `chromium`; without it, its picture is left as it is.
"""

import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

IMAGES = Path(__file__).parent / "images"
KERASRUN = str(Path(sys.executable).with_name("kerasrun"))

# Each command, and the pictures that it leaves: where they lie, and what they are called in images/.
COMMANDS = {
    "kerasrun train @digits --name first": {
        f"outputs/digits/first/plots/{name}.png": f"digits_{name}.png"
        for name in (
            "history",
            "predictions",
            "mistakes",
            "confusion",
            "per_class",
            "reliability",
            "filters",
            "samples",
        )
    },
    "kerasrun train @sine --name first": {
        f"outputs/sine/first/plots/{name}.png": f"sine_{name}.png" for name in ("fit", "predicted", "residuals")
    },
    "kerasrun train @digits --name slower --set training.optimizer.Adam.learning_rate=1e-4": {},
    "kerasrun compare digits/first digits/slower -o compared.png": {"compared.png": "digits_compared.png"},
}

PAGE, PAGE_PICTURE, PAGE_SIZE = "outputs/digits/first/report.html", "digits_report.png", (1200, 1000)


def make_pictures(folder: Path) -> None:
    """Run the commands in an empty folder, and take over what they draw."""
    for command, pictures in COMMANDS.items():
        subprocess.run([KERASRUN, *shlex.split(command)[1:]], cwd=folder, check=True)
        for path, name in pictures.items():
            shutil.copy(folder / path, IMAGES / name)
    if chromium := shutil.which("chromium"):
        _photograph(chromium, folder / PAGE, IMAGES / PAGE_PICTURE)


def _photograph(chromium: str, page: Path, target: Path) -> None:
    options = ["--headless=new", "--no-sandbox", "--hide-scrollbars", "--window-size={},{}".format(*PAGE_SIZE)]
    subprocess.run([chromium, *options, f"--screenshot={target}", page.as_uri()], check=True, capture_output=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        make_pictures(Path(folder))
