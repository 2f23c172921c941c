"""`kerasrun compare` and `kerasrun plot` of several runs, as a person meets them."""

import json

import pytest

from tests.made_runs import make_run

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def output(tmp_path):
    make_run(tmp_path / "outputs", "tiny/a")
    make_run(tmp_path / "outputs", "tiny/b", ["training.batch_size=8"], {"epoch": [1], "loss": [0.5]})
    return tmp_path / "outputs"


class TestCompare:
    def test_a_table(self, called, output):
        done = called("compare", "a", "tiny/b", env={"NO_COLOR": "1"})
        assert (done.returncode, done.stderr) == (0, "")
        assert ["training.batch_size", "4", "8"] in [line.split() for line in done.stdout.splitlines()]
        assert done.stdout.isprintable() or "\x1b" not in done.stdout

    def test_and_the_curves(self, called, output, tmp_path):
        done = called("compare", "tiny/*", "-o", "pictures/both.PNG")
        assert done.stdout.endswith("\n\npictures/both.PNG\n")
        assert (tmp_path / "pictures/both.PNG").read_bytes().startswith(PNG)
        done = called("compare", "a", "b", "-o", "pictures", "--json")
        assert len(json.loads(done.stdout)["runs"]) == 2
        assert (tmp_path / "pictures/compared.png").read_bytes().startswith(PNG)

    @pytest.mark.parametrize(
        ("args", "error"),
        [
            (["a"], "outputs/tiny/a: is one run; compare two or more; kerasrun runs lists those that there are"),
            (["a", "nothing"], "no file and no run is called 'nothing'; the runs are in outputs"),
            (["a", "b", "-o", "x.jpg"], "unknown picture format: jpg. Choose from: png, svg, pdf."),
            (["a", "b", "-o", "file/x.png"], "file: cannot be written: File exists; choose another folder with -o"),
        ],
    )
    def test_faults_are_told_in_a_line(self, called, output, write, args, error):
        write("", "file")
        done = called("compare", *args)
        assert (done.returncode, done.stdout, done.stderr) == (2, "", f"Error: {error}\n")

    def test_no_tensorflow_loads(self, kerasrun, output):
        done = kerasrun("compare", "a", "b", "-o", "x.svg", env={"PYTHONPROFILEIMPORTTIME": "1"})
        assert "matplotlib" in done.stderr
        assert "tensorflow" not in done.stderr


class TestPlot:
    def test_several_go_into_one_picture_here(self, called, output, write, tmp_path):
        write(json.dumps({"loss": [3, 2, 1], "acc": [0.1, 0.2, 0.3]}), "keras.json")
        done = called("plot", "a", "keras.json")
        assert (done.returncode, done.stdout, done.stderr) == (0, "compared.png\n", "")
        assert (tmp_path / "compared.png").read_bytes().startswith(PNG)
        done = called("plot", "tiny/*", "-o", "pictures/both.pdf")
        assert (done.returncode, done.stdout) == (0, "pictures/both.pdf\n")
        assert (tmp_path / "pictures/both.pdf").read_bytes().startswith(b"%PDF")
        done = called("plot", "tiny/*", "-o", "pictures", "--format", "svg")
        assert done.stdout == "pictures/compared.svg\n"
        text = (tmp_path / "pictures/compared.svg").read_text()
        assert "<!-- a -->" in text and "<!-- b -->" in text

    def test_a_pattern_that_fits_one_draws_that_one(self, called, output):
        assert called("plot", "b*").stdout.splitlines()[0] == "outputs/tiny/b/plots/loss.png"

    def test_faults(self, called, output, write):
        write("{}", "empty.json")
        assert called("plot", "a", "empty.json").stderr.startswith("Error: empty.json: the history has no column")
        assert called("plot", "a", "tiny/a").stderr == (
            "Error: outputs/tiny/a/history.json: is the same history more than once; give another to compare it with\n"
        )
        assert called("plot", "a", "outputs/tiny/a/config.yaml").stderr.startswith(
            "Error: outputs/tiny/a/config.yaml: not valid JSON"
        )
