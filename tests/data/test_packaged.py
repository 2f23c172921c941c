"""scikit-learn's tables: its own figures and names, parted as asked."""

import numpy as np
import pytest
from sklearn import datasets

from kerasrun.config import load_config
from kerasrun.data import load_data
from kerasrun.errors import ConfigError, InputError

REST = {"model": [{"Dense": 1}, {"Rescaling": 1.0}], "training": {"epochs": 1, "loss": "mse"}}
OF_CLASSES = {"iris": datasets.load_iris, "wine": datasets.load_wine, "breast_cancer": datasets.load_breast_cancer}


def load(source, **data):
    return load_data(load_config({"data": {"source": source, **data}, **REST}))


def all_rows(data):
    """The rows of all parts as a set: inputs and target."""
    pairs = [pair for rows in data.parts().values() for pair in zip(rows.x, rows.y, strict=True)]
    return sorted((*x.tolist(), *np.atleast_1d(y).tolist()) for x, y in pairs)


@pytest.mark.parametrize("source", OF_CLASSES)
class TestThoseOfClasses:
    def test_are_scikit_learns_rows_numbers_and_names(self, source):
        data, table = load(source, validation=0.25), OF_CLASSES[source]()
        x, y = table.data.astype("float32"), table.target
        assert all_rows(data) == sorted((*a.tolist(), b) for a, b in zip(x, y.tolist(), strict=True))
        assert data.classes == tuple(table.target_names)
        assert data.reading["table"]["numeric"] == list(table.feature_names)
        assert (data.train.x.dtype, data.train.y.dtype) == (np.float32, np.int32)

    def test_stratified_parts_have_the_share_of_each_class(self, source):
        data, y = load(source, test=0.2, validation=0.25, split="stratified"), OF_CLASSES[source]().target
        for part, share in (("train", 0.6), ("validation", 0.2), ("test", 0.2)):
            counts = np.bincount(data.parts()[part].y)
            assert np.abs(counts - share * np.bincount(y)).max() <= 1.0, part

    def test_columns_are_normalised_by_the_training_rows(self, source):
        spread = load(source, seed=3).steps.spreads["x"]
        train = load(source, seed=3).train.x.astype(float)
        np.testing.assert_allclose(spread.mean, train.mean(axis=0), rtol=1e-12)
        np.testing.assert_allclose(spread.variance, train.var(axis=0), rtol=1e-10)
        assert load(source, normalize=False).steps.spreads == {}

    def test_a_fifth_are_test_rows_unless_otherwise_said(self, source):
        count = len(OF_CLASSES[source]().target)
        assert len(load(source).test) == round(count / 5)
        assert load(source, test="none").test is None

    def test_labels_may_be_one_hot_and_have_other_names(self, source):
        count = len(OF_CLASSES[source]().target_names)
        names = [f"class {'ABC'[index]}" for index in range(count)]
        data, plain = load(source, one_hot=True, class_names=names), load(source)
        np.testing.assert_array_equal(data.train.y, np.eye(count)[plain.train.y])
        assert data.classes == tuple(names)


def test_diabetes_has_the_figures_as_they_were_measured():
    data, table = load("diabetes"), datasets.load_diabetes(scaled=False)
    expected = sorted((*a.tolist(), b) for a, b in zip(table.data.astype("float32"), table.target, strict=True))
    assert all_rows(data) == expected
    assert data.classes is None
    assert data.train.y.shape == (354, 1)
    assert data.reading["table"]["numeric"] == ["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"]


def test_the_seed_draws_other_rows_and_the_same_again():
    one, again, other = (load("iris", seed=seed).test.x for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)


def test_ordered_takes_the_last_rows():
    test = load("diabetes", split="ordered", test=0.1).test
    np.testing.assert_array_equal(test.y[:, 0], datasets.load_diabetes().target[-44:])


def test_a_class_that_no_training_row_has_is_named_with_its_row():
    """The irises stand one species after the other."""
    with pytest.raises(InputError, match=r"iris, row 101: the class 'virginica' stands in no training row; 50 rows"):
        load("iris", split="ordered", test=1 / 3)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"source": "iris", "class_names": ["a", "b"]}, "there are 3 classes, and class_names has 2 names"),
        ({"source": "iris", "test": "none", "validation": "test"}, "this data has no test rows to validate on"),
        ({"source": "iris", "test": "rows.csv"}, "test must be a number, got 'rows.csv'"),
        ({"source": "diabetes", "split": "stratified"}, "split must be random or ordered, got 'stratified'"),
        ({"source": "diabetes", "one_hot": True}, "unknown key 'one_hot' in data"),
    ],
)
def test_what_does_not_fit_a_table_is_refused(data, message):
    with pytest.raises(ConfigError) as error:
        load_config({"data": data, **REST})
    assert message in str(error.value)
