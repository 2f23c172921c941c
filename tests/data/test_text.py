"""Folders and tables of texts: their words as they are, parted as asked; what is wrong is named."""

import csv

import numpy as np
import pytest

from kerasrun.config import load_config
from kerasrun.data import load_data
from kerasrun.errors import ConfigError

SIGMOID = [{"Dense": {"units": 1, "activation": "sigmoid"}}]
REST = {"model": SIGMOID, "training": {"epochs": 1, "loss": "binary_crossentropy"}}
NUMBERS = {"model": [{"Dense": 1}], "training": {"epochs": 1, "loss": "mse"}}


def load(path, rest=REST, **data):
    return load_data(load_config({"data": {"source": "text", "path": str(path), **data}, **rest}))


def fault(path, rest=REST, **data):
    """What is told of data that is at fault, without its place in the config."""
    with pytest.raises(ConfigError) as error:
        load(path, rest, **data)
    return str(error.value).removeprefix("data.path: ").replace(f"{path}/", "")


@pytest.fixture
def reviews(tmp_path):
    """Twenty reviews of 1 to 20 words, half of them good."""
    for number in range(20):
        folder = tmp_path / "reviews" / ("bad", "good")[number % 2]
        folder.mkdir(parents=True, exist_ok=True)
        words = ["Très mauvais.", "Très bon!"][number % 2] + " mot" * (number - 1)
        (folder / f"{number:02}.txt").write_text(words if number else "Mauvais", encoding="utf-8")
    return tmp_path / "reviews"


@pytest.fixture
def table(tmp_path):
    """Texts with commas, quotes and lines of their own, in a table."""
    rows = [
        ["a, b", "yes", 1, "x"],
        ['she said "no"', "no", 0, "x"],
        ["two\nlines", "yes", 1, "y"],
        ["é", "no", 0, "y"],
    ]
    with (tmp_path / "reviews.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["review", "liked", "stars", "author"], *rows])
    return tmp_path / "reviews.csv"


class TestAFolderForEachClass:
    def test_gives_each_text_and_its_class_by_the_alphabet(self, reviews):
        data = load(reviews)
        paths = [*sorted((reviews / "bad").iterdir()), *sorted((reviews / "good").iterdir())]
        assert data.train.x.tolist() == [path.read_text(encoding="utf-8") for path in paths]
        assert (data.train.y.tolist(), data.classes) == ([0] * 10 + [1] * 10, ("bad", "good"))

    def test_other_files_and_texts_without_a_word_are_told(self, reviews):
        (reviews / "bad" / "notes.md").write_text("")
        (reviews / "good" / "98.txt").write_text(" \n")
        (reviews / "good" / "99.txt").write_text("?! ...\n")
        named = f"{reviews}/good/98.txt, {reviews}/good/99.txt"
        assert load(reviews).notes[:2] == (
            "no texts, left out: bad/notes.md",
            f"texts without a word, read as one unknown word: {named}",
        )
        counted = load(reviews, tokens={"output_mode": "count", "standardize": "lower"})
        assert counted.notes[1] == f"texts without a word: {reviews}/good/98.txt"

    def test_a_byte_that_is_no_utf_8_is_named_with_its_place(self, reviews):
        (reviews / "good" / "03.txt").write_bytes("Assez bon\nTrès".encode("latin-1"))
        told = "good/03.txt: is no text in UTF-8: the byte 0xe8 in line 2, byte 3; save it again as UTF-8"
        assert fault(reviews) == told

    def test_a_mark_before_the_text_is_no_part_of_it(self, reviews):
        (reviews / "bad" / "00.txt").write_bytes(b"\xef\xbb\xbfMauvais")
        assert load(reviews).train.x[0] == "Mauvais"


class TestATable:
    def test_keeps_commas_quotes_and_lines(self, table):
        data = load(table, text="review", target="liked")
        assert data.train.x.tolist() == ["a, b", 'she said "no"', "two\nlines", "é"]
        assert (data.train.y.tolist(), data.classes) == ([1, 0, 1, 0], ("no", "yes"))

    def test_of_whole_numbers_has_classes_or_numbers_by_the_loss(self, table):
        assert load(table, text="review", target="stars").classes == ("0", "1")
        numbers = load(table, NUMBERS, text="review", target="stars")
        assert (numbers.train.y.tolist(), numbers.classes) == ([[1], [0], [1], [0]], None)

    @pytest.mark.parametrize(
        ("class_names", "classes", "y"),
        [(["bad", "good"], ("bad", "good"), [1, 0, 1, 0]), (["1", "0"], ("1", "0"), [0, 1, 0, 1])],
    )
    def test_of_whole_numbers_has_the_names_that_are_given(self, table, class_names, classes, y):
        data = load(table, text="review", target="stars", class_names=class_names)
        assert (data.classes, data.train.y.tolist()) == (classes, y)

    def test_is_parted_by_time_as_numbers_are_ordered(self, tmp_path):
        table = tmp_path / "dated.csv"
        table.write_text("text,liked,day\n" + "".join(f"word {day},{day % 2},{day}\n" for day in range(1, 13)))
        data = load(table, text="text", target="liked", test=0.25, split={"time": "day"})
        assert data.test.x.tolist() == ["word 10", "word 11", "word 12"]
        table.write_text("text,liked,day\none,0,31.12.2020\ntwo,1,01.01.2021\n")
        assert fault(table, text="text", target="liked", test=0.25, split={"time": "day"}).startswith(
            f"{table}: line 2: the column 'day' holds '31.12.2020'; times are numbers, or dates written as 2026-11-28"
        )

    def test_stands_beside_tables_alone(self, table, reviews):
        told = f"{reviews}: is a folder, and data.path a table; test needs the same kind of place"
        assert fault(table, text="review", target="liked", test=str(reviews)) == told

    def test_targets_of_all_parts_are_of_one_kind(self, table, tmp_path):
        (tmp_path / "test.csv").write_text("review,liked\none,1.5\ntwo,2\n")
        told = f"{tmp_path}/test.csv: line 2: the targets of test are numbers, and those of path names of classes"
        assert fault(table, NUMBERS, text="review", target="liked", test=str(tmp_path / "test.csv")) == told

    def test_each_row_needs_a_group(self, table):
        table.write_text(table.read_text() + "more,yes,1,\n")
        assert fault(table, text="review", target="liked", test=0.5, split={"grouped": "author"}) == (
            f"{table}: line 7: the column 'author' has no value; each row needs one to be parted by"
        )

    def test_is_parted_by_a_column(self, table):
        data = load(table, text="review", target="liked", test=0.5, split={"grouped": "author"})
        assert sorted(data.test.x) in (["a, b", 'she said "no"'], ["two\nlines", "é"])

    @pytest.mark.parametrize(
        ("more", "told"),
        [
            ({"test": 2}, "data.test: test must be less than 1 or a word, got 2"),
            ({"texts": "review"}, "data.texts: unknown key 'texts' in data\n  did you mean 'text'?"),
        ],
    )
    def test_a_setting_at_fault_is_named_by_itself(self, table, more, told):
        assert fault(table, text="review", target="liked", **more) == told

    def test_a_row_without_text_is_named(self, table):
        table.write_text(table.read_text() + ",yes,1,z\n")
        told = f"{table}: line 7: the column 'review' has no value; fill it in, or leave such rows out"
        assert fault(table, text="review", target="liked") == told

    def test_a_file_of_another_encoding_is_named_with_the_place(self, table):
        table.write_bytes("review,liked\nça,yes\n".encode("latin-1"))
        told = f"{table}: line 2: the byte 0xe7 is no UTF-8; save it as UTF-8"
        assert fault(table, text="review", target="liked") == told


class TestTokens:
    def test_are_keras_arguments_with_20000_words_at_most(self, reviews):
        steps = load(reviews, tokens={"output_sequence_length": 7}).steps
        assert steps.text == {
            "max_tokens": 20_000,
            "standardize": "lower_and_strip_punctuation",
            "split": "whitespace",
            "ngrams": None,
            "output_mode": "int",
            "output_sequence_length": 7,
        }

    def test_the_length_is_that_of_95_of_100_training_texts(self, reviews):
        data = load(reviews)
        lengths = sorted(len(path.read_text(encoding="utf-8").split()) for path in reviews.rglob("*.txt"))
        assert data.steps.text["output_sequence_length"] == lengths[18] == 19  # 19 of 20 have no more
        assert data.notes == (
            "tokens.output_sequence_length: each text is read as 19 words; 1 of 20 training texts are longer, and lose "
            "their end",
        )

    def test_of_signs_they_are_counted(self, reviews):
        text = load(reviews, tokens={"split": "character"}).steps.text
        lengths = [len(path.read_text(encoding="utf-8")) for path in reviews.rglob("*.txt")]
        assert text["output_sequence_length"] == np.sort(lengths)[18]

    def test_counts_have_no_length(self, reviews):
        assert load(reviews, tokens={"output_mode": "tf_idf"}).steps.text["output_sequence_length"] is None

    @pytest.mark.parametrize(
        ("tokens", "told"),
        [
            ({"max_token": 9}, "unknown key 'max_token' in data.tokens\n  did you mean 'max_tokens'?"),
            (
                {"output_mode": "binary"},
                "tokens.output_mode must be int, multi_hot, count or tf_idf, got 'binary'",
            ),
            ({"ngrams": 2}, "with ngrams give output_sequence_length: how many of them a text has"),
            (
                {"output_mode": "count", "output_sequence_length": 3},
                "output_sequence_length goes with output_mode: int",
            ),
            ({"split": None}, "tokens.split must be whitespace or character, got nothing"),
            (
                {"output_mode": "tf_idf", "vocabulary": ["a"]},
                "data.tokens: tf_idf learns the weights of its words, so they cannot be given",
            ),
            ({"vocabulary": ["a", "b", "a"]}, "vocabulary has a word twice"),
            ({"vocabulary": ["a", ""]}, "vocabulary holds '', which stands for words not in it"),
            (
                {"vocabulary": ["a", "b", "c"], "max_tokens": 4},
                "vocabulary has 3 words, and max_tokens leaves room for 2; raise it, or write null",
            ),
        ],
    )
    def test_faults(self, reviews, tokens, told):
        assert told in fault(reviews, tokens=tokens)
