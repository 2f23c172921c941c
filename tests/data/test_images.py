"""Folders and tables of pictures: what Pillow alone makes of them, parted as asked; what is wrong is named."""

import csv
import os
import struct
import threading
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image, ImageOps
from PIL.PngImagePlugin import PngInfo

from kerasrun.config import load_config
from kerasrun.data import load_data
from kerasrun.data.files.decoded import decode_all
from kerasrun.data.files.decoding import Form, decode
from kerasrun.data.files.pictures import PILLOWS_WARNINGS
from kerasrun.data.loading import check_source
from kerasrun.errors import ConfigError

SOFTMAX = [{"Dense": {"units": 2, "activation": "softmax"}}]
OF_CLASSES = {"model": SOFTMAX, "training": {"epochs": 1, "loss": "sparse_categorical_crossentropy"}}
ONE_HOT = OF_CLASSES | {"training": {"epochs": 1, "loss": "categorical_crossentropy"}}
OF_NUMBERS = {"model": [{"Dense": 1}], "training": {"epochs": 1, "loss": "mse"}}


def load(path, rest=OF_CLASSES, **data):
    return load_data(load_config({"data": {"source": "images", "path": str(path), **data}, **rest}))


def fault(path, rest=OF_CLASSES, **data):
    """What is told of data that is at fault, without its place in the config."""
    with pytest.raises(ConfigError) as error:
        load(path, rest, **data)
    return str(error.value).removeprefix("data.path: ").replace(f"{path}/", "")


@pytest.fixture
def flowers(tmp_path):
    """Six roses and four tulips of 6 × 8 pixels in colours, one of them in a folder further down."""
    chance = np.random.default_rng(0)
    for name, count in (("tulip", 4), ("rose", 6)):
        for number in range(count):
            folder = tmp_path / "flowers" / name / ("inner" if number == 3 else "")
            folder.mkdir(parents=True, exist_ok=True)
            Image.fromarray(chance.integers(0, 256, (6, 8, 3), np.uint8)).save(folder / f"{number}.png")
    return tmp_path / "flowers"


def pixels(path, size=None, mode="RGB", method=Image.Resampling.BILINEAR):
    """A picture by Pillow alone."""
    picture = Image.open(path).convert(mode)
    array = np.asarray(picture if size is None else picture.resize((size[1], size[0]), method))
    return array.reshape(*array.shape[:2], -1)


class TestAFolderForEachClass:
    def test_gives_each_picture_as_it_is_and_its_class_by_the_alphabet(self, flowers):
        data = load(flowers)
        order = [f"rose/{n}.png" for n in (0, 1, 2, 4, 5)] + ["rose/inner/3.png"]
        order += [f"tulip/{n}.png" for n in (0, 1, 2)] + ["tulip/inner/3.png"]
        np.testing.assert_array_equal(data.train.x, [pixels(flowers / name) for name in order])
        assert data.train.x.dtype == np.uint8
        assert data.train.y.tolist() == [0] * 6 + [1] * 4
        assert (data.classes, data.pixel_max, data.steps.divisor) == (("rose", "tulip"), 255.0, 255.0)

    def test_is_parted_by_fractions_of_each_class(self, flowers):
        data = load(flowers, test=0.5, validation=0.4, split="stratified", seed=3)
        counts = {part: np.bincount(rows.y).tolist() for part, rows in data.parts().items()}
        assert counts == {"train": [2, 1], "validation": [1, 1], "test": [3, 2]}

    def test_has_its_test_pictures_in_a_folder_inside_if_it_is_named(self, flowers):
        os.renames(flowers / "rose/0.png", flowers / "test/rose/0.png")
        data = load(flowers, test=str(flowers / "test"), validation="test")
        assert (data.classes, len(data.train), len(data.test)) == (("rose", "tulip"), 9, 1)
        assert data.validation_part == "test"

    @pytest.mark.parametrize("place", ["held/back/test", "rose/inner/test"])
    def test_or_in_one_further_down(self, flowers, place):
        os.renames(flowers / "rose/0.png", flowers / place / "rose/0.png")
        os.renames(flowers / "tulip/0.png", flowers / place / "tulip/0.png")
        data = load(flowers, test=str(flowers / place), validation="test")
        assert (data.classes, len(data.train), len(data.test), data.notes) == (("rose", "tulip"), 8, 2, ())

    def test_has_its_classes_in_the_order_of_class_names(self, flowers):
        data = load(flowers, ONE_HOT, class_names=["tulip", "rose"], one_hot=True)
        assert data.classes == ("tulip", "rose")
        np.testing.assert_array_equal(data.train.y.sum(axis=0), [4, 6])

    def test_may_hold_other_files_which_are_told_and_hidden_ones_which_are_not(self, flowers):
        for name in ("README.md", "rose/notes.txt", "rose/.DS_Store", ".git/config"):
            (flowers / name).parent.mkdir(exist_ok=True)
            (flowers / name).write_text("")
        assert load(flowers).notes == ("no pictures, left out: README.md, rose/notes.txt",)

    def test_may_hold_links_that_lead_in_a_circle(self, flowers):
        (flowers / "rose" / "again").symlink_to(flowers / "rose", target_is_directory=True)
        assert len(load(flowers).train) == 10

    def test_tells_of_pictures_that_stand_in_two_parts(self, flowers):
        copy = flowers.parent / "more" / "rose"
        copy.mkdir(parents=True)
        (copy / "new name.png").write_bytes((flowers / "rose" / "1.png").read_bytes())
        notes = load(flowers, test=str(copy.parent)).notes
        assert notes == ("1 of 1 rows of test stand in train too, with the same inputs",)


class TestForm:
    @pytest.mark.parametrize("name", ["nearest", "bilinear", "bicubic", "lanczos"])
    def test_another_size_is_what_pillows_filter_makes_of_it(self, flowers, name):
        method = getattr(Image.Resampling, name.upper())
        found = load(flowers, size=[4, 5], resize=name).train.x
        np.testing.assert_array_equal(found[0], pixels(flowers / "rose/0.png", (4, 5), method=method))

    def test_area_takes_the_mean_of_the_pixels_that_fall_on_one(self, flowers):
        found, whole = load(flowers, size=[3, 4], resize="area").train.x, load(flowers).train.x
        means = whole.reshape(-1, 3, 2, 4, 2, 3).mean(axis=(2, 4))
        np.testing.assert_allclose(found, means, atol=1.01)  # Pillow rounds rows, and then columns

    def test_grey_is_the_luma_of_itu_r_601(self, flowers):
        found, colours = load(flowers, color="gray").train.x, load(flowers).train.x
        assert found.shape == (10, 6, 8, 1)
        np.testing.assert_allclose(found[..., 0], colours @ [0.299, 0.587, 0.114], atol=0.51)

    def test_crop_takes_the_middle_and_pad_puts_black_around(self, flowers):
        square = {"size": [6, 6], "resize": "nearest"}
        cropped, padded = (load(flowers, **square, fit=fit).train.x[0] for fit in ("crop", "pad"))
        whole = pixels(flowers / "rose/0.png")
        np.testing.assert_array_equal(cropped, whole[:, 1:7])
        path = flowers / "rose/0.png"
        np.testing.assert_array_equal(padded, ImageOps.pad(Image.open(path), (6, 6), Image.Resampling.NEAREST))
        assert (padded[0].max(), padded[-1].max()) == (0, 0)

    def test_what_is_transparent_lies_on_white(self, tmp_path):
        for name in ("a", "b"):
            (tmp_path / name).mkdir()
            clear = np.zeros((2, 2, 4), np.uint8)
            clear[0, 0] = [10, 20, 30, 255]
            Image.fromarray(clear).save(tmp_path / name / "1.png")
        np.testing.assert_array_equal(load(tmp_path).train.x[0].reshape(4, 3), [[10, 20, 30], *[[255] * 3] * 3])

    def test_sixteen_bits_become_eight(self, tmp_path):
        for name in ("a", "b"):
            (tmp_path / name).mkdir()
            Image.fromarray(np.array([[0, 65535], [32768, 257]], np.uint16)).save(tmp_path / name / "1.png")
        assert load(tmp_path).train.x[0].reshape(-1).tolist() == [0, 255, 128, 1]

    def test_a_camera_on_its_side_counts_as_it_is_seen(self, tmp_path):
        exif = Image.Exif()
        exif[0x0112] = 6
        for name in ("a", "b"):
            (tmp_path / name).mkdir()
            Image.fromarray(np.zeros((4, 6), np.uint8)).save(tmp_path / name / "1.png", exif=exif)
        assert load(tmp_path).train.x.shape == (2, 6, 4, 1)

    @pytest.mark.parametrize("size", [None, [4, 6]])
    @pytest.mark.parametrize(
        "entries",
        [
            struct.pack("<HHHI4s", 1, 0x0112, 2, 4, b"6\0\0\0"),  # as text
            struct.pack("<HHHI4s", 1, 0x0112, 7, 4, b"\6\0\0\0"),  # as bytes
            struct.pack("<HHHII", 1, 0x0112, 3, 1, 99),  # none that there is
            struct.pack("<HHH", 9, 0x0112, 3),  # cut off
            b"",
        ],
        ids=["text", "bytes", "unknown", "cut off", "none"],
    )
    def test_what_a_camera_says_that_makes_no_sense_does_not_count(self, tmp_path, entries, size):
        pixels = np.arange(24, dtype=np.uint8).reshape(4, 6)
        for name in ("a", "b"):
            (tmp_path / name).mkdir()
            exif = b"II*\0" + struct.pack("<I", 8) + entries
            Image.fromarray(pixels).save(tmp_path / name / "1.png", exif=exif)
        np.testing.assert_array_equal(load(tmp_path, size=size).train.x[0, ..., 0], pixels)

    @pytest.mark.parametrize("ending", ["png", "jpg"])
    @pytest.mark.parametrize("size", [None, [6, 4]])
    def test_a_camera_may_say_it_in_xmp_alone(self, tmp_path, ending, size):
        rows = np.repeat(np.array([[0], [40], [80], [120]], np.uint8), 6, axis=1)
        said = '<x:xmpmeta xmlns:x="adobe:ns:meta/" tiff:Orientation="6"/>'
        text = PngInfo()
        text.add_itxt("XML:com.adobe.xmp", said)
        for name in ("a", "b"):
            (tmp_path / name).mkdir()
            more = {"pnginfo": text} if ending == "png" else {"xmp": said.encode(), "quality": 100}
            Image.fromarray(rows).save(tmp_path / name / f"1.{ending}", **more)
        np.testing.assert_allclose(load(tmp_path, size=size).train.x[0, ..., 0], np.rot90(rows, -1), atol=1)

    def test_pixels_may_stay_as_they_are_or_be_divided_by_a_number(self, flowers):
        assert load(flowers, scale=False).steps.divisor is None
        assert load(flowers, scale=127.5, flatten=True).steps.divisor == 127.5
        assert load(flowers, flatten=True).steps.flatten

    def test_the_model_file_can_make_the_same_form_again(self, flowers):
        reading = load(flowers, size=[4, 5], fit="crop", resize="area").reading
        assert Form.from_dict(reading["pictures"]) == Form(4, 5, "rgb", "area", "crop")


class TestATable:
    @pytest.fixture
    def write(self, flowers):
        def write_table(*rows, name="labels.csv", separator=","):
            with (flowers.parent / name).open("w", newline="") as file:
                csv.writer(file, delimiter=separator).writerows([["file", "label", "age", "patient"], *rows])
            return flowers.parent / name

        return write_table

    @pytest.fixture
    def rows(self):
        names = [*(f"rose/{n}.png" for n in (0, 1, 2, 4)), *(f"tulip/{n}.png" for n in (0, 1, 2))]
        return [[f"flowers/{name}", name[:4], n / 4, n % 3] for n, name in enumerate(names)]

    def test_names_files_from_its_own_folder_and_classes(self, flowers, write, rows):
        data = load(write(*rows), image="file", target="label")
        np.testing.assert_array_equal(data.train.x, [pixels(flowers.parent / row[0]) for row in rows])
        assert (data.train.y.tolist(), data.classes) == ([0] * 4 + [1] * 3, ("rose", "tuli"))

    def test_or_numbers(self, write, rows):
        data = load(write(*rows, name="labels.tsv", separator="\t"), OF_NUMBERS, image="file", target="age")
        np.testing.assert_array_equal(data.train.y, [[row[2]] for row in rows])
        assert (data.train.y.dtype, data.classes) == (np.float32, None)

    def test_whole_numbers_are_classes_where_the_loss_is_a_cross_entropy(self, write, rows):
        data = load(write(*rows), image="file", target="patient")
        assert (data.train.y.tolist(), data.classes) == ([0, 1, 2, 0, 1, 2, 0], ("0", "1", "2"))

    def test_a_group_stays_together(self, write, rows):
        data = load(write(*rows), OF_NUMBERS, image="file", target="patient", test=0.3, split={"grouped": "patient"})
        assert not set(data.train.y.ravel()) & set(data.test.y.ravel())
        assert len(data.test) == 2

    def test_a_file_that_is_not_there_is_told_with_its_row(self, write, rows):
        path = write(*rows, ["flowers/rose/99.png", "rose", 1, 1])
        told = f"{path}: line 9: no such picture: {path.parent}/flowers/rose/99.png"
        assert fault(path, image="file", target="label") == told

    def test_so_is_an_empty_cell_and_a_column_that_there_is_not(self, write, rows):
        path = write(*rows, ["flowers/rose/5.png", "", 1, 1])
        told = f"{path}: line 9: the column 'label' has no value; fill it in, or leave such rows out"
        assert fault(path, image="file", target="label") == told
        path = write(*rows)
        assert fault(path, image="fil", target="label") == f"{path}: has no column 'fil'; did you mean 'file'?"

    def test_so_is_a_row_of_another_length(self, write, rows):
        path = write(*rows, ["flowers/rose/5.png", "rose", 1, 1, "more"])
        told = f"{path}: line 9 has 5 columns, and the first line 4"
        assert fault(path, image="file", target="label") == told

    def test_needs_its_columns_named_and_a_folder_has_none(self, write, rows, flowers):
        with pytest.raises(ConfigError, match="this table needs target, the name of a column"):
            load(write(*rows), image="file")
        with pytest.raises(ConfigError, match="this folder has no columns, so image says nothing"):
            load(flowers, image="file")


class TestFaults:
    def test_a_folder_without_folders_of_classes(self, flowers):
        told = "6 pictures lie in no folder of a class; put the pictures of each class into a folder that is named as "
        rose = flowers / "rose"
        os.renames(rose / "inner/3.png", rose / "3.png")
        assert fault(rose) == f"{rose}: {told}the class is"
        (flowers / "empty").mkdir()
        assert fault(flowers / "empty").startswith(f"{flowers}/empty: holds no folder of a class; put the pictures")

    def test_a_folder_of_a_class_without_pictures(self, flowers):
        (flowers / "lily").mkdir()
        assert fault(flowers) == "lily: no pictures lie in this folder of a class; .png, .jpg, .jpeg are read"

    def test_one_class_alone(self, flowers):
        (flowers / "tulip").rename(flowers.parent / "tulip")
        assert fault(flowers) == "all 6 training rows are of one class, 'rose'; there is nothing to learn"

    def test_sizes_that_differ(self, flowers):
        Image.new("RGB", (9, 7)).save(flowers / "rose/2.png")
        assert fault(flowers).splitlines() == [
            f"rose/2.png: is 7 × 9 pixels high and wide, and {flowers}/rose/0.png is 6 × 8".replace(f"{flowers}/", ""),
            "  say what all become, such as size: [6, 8]",
        ]
        assert load(flowers, size=[6, 8]).train.x.shape == (10, 6, 8, 3)

    def test_grey_among_colours(self, flowers):
        Image.new("L", (8, 6)).save(flowers / "tulip/1.png")
        assert fault(flowers).splitlines() == [
            "tulip/1.png: is grey, and rose/0.png has colours",
            "  say what all become: color: gray, or color: rgb",
        ]
        assert load(flowers, color="gray").train.x.shape == (10, 6, 8, 1)

    @pytest.mark.parametrize("more", [{}, {"size": [6, 8], "color": "rgb"}])
    def test_damaged_ones_are_named_or_left_out_and_named(self, flowers, more):
        whole = (flowers / "rose/1.png").read_bytes()
        (flowers / "rose/1.png").write_bytes(whole[:60])
        (flowers / "tulip/2.png").write_text("no picture")
        told = fault(flowers, **more).splitlines()
        named = [line.strip().partition(":")[0] for line in told]
        assert named == (["rose/1.png", "tulip/2.png"] if more else ["tulip/2.png"])
        data = load(flowers, skip_damaged=True, **more)
        assert (len(data.train), data.train.y.tolist()) == (8, [0] * 5 + [1] * 3)
        assert data.notes == (f"damaged pictures, left out: {flowers}/rose/1.png, {flowers}/tulip/2.png",)

    def test_of_many_damaged_ones_five_are_named(self, flowers):
        for path in flowers.rglob("*.png"):
            path.write_text("")
        lines = fault(flowers).splitlines()
        assert lines[0].startswith("rose/0.png: is no PNG or JPEG picture, or a damaged one")
        assert (len(lines), lines[-1].strip()) == (6, "and 5 more of 10 pictures")

    def test_more_than_the_memory_holds(self, flowers):
        told = "10 pictures of 16000 × 16000 × 3 take 15.4 GB while they are read, and 1.0 GB are free\n"
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("kerasrun.data.memory.free_bytes", lambda: 10**9)
            assert fault(flowers, size=[16_000, 16_000], stream=False) == told + "  or set data.stream: true"

    def test_nothing_at_all_is_told_before_anything_is_read(self, flowers):
        config = load_config({"data": {"source": "images", "path": str(flowers / "no")}, **OF_CLASSES})
        with pytest.raises(ConfigError, match="no such file or folder"):
            check_source(config)


def test_what_another_thread_has_for_a_filter_of_warnings_for_a_moment_is_not_left_behind(flowers, monkeypatch):
    """As where the backend is imported while pictures are loaded."""
    before, decoding, imported = list(warnings.filters), threading.Event(), threading.Event()

    def slowly(path, form):
        decoding.set()
        assert imported.wait(10)
        return decode(path, form)

    monkeypatch.setattr("kerasrun.data.files.decoded.decode", slowly)
    with ThreadPoolExecutor(1) as executor:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            loading = executor.submit(decode_all, sorted(flowers.rglob("*.png")), Form(6, 8, "rgb"))
            assert decoding.wait(10)
        imported.set()
        assert loading.result()[1] == {}
    assert [entry for entry in warnings.filters if entry != PILLOWS_WARNINGS] == [
        entry for entry in before if entry != PILLOWS_WARNINGS
    ]


def test_pillow_warns_of_nothing(flowers):
    header = (flowers / "rose/0.png").read_bytes()
    animation = b"\0\0\0\x08acTL" + bytes(8)  # of no frames
    animation += zlib.crc32(animation[4:]).to_bytes(4, "big")
    (flowers / "rose/0.png").write_bytes(header[:33] + animation + header[33:])
    with pytest.warns(UserWarning, match="Invalid APNG"), Image.open(flowers / "rose/0.png"):
        pass
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        assert len(load(flowers).train) == 10
    assert warned == []


def test_threads_give_the_same_rows_in_the_same_order(flowers):
    paths = sorted(flowers.rglob("*.png")) * 20  # more than one thread takes at a time
    rows, faults = decode_all(paths, Form(6, 8, "rgb"))
    assert not faults
    np.testing.assert_array_equal(rows, [pixels(path) for path in paths])
