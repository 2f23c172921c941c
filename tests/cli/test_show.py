"""`kerasrun show`, as a person meets it: what it prints of classes, kinds, sections and settings."""

import json
import re

import pytest

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

DROPOUT = """\
Dropout: a layer of Keras KERAS (dropout and noise)
Applies dropout to the input.

Arguments
  rate                  required  Fraction of the input units to drop. May be
                                  written alone, without its name. Takes a
                                  number (at least 0 and less than 1).
  noise_shape           null      1D integer tensor representing the shape of
                                  the binary dropout mask that will be
                                  multiplied with the input.
  seed                  null      Seed of its random numbers.
  activity_regularizer  null      Regularizer applied to the output of the
                                  layer.
  trainable             true      Whether training changes the weights.
  dtype                 null      The dtype of the layer's computations and
                                  weights.
  autocast              true      Whether inputs of another floating-point type
                                  are cast to the layer's own.

Beside it, as beside every layer: name, from, reuse (kerasrun show model.layers)

Example
  model:
    - Dropout: 0.2
"""


def show(called, *args):
    done = called("show", *args)
    assert (done.returncode, done.stderr) == (0, "")
    assert not CONTROL.search(done.stdout)
    assert all(len(line) <= 80 for line in done.stdout.splitlines())
    assert "  \n" not in done.stdout
    return re.sub(r"Keras \d[\w.]*", "Keras KERAS", done.stdout)


class TestClasses:
    def test_a_layer_with_its_arguments_and_an_example(self, called):
        assert show(called, "Dropout") == DROPOUT

    def test_another_name_leads_to_the_class(self, called):
        assert show(called, "adam").startswith(
            "Adam: an optimizer of Keras KERAS\nOptimizer that implements the Adam algorithm.\nAlso written adam.\n"
        )

    @pytest.mark.parametrize("name", ["dropout", "DROPOUT", "layers.Dropout", "layers.dropout"])
    def test_capitals_do_not_matter_where_nothing_else_has_the_name(self, called, name):
        assert show(called, name) == DROPOUT

    def test_a_name_of_several_kinds_shows_all_or_the_one_of_a_kind(self, called):
        both = show(called, "Hinge")
        assert both.count("Hinge: a ") == 2
        assert "Hinge: a loss of" in both
        assert "Hinge: a metric of" in both
        one = show(called, "metrics.Hinge")
        assert one.startswith("Hinge: a metric of")
        assert one.count("Hinge: a ") == 1

    def test_an_activation_is_a_name_alone(self, called):
        assert show(called, "relu") == (
            "relu: an activation, written by its name alone\n"
            "Applies the rectified linear unit activation function.\n"
            "\nExample\n  model:\n    - Dense: {units: 64, activation: relu}\n"
        )

    def test_a_refused_class_says_why(self, kerasrun):
        assert show(kerasrun, "Lambda") == (
            "Lambda: a layer of Keras that a config cannot hold: it needs a Python function,\n"
            "which a config cannot hold; use --import with a class of your own.\n"
        )

    def test_a_long_name_pushes_nothing_out_of_its_column(self, called):
        lines = show(called, "Ftrl").splitlines()
        long = next(index for index, line in enumerate(lines) if "l2_shrinkage" in line)
        assert lines[long] == "  l2_shrinkage_regularization_strength  0.0"
        assert lines[long + 1].strip() == "Strength of an L2 penalty on large weights"

    def test_our_own_argument_of_a_callback_is_there(self, called):
        assert re.search(r"every_epochs +Acts at every so many epochs alone\.", show(called, "ModelCheckpoint"))

    def test_a_class_of_ones_own(self, kerasrun, write):
        write(
            "import keras\n\n\nclass Swirl(keras.layers.Layer):\n"
            '    """Turns every row a little.\n\n    Args:\n        angle: Float. How far, in radians.\n    """\n\n'
            "    def __init__(self, angle, often=2, **kwargs):\n        raise SystemExit('read, not run')\n",
            "own.py",
        )
        text = show(kerasrun, "Swirl", "--import", "own.py")
        assert text.startswith("Swirl: a layer of your own\nTurns every row a little.\n")
        assert re.search(r"  angle +required +How far, in radians\. May be written alone", text)
        assert re.search(r"  often +2\n", text)
        assert text.endswith("Example\n  model:\n    - Swirl: …\n")
        listed = show(kerasrun, "layers", "--import", "own.py")
        assert re.search(r"\nyour own\n  Swirl +Turns every row a little\.\n", listed)

    def test_a_name_too_long_for_its_column_stands_alone(self, kerasrun, write):
        write(f"import keras\nclass {'A' * 70}(keras.layers.Layer): pass\n", "own.py")
        assert f"  {'A' * 70}\n" in show(kerasrun, "layers", "--import", "own.py")


class TestKinds:
    def test_without_a_word_it_tells_what_there_is(self, called):
        text = show(called)
        kinds = re.findall(r"^  (\w+) +(\d+)   (.+)$", text, re.MULTILINE)
        assert [name for name, _, _ in kinds] == [
            *("layers", "optimizers", "schedules", "losses", "metrics"),
            *("initializers", "regularizers", "constraints", "callbacks", "activations"),
        ]
        assert kinds[0][2] == "Dense, Conv2D, LSTM, Dropout, Flatten"
        assert all(int(count) >= 4 for _, count, _ in kinds)
        assert re.search(r"^  training +How long, in which batches", text, re.MULTILINE)
        assert "    - Dense: {units: 64, activation: relu}\n" in text

    def test_one_of_a_kind_leads_to_the_kind(self, called):
        assert show(called, "callback") == show(called, "callbacks")

    def test_layers_are_listed_in_groups_the_core_first(self, called):
        text = show(called, "layers")
        groups = re.findall(r"^(\w[\w .]+)\n  \w", text, re.MULTILINE)
        assert groups[0] == "core"
        assert {"attention", "convolutional", "pooling", "recurrent", "normalization"} <= set(groups)
        assert groups.index("networks of keras.applications") == len(groups) - 2  # `Example` is last
        assert re.search(r"^  Dense +Just your regular densely-connected NN layer\.$", text, re.MULTILINE)
        assert "Refused, and `kerasrun show NAME` says why: Lambda, " in text

    @pytest.mark.parametrize(
        ("kind", "member", "text"),
        [
            ("optimizers", "SGD", "Gradient descent (with momentum) optimizer."),
            ("schedules", "CosineDecay", "A `LearningRateSchedule` that uses a cosine decay"),
            ("losses", "crossentropy", "The cross-entropy that fits the targets"),
            ("metrics", "accuracy", "The accuracy that fits the loss"),
            ("initializers", "HeNormal", "He normal initializer."),
            ("regularizers", "L2", "A regularizer that applies a L2"),
            ("constraints", "NonNeg", "Constrains the weights to be non-negative."),
            ("callbacks", "EarlyStopping", "Stop training when a monitored metric"),
            ("activations", "gelu", "Gaussian error linear unit (GELU) activation function."),
            ("sources", "digits", "scikit-learn's 1,797 handwritten digits"),
        ],
    )
    def test_each_kind_lists_its_members_with_a_line(self, called, kind, member, text):
        assert re.search(rf"^  {member} +{re.escape(text)}", show(called, kind), re.MULTILINE)


class TestSections:
    def test_a_setting_with_what_it_takes_and_its_default(self, called):
        expected = "training.batch_size\nRows a step.\n\ntakes    a whole number (at least 1)\ndefault  32\n"
        assert show(called, "training.batch_size") == expected
        assert show(called, "batch_size") == expected

    def test_a_setting_of_several_sources_is_told_for_each_that_differs(self, called):
        paths = show(called, "data.path")
        for told in (
            "data.mnist.path\nThe mnist.npz; null for $KERASRUN_DATA_DIR, Keras's cache, or a download.\n\n"
            "takes    a path, or null\ndefault  null\n",
            "data.npz.path\nAn .npz file, or a folder of .npy files, from the config's folder.\n\n"
            "takes    a path\nrequired\n",
            "data.images.path\nA folder with a folder for each class, or a .csv or .tsv with a line of names.\n",
        ):
            assert told in paths
        assert show(called, "data.flatten").count("takes") == 1

        several = show(called, "num_samples")
        told = ["data.num_samples", "data.sine.num_samples", "data.csv.num_samples"]
        assert sorted(re.findall(r"^(data\S*)$", several, re.MULTILINE)) == sorted(told)

    def test_an_argument_of_a_class(self, called):
        assert show(called, "Adam.learning_rate") == (
            "Adam.learning_rate\nThe learning rate: a number or a schedule.\n\n"
            "takes    a number (more than 0), or a learning-rate schedule\ndefault  0.001\n"
        )

    def test_a_section_lists_its_settings(self, called):
        text = show(called, "output")
        assert text == (
            "output: a section of a config\n"
            "What a run writes beside its record.\n"
            "\n"
            "Settings\n"
            "  save                    default [model]\n"
            "      What to save at the end; inference_model is without optimizer, loss and\n"
            "      metrics. Takes a list of model, inference_model, weights.\n"
            "  plots                   default [png]\n"
            "      The pictures' formats; an empty list for none. Takes a list of png, svg,\n"
            "      pdf.\n"
            "  report                  default true\n"
            "      Whether to write report.html, a page of the run that needs nothing else.\n"
            "      Takes true or false.\n"
            "  checkpoint_every_s      default auto\n"
            "      Seconds between two checkpoints; 0 for as often as can be. Takes a number\n"
            "      (at least 0), or auto.\n"
            "\n"
            "Example\n"
            "  output:\n"
            "    save: [model, weights]\n"
            "    plots: [png, pdf]\n"
        )

    @pytest.mark.parametrize("name", ["data.sine", "sine"])
    def test_a_source_lists_its_settings(self, called, name):
        text = show(called, name)
        assert text.startswith("data.sine\nPoints of the sine, evenly spaced, with noise if you like.\n")
        assert re.findall(r"^  (\w+) +(?:default|required)", text, re.MULTILINE) == [
            *("source", "validation", "shuffle", "start", "stop", "num_samples", "noise", "seed")
        ]

    @pytest.mark.parametrize("name", ["data", "model", "model.layers", "model.inputs", "training", "data.npz"])
    def test_each_section_has_an_example(self, called, name):
        assert "\nExample\n  " in show(called, name)


class TestJson:
    def test_an_entry(self, called):
        (topic,) = json.loads(called("show", "Dropout", "--json").stdout)
        assert (topic["name"], topic["kind"], topic["first_argument"]) == ("Dropout", "layers", "rate")
        assert topic["arguments"][0] == {
            "name": "rate",
            "required": True,
            "default": "",
            "text": "Fraction of the input units to drop.",
            "takes": "a number (at least 0 and less than 1)",
        }
        assert topic["example"] == ["model:", "  - Dropout: 0.2"]

    @pytest.mark.parametrize(
        "args", [[], ["layers"], ["sources"], ["training"], ["training.epochs"], ["mse"], ["Lambda"]]
    )
    def test_everything_has_it(self, called, args):
        done = called("show", *args, "--json")
        assert done.returncode == 0
        assert all(topic["topic"] for topic in json.loads(done.stdout))


class TestFaults:
    @pytest.mark.parametrize(
        ("what", "hint"),
        [
            ("Dens", "did you mean 'Dense'?"),
            ("adamm", "did you mean 'adam'?"),
            ("layrs", "did you mean 'layers'?"),
            ("epoch", "did you mean 'epochs'?"),
            ("training.epoch", "did you mean 'training.epochs'?"),
            ("data.minst", "did you mean 'data.mnist'?"),
            ("relu6x", "did you mean 'relu6'?"),
            ("Lamda", "did you mean 'Lambda'?"),
            ("xyzzyxyzzy", "`kerasrun show` lists what there is"),
            ("", "`kerasrun show` lists what there is"),
            ("\x1b[31mred", "`kerasrun show` lists what there is"),
            ("Dense.unit", "did you mean 'Dense.units'?"),
        ],
    )
    def test_a_name_that_is_none_gets_a_suggestion(self, called, what, hint):
        done = called("show", what)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == f"Error: nothing is called {what!r}; {hint}\n"

    def test_an_import_that_is_not_there(self, kerasrun):
        done = kerasrun("show", "Dense", "--import", "nothing.py")
        assert done.returncode == 2
        assert done.stderr == "Error: --import nothing.py: no such file\n"
