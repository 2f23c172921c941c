"""Trees → what differs. The expected differences are worked out by hand."""

import json

import pytest

from kerasrun.config.compare import MISSING, Difference, align, config_differences, differences

RELU = {"Activation": "relu"}


def dense(units, **more):
    return {"Dense": {"units": units}, **more}


def told(a, b):
    """Each difference as (path, a, b)."""
    return [(".".join(map(str, d.path)), *d.values) for d in differences((a, b), ("model",))]


class TestSettings:
    def test_the_same_tree_has_none(self):
        tree = {"a": [1, {"b": 2}], "c": None}
        assert list(differences((tree, json.loads(json.dumps(tree))))) == []

    def test_the_order_of_keys_does_not_count(self):
        assert list(differences(({"a": 1, "b": {"c": 2, "d": 3}}, {"b": {"d": 3, "c": 2}, "a": 1}))) == []

    @pytest.mark.parametrize(("a", "b"), [(1, 1.0), (0.001, 1e-3), (float("nan"), float("nan")), ([1], [1.0])])
    def test_equal_numbers_are_the_same_however_they_are_written(self, a, b):
        assert list(differences(({"x": a}, {"x": b}))) == []

    @pytest.mark.parametrize(("a", "b"), [(1, True), (1, "1"), (0.1, 0.2), (None, 0), ([1, 2], [2, 1]), ("a", ["a"])])
    def test_what_is_not_equal_differs_as_a_whole(self, a, b):
        assert list(differences(({"x": a}, {"x": b}))) == [Difference(("x",), (a, b))]

    def test_a_key_of_one_side_alone(self):
        assert list(differences(({"x": 1}, {"y": 2}))) == [Difference((), ({"x": 1}, {"y": 2}))]
        found = list(differences(({"x": 1, "z": 0}, {"y": 2, "z": 0})))
        assert found == [Difference(("y",), (MISSING, 2)), Difference(("x",), (1, MISSING))]

    def test_but_null_is_as_good_as_not_given(self):
        assert list(differences(({"x": 1, "y": None}, {"x": 1}))) == []

    def test_an_object_of_another_class_is_another_object(self):
        a, b = {"SGD": {"learning_rate": 0.1}}, {"Adam": {"learning_rate": 0.1}}
        assert list(differences(({"o": a, "p": 1}, {"o": b, "p": 1}))) == [Difference(("o",), (a, b))]


class TestLayers:
    def test_an_inserted_layer_is_one_difference(self):
        a = [dense(256), RELU, dense(100), RELU, dense(10)]
        b = [dense(256), RELU, dense(100), RELU, dense(50), dense(10)]
        assert told(a, b) == [("model.4", MISSING, dense(50))]

    def test_at_the_beginning_too(self):
        assert told([dense(8), dense(1)], ["Flatten", dense(8), dense(1)]) == [("model.0", MISSING, "Flatten")]

    def test_a_removed_layer_stands_where_it_stood(self):
        assert told([dense(8), {"Dropout": {"rate": 0.2}}, dense(1)], [dense(8), dense(1)]) == [
            ("model.1", {"Dropout": {"rate": 0.2}}, MISSING)
        ]

    def test_a_changed_argument_after_an_inserted_layer_is_told_alone(self):
        a, b = [dense(8), RELU, dense(1)], ["Flatten", dense(8), RELU, dense(2)]
        assert told(a, b) == [("model.0", MISSING, "Flatten"), ("model.3.Dense.units", 1, 2)]

    def test_a_layer_of_another_class_takes_the_place_of_one(self):
        dropout, norm = {"Dropout": {"rate": 0.2}}, {"BatchNormalization": {"momentum": 0.9}}
        assert told([dense(8), dropout, dense(1)], [dense(8), norm, dense(1)]) == [("model.1", dropout, norm)]

    def test_layers_are_known_by_their_names(self):
        a = [dense(5, name="first"), dense(6, name="second")]
        assert told(a, [dense(7, name="second")]) == [
            ("model.0", dense(5, name="first"), MISSING),
            ("model.0.Dense.units", 6, 7),
        ]

    def test_a_new_name_is_a_changed_name(self):
        assert told([dense(5, name="a"), RELU], [dense(5, name="b"), RELU]) == [("model.0.name", "a", "b")]

    def test_plain_lists_differ_as_a_whole(self):
        assert told(["accuracy"], ["accuracy", "mae"]) == [("model", ["accuracy"], ["accuracy", "mae"])]

    def test_a_list_of_layers_compares_with_a_graphs(self):
        a = {"model": [dense(5), dense(1)]}
        b = {"model": {"inputs": {"x": [3]}, "layers": [dense(5), dense(2)]}}
        assert config_differences((a, b)) == [
            Difference(("model", "inputs"), (MISSING, {"x": [3]})),
            Difference(("model", "layers", 1, "Dense", "units"), (1, 2)),
        ]

    def test_thousands_of_layers_take_no_minutes(self):
        many = [dense(5)] * 20_000
        assert align(many, [RELU, *many])[0][1] == 0


class TestSeveral:
    def test_a_value_for_each_where_not_all_are_the_same(self):
        trees = ({"x": 1, "y": 2}, {"x": 1, "y": 2}, {"x": 1, "y": 3}, {"x": 1})
        assert list(differences(trees)) == [Difference(("y",), (2, 2, 3, MISSING))]

    def test_a_layer_that_some_have_is_one_difference_with_its_place_in_the_last_that_has_it(self):
        norm = "BatchNormalization"
        trees = ([dense(8), dense(1)], [norm, dense(8), RELU, dense(1)], [dense(8), RELU, dense(2)])
        assert list(differences(trees, ("model",))) == [
            Difference(("model", 0), (MISSING, norm, MISSING)),
            Difference(("model", 1), (MISSING, RELU, RELU)),
            Difference(("model", 2, "Dense", "units"), (1, 1, 2)),
        ]

    def test_a_layer_of_other_arguments_and_one_that_is_not_there_are_told_whole(self):
        trees = ([dense(8), dense(1)], [dense(8), {"Dropout": {"rate": 0.1}}, dense(1)])
        trees += ([dense(8), {"Dropout": {"rate": 0.2}}, dense(1)],)
        assert list(differences(trees)) == [
            Difference((1,), (MISSING, {"Dropout": {"rate": 0.1}}, {"Dropout": {"rate": 0.2}}))
        ]

    def test_objects_of_three_classes(self):
        trees = [{"o": {name: {"learning_rate": 0.1}}, "p": 1} for name in ("SGD", "SGD", "Adam")]
        assert list(differences(trees)) == [Difference(("o",), tuple(tree["o"] for tree in trees))]

    def test_a_list_of_layers_among_graphs(self):
        trees = [{"model": [dense(5)]}, {"model": {"layers": [dense(5)]}}, {"model": {"layers": [dense(6)]}}]
        assert config_differences(trees) == [Difference(("model", "layers", 0, "Dense", "units"), (5, 5, 6))]
