"""Pictures become rows: what each kind of file holds, against arrays made by hand."""

import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from kerasrun.data.files.folders import PICTURES, FoundFile, find_files
from kerasrun.data.files.pictures import Target, read_picture, read_pictures
from kerasrun.errors import InputError

GREY = Target((4, 4), 255.0)
COLOUR = Target((4, 4, 3), 1.0)


def saved(tmp_path, picture, name="a.png", **more):
    picture.save(tmp_path / name, **more)
    return tmp_path / name


def grey(values):
    return Image.fromarray(np.asarray(values, np.uint8))


@pytest.fixture
def values():
    return np.random.default_rng(0).integers(0, 256, (4, 4)).astype(np.uint8)


class TestValues:
    def test_of_grey_are_those_of_the_file(self, tmp_path, values):
        found = read_picture(saved(tmp_path, grey(values)), GREY)
        assert found.dtype == np.float32
        np.testing.assert_array_equal(found, values)

    def test_have_the_range_of_the_model(self, tmp_path, values):
        found = read_picture(saved(tmp_path, grey(values)), Target((4, 4, 1), 16.0))
        np.testing.assert_allclose(found[..., 0], values / 255 * 16, rtol=1e-6)

    def test_are_inverted_where_asked_alone(self, tmp_path, values):
        found = read_picture(saved(tmp_path, grey(values)), Target((4, 4), 255.0, invert=True))
        np.testing.assert_allclose(found, 255.0 - values, atol=1e-4)

    def test_of_sixteen_bits_keep_them(self, tmp_path):
        deep = np.array([[0, 65535], [32768, 257]], np.uint16)
        found = read_picture(saved(tmp_path, Image.fromarray(deep)), Target((2, 2), 1.0))
        np.testing.assert_allclose(found, deep / 65535, atol=1e-6)

    def test_of_one_bit_are_black_and_white(self, tmp_path):
        picture = Image.fromarray(np.array([[True, False], [False, True]]))
        np.testing.assert_array_equal(read_picture(saved(tmp_path, picture), Target((2, 2), 1.0)), [[1, 0], [0, 1]])

    def test_of_a_palette_are_its_colours(self, tmp_path):
        picture = Image.fromarray(np.full((4, 4, 3), (255, 0, 51), np.uint8)).convert("P")
        picture.putpalette([255, 0, 51] * 256)
        np.testing.assert_allclose(read_picture(saved(tmp_path, picture), COLOUR)[0, 0], [1, 0, 0.2], atol=1e-6)


class TestColours:
    def test_become_grey_by_the_luma_of_itu_r_601(self, tmp_path):
        colours = np.random.default_rng(0).integers(0, 256, (4, 4, 3)).astype(np.uint8)
        found = read_picture(saved(tmp_path, Image.fromarray(colours)), GREY)
        np.testing.assert_allclose(found, colours @ [0.299, 0.587, 0.114], atol=0.51)

    def test_grey_becomes_three_equal_ones(self, tmp_path, values):
        found = read_picture(saved(tmp_path, grey(values)), COLOUR)
        np.testing.assert_allclose(found, np.repeat(values[..., None] / 255, 3, axis=2), rtol=1e-6)

    def test_what_is_transparent_lies_on_white(self, tmp_path):
        picture = np.zeros((4, 4, 4), np.uint8)
        picture[:2, :, 3] = 255  # black above, nothing below
        found = read_picture(saved(tmp_path, Image.fromarray(picture)), GREY)
        np.testing.assert_array_equal(found, np.repeat([0, 0, 255, 255], 4).reshape(4, 4))

    def test_a_model_that_reads_four_channels_gets_them(self, tmp_path):
        picture = np.random.default_rng(0).integers(0, 256, (4, 4, 4)).astype(np.uint8)
        path = saved(tmp_path, Image.fromarray(picture))
        np.testing.assert_array_equal(read_picture(path, Target((4, 4, 4), 255.0)), picture)
        inverted = read_picture(path, Target((4, 4, 4), 255.0, invert=True))
        np.testing.assert_allclose(inverted[..., :3], 255.0 - picture[..., :3], atol=1e-4)
        np.testing.assert_array_equal(inverted[..., 3], picture[..., 3])

    def test_a_jpeg_is_read_too(self, tmp_path):
        found = read_picture(saved(tmp_path, grey(np.full((16, 16), 200)), "a.JPG", format="JPEG"), GREY)
        np.testing.assert_allclose(found, 200, atol=1)


class TestShape:
    def test_a_larger_picture_is_averaged_not_sampled(self, tmp_path):
        stripes = np.tile([0, 255], (64, 32))
        np.testing.assert_allclose(read_picture(saved(tmp_path, grey(stripes)), GREY), 127.5, atol=4)

    def test_one_of_another_shape_is_stretched(self, tmp_path):
        halves = np.repeat([[0, 255]], 30, axis=0).repeat(40, axis=1)  # 30 high, 80 wide
        found = read_picture(saved(tmp_path, grey(halves)), Target((6, 4), 255.0))
        assert found.shape == (6, 4)
        np.testing.assert_allclose(found[:, [0, 3]], [[0, 255]] * 6, atol=1)

    def test_a_camera_that_was_turned_is_heeded(self, tmp_path):
        upright = np.zeros((4, 4), np.uint8)
        upright[0] = 255  # light above
        exif = Image.Exif()
        exif[0x0112] = 6  # turn by 90 degrees clockwise to see it upright
        lying = grey(np.rot90(upright))
        np.testing.assert_array_equal(read_picture(saved(tmp_path, lying, exif=exif), GREY), upright)

    def test_what_makes_no_sense_there_is_not(self, tmp_path):
        pixels = np.arange(16).reshape(4, 4)
        for entries in (struct.pack("<HHHI4s", 1, 0x0112, 2, 4, b"6\0\0\0"), struct.pack("<HHH", 9, 0x0112, 3)):
            path = saved(tmp_path, grey(pixels), exif=b"II*\0" + struct.pack("<I", 8) + entries)
            np.testing.assert_array_equal(read_picture(path, GREY), pixels)


class TestFolders:
    def make(self, tmp_path, *names):
        for name in names:
            (tmp_path / name).parent.mkdir(exist_ok=True)
            grey(np.zeros((2, 2))).save(tmp_path / name, format="PNG")

    def test_hold_pictures_by_name_and_those_of_folders_inside(self, tmp_path):
        self.make(tmp_path, "b.png", "a.jpeg", "cat/2.png", "cat/1.png", "ant/1.PNG")
        (tmp_path / "notes.txt").write_text("")
        (tmp_path / ".hidden.png").write_text("")
        files, others = find_files([tmp_path], PICTURES, "picture")
        assert [file.name for file in files] == ["a.jpeg", "b.png", "ant/1.PNG", "cat/1.png", "cat/2.png"]
        assert [file.folder for file in files] == ["", "", "ant", "cat", "cat"]
        assert others == ["notes.txt"]

    def test_one_without_a_picture_is_told(self, tmp_path):
        with pytest.raises(InputError, match="no picture lies in this folder"):
            find_files([tmp_path], PICTURES, "picture")

    def test_one_whose_last_chunk_is_cut_short_is_damaged(self, tmp_path):
        self.make(tmp_path, "a.png")
        whole, chunk = (tmp_path / "a.png").read_bytes(), b"iCCP"  # a profile of colours, with nothing in it
        end = whole.index(b"IEND") - 4
        cut = bytes(4) + chunk + zlib.crc32(chunk).to_bytes(4, "big")
        (tmp_path / "a.png").write_bytes(whole[:end] + cut + whole[end:])
        with pytest.raises(InputError) as error:
            read_picture(tmp_path / "a.png", GREY)
        told = "is no PNG or JPEG picture, or a damaged one (index out of range)"
        assert str(error.value) == f"{tmp_path}/a.png: {told}"

    def test_a_damaged_one_among_many_is_named(self, tmp_path):
        self.make(tmp_path, *(f"{number}.png" for number in range(20)))
        (tmp_path / "7.png").write_bytes(b"no picture")
        whole = (tmp_path / "8.png").read_bytes()
        (tmp_path / "8.png").write_bytes(whole[: len(whole) // 2])
        with pytest.raises(InputError) as error:
            read_pictures(find_files([tmp_path], PICTURES, "picture")[0], GREY)
        lines = str(error.value).splitlines()
        assert len(lines) == 2
        assert lines[0].startswith(f"{tmp_path}/7.png: is no PNG or JPEG picture, or a damaged one")
        assert lines[1].startswith(f"{tmp_path}/8.png: is no PNG or JPEG picture, or a damaged one")

    def test_of_many_damaged_ones_five_are_named(self, tmp_path):
        files = [FoundFile(tmp_path / f"{number}.png", "") for number in range(9)]
        with pytest.raises(InputError) as error:
            read_pictures(files, GREY)
        lines = str(error.value).splitlines()
        assert lines[0] == f"{tmp_path}/0.png: no such file"
        assert lines[5] == "and 4 more of 9 pictures"


class TestHostileFiles:
    def test_far_too_many_pixels_are_refused_before_they_are_decoded(self, tmp_path):
        def chunk(kind, content):
            return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")

        for size in (20_000, 60_000):
            header = size.to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0])
            bomb = (
                b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
            )
            (tmp_path / "bomb.png").write_bytes(bomb)
            with pytest.raises(InputError, match=r"bomb\.png: has .*pixels"):
                read_picture(tmp_path / "bomb.png", GREY)

    def test_another_kind_of_picture_under_the_name_of_a_png_is_refused(self, tmp_path):
        grey(np.zeros((2, 2))).save(tmp_path / "a.png", format="BMP")
        with pytest.raises(InputError, match="is no PNG or JPEG picture"):
            read_picture(tmp_path / "a.png", GREY)
