"""A line for each section and setting of a config, for `kerasrun show`, `kerasrun schema` and editors."""

# Sections, and the sources of data.
SECTIONS = {
    "": "A whole experiment: data, model and training; what is left out has its default.",
    "data": "Where the rows come from, and what is done to them before the model sees them.",
    "data.mnist": "70,000 handwritten digits of 28 × 28 pixels, 0 to 255; 10,000 of them are the test set.",
    "data.digits": "scikit-learn's 1,797 handwritten digits of 8 × 8 pixels, 0 to 16; needs no download.",
    "data.fashion_mnist": "70,000 pictures of clothes, 28 × 28 grey pixels, of 10 kinds; 10,000 are the test set.",
    "data.cifar10": "60,000 photographs of 32 × 32 pixels in colour, of 10 classes; 10,000 are the test set.",
    "data.cifar100": "60,000 photographs as in cifar10, of 100 classes, or of the 20 that these belong to.",
    "data.imdb": "50,000 film reviews, negative or positive, their words as numbers; half are the test set.",
    "data.california_housing": "20,640 districts by 8 figures, and the price of a house there, in dollars.",
    "data.images": "Pictures of yours, PNG or JPEG: a folder for each class, or a table that names files and targets.",
    "data.text": "Texts of yours in UTF-8: a folder of .txt files for each class, or a column of a table.",
    "data.iris": "150 irises of three species, by the length and width of sepals and petals; needs no download.",
    "data.wine": "178 wines of three growers, by 13 figures of a chemical analysis; needs no download.",
    "data.breast_cancer": "569 tumours, malignant or benign, by 30 measures of their cells; needs no download.",
    "data.diabetes": "442 patients by 10 figures, and how far their diabetes came in a year; needs no download.",
    "data.sine": "Points of the sine, evenly spaced, with noise if you like.",
    "data.series": "Windows of columns of a table or .npz file for forecasting, parted by time.",
    "data.npz": "Arrays of yours, an .npz or a folder of .npy: x_train or x, y_train or y; to test x_test, y_test.",
    "data.csv": "Tables of yours with columns by name: CSV, TSV, gzipped or not, and Parquet.",
    "model": "A list of layers, one after the other; or a graph with inputs, layers and outputs; or a saved model.",
    "model.inputs": "An input of a graph: its shape without the batch, or this mapping where the type matters.",
    "model.layers": "A layer of Keras with its arguments; beside it may stand how it is wired.",
    "training": "How long, in which batches, by which optimizer, towards which loss.",
    "callbacks": "A list of Keras's callbacks; their paths start from the run's folder.",
    "output": "What a run writes beside its record.",
}

# How the sources part their rows that have them in one pool.
PARTING = {
    "test": "A fraction of all rows that is the test set; or none.",
    "validation": "A fraction of the rows that are no test rows, the test set, or none.",
    "split": "How rows are drawn: random, ordered (the last ones), or stratified (of each class its share).",
    "seed": "What the random draw comes from.",
}

PUBLISHED = "The {}; null for $KERASRUN_DATA_DIR, Keras's cache, or a download."

# How files and tables of one's own are found and parted.
FILED = {
    "path": "A folder with a folder for each class, or a .csv or .tsv with a line of names.",
    "target": "The table's column of what a row is to be: names of classes, or numbers.",
    "test": "A fraction of all rows that is the test set; the path of another such folder or table; or none.",
    "validation": "A fraction of the rows that are no test rows, a path, the test set, or none.",
    "split": "How rows are drawn: random, ordered, stratified; or by a column of the table: {grouped: patient}.",
    "seed": PARTING["seed"],
    "class_names": "The order of the classes, by their names; null for the order of the alphabet.",
}

# Settings by section; a source of data has those of `data` too, and may say more of one.
SETTINGS = {
    "": {
        "name": "The experiment; its runs are kept under outputs/<name>/.",
        "seed": "What initial weights, the order of rows and random layers come from.",
        "threads": "Threads of the backend; null for one a core.",
        "backend": "What Keras computes with.",
        "data": SECTIONS["data"],
        "model": SECTIONS["model"],
        "training": SECTIONS["training"],
        "callbacks": SECTIONS["callbacks"],
        "output": SECTIONS["output"],
        "extends": "A config, or several, that this one starts from: what it says itself replaces what they say.",
        "silence": "Names of warnings that you know of and do not want to see.",
    },
    "data": {
        "source": "What the rows are.",
        "path": "The file of the data, from the config's folder.",
        "validation": "A fraction of the end of the training rows (Keras's rule), the test set, or none.",
        "shuffle": "Whether each epoch has an order of its own.",
        "normalize": "Whether each feature is brought to mean 0 and variance 1, by the training rows.",
        "stream": "Whether inputs are read window by window while training; auto where they take more than memory_gb.",
        "memory_gb": "Above so many 10^9 bytes of inputs (csv and text: of files) auto streams.",
        "shuffle_window": "How many rows are shuffled together where they are streamed; null for 64 MiB of them.",
        "num_samples": "Only the first so many training rows; null for all.",
        "augment": "Layers that alter pictures at random, in training alone: [{RandomFlip: horizontal}].",
        "flatten": "Whether each row becomes one vector: 28 × 28 → 784.",
        "scale": "Whether to divide pixels by their largest possible value; or a number to divide by.",
        "one_hot": "Whether labels become one-hot vectors: 2 → [0, 0, 1].",
        "num_classes": "How many classes there are; null to find out from the labels.",
        "class_names": "What the classes are called, from class 0 on; in pictures, predictions and the model file.",
    },
    "data.mnist": {"path": PUBLISHED.format("mnist.npz")},
    "data.fashion_mnist": {"path": PUBLISHED.format("folder of its four files")},
    "data.cifar10": {"path": PUBLISHED.format("cifar-10-python.tar.gz, or its folder")},
    "data.cifar100": {
        "path": PUBLISHED.format("cifar-100-python.tar.gz, or its folder"),
        "labels": "Which classes: fine (100), or coarse (20).",
    },
    "data.imdb": {
        "path": PUBLISHED.format("imdb.npz"),
        "num_words": "Words' numbers are below this; rarer words are all 2. An Embedding's input_dim.",
        "max_length": "Numbers a review: of longer ones the end is kept, shorter ones have zeros before them.",
    },
    "data.california_housing": {"path": PUBLISHED.format("california_housing.npz")},
    "data.digits": {"test": "The fraction at the end that is the test set."},
    "data.sine": {
        "start": "The smallest x.",
        "stop": "The largest x.",
        "num_samples": "How many points there are.",
        "noise": "Standard deviation of normal noise on y.",
        "seed": "What the noise comes from.",
    },
    "data.iris": PARTING,
    "data.wine": PARTING,
    "data.breast_cancer": PARTING,
    "data.diabetes": PARTING | {"split": "How rows are drawn: random, or ordered (the last ones)."},
    "data.images": FILED
    | {
        "image": "The table's column of file names, from the table's folder.",
        "size": "Height and width that all pictures become; null where all are of one size.",
        "color": "What all become: gray or rgb; auto for what they are, where all are alike.",
        "resize": "How pixels are made of those of another size: Pillow's filters, where area takes their mean.",
        "fit": "A picture of another aspect is stretched, cropped on both sides, or padded with black.",
        "skip_damaged": "Whether pictures that cannot be read are left out, and named; else they are an error.",
    },
    "data.series": {
        "path": "The table (CSV, TSV, Parquet) or the .npz file, its rows in the order of time.",
        "target": "The column to forecast.",
        "lag": "How many rows a forecast is made from.",
        "features": "The columns that it is made from; null for the target alone.",
        "horizon": "How many rows are forecast: those that come next.",
        "stride": "How many rows lie between the beginnings of two windows.",
        "time": "A column by which the rows must be in order; null for none.",
        "missing": "What a missing value is: an error, or the value before it.",
        "test": "The fraction of the rows, the last ones, that is the test set; or none.",
        "validation": "The fraction of the rows before the test rows, the last of these; the test set, or none.",
    },
    "data.text": FILED
    | {
        "text": "The table's column of texts.",
        "tokens": "How words become numbers: arguments of Keras's TextVectorization, fitted on the training rows.",
    },
    "data.npz": {
        "inputs": "Names of the arrays that are inputs, as the model names its inputs.",
        "targets": "Names of the arrays that are targets, as the model names its outputs.",
        "path": "An .npz file, or a folder of .npy files, from the config's folder.",
        "scale": "A number to divide the inputs by, or false.",
    },
    "data.csv": FILED
    | {
        "path": "A file, a list of files, or a pattern such as parts/*.csv, from the config's folder.",
        "target": "The column to be predicted, or a list of columns of numbers.",
        "target_type": "classes, numbers, or auto: texts are classes, and with a cross-entropy whole numbers too.",
        "numeric": "Columns that are numbers; others are so where all their cells are numbers.",
        "categorical": "Columns that are categories; others are so where their cells are few different texts.",
        "ignore": "Columns that are no inputs.",
        "sample_weight": "The column that says how much each row counts in the loss.",
        "num_samples": "Only the first so many rows of the files, before they are parted; null for all.",
        "normalize": "Whether each column of numbers is brought to mean 0 and variance 1 of the training rows.",
        "encode": "Whether a category becomes a one-hot vector, or a number from 0 in an input of its own.",
        "missing": "What a missing value is: an error, or the training rows' mean or median; a category of its own.",
        "missing_values": "The words that mean that a cell has no value.",
        "separator": "What stands between two cells; auto for what makes the most columns of the first line.",
        "encoding": "How letters are written as bytes: utf-8, latin-1, utf-16, and all else that Python knows.",
        "class_names": "The classes in the order of their numbers; or the names of those that the file has as 0, 1, ….",
    },
    "model": {
        "inputs": "Inputs of a graph by name, each with its shape without the batch: {image: [28, 28, 1]}.",
        "layers": "The layers; each reads the one before it unless it says `from`.",
        "outputs": "Names of the layers that are outputs; left out, the last layer.",
        "load": "A saved .keras model to go on from, in place of `layers`.",
        "weights": "Initial weights: a file for all layers, or a mapping from layers' names to a file or lists.",
        "freeze": "Names of layers that do not train.",
    },
    "model.inputs": {
        "shape": "Its sizes without the batch, null where a size is free: [28, 28, 1].",
        "dtype": "The type of its values; left out, float32.",
    },
    "model.layers": {
        "name": "The layer's own name, for `from`, `outputs`, `freeze` and the saved model.",
        "from": "What it reads: a name, a list of names, or {argument: name}; `a.1` is the second output of a.",
        "reuse": "Applies the layer of this name again, with the same weights, in place of a new one.",
    },
    "training": {
        "epochs": "How many times to go through the training rows; or write steps.",
        "steps": "How many batches to train, each drawn at random; in place of epochs.",
        "evaluate_every": "With steps: measure both whole sets every so many steps; null for an epoch's worth.",
        "batch_size": "Rows a step.",
        "optimizer": "The optimizer; see `kerasrun show optimizers`.",
        "loss": "What is made small: a loss, or one for each output by its name; see `kerasrun show losses`.",
        "metrics": "What is measured beside the loss: a list, or one for each output; see `kerasrun show metrics`.",
        "weighted_metrics": "Metrics in which rows count by their weights.",
        "class_weight": "How much each class counts, by name or number, else 1: {cat: 5}; or balanced: rare ones more.",
        "loss_weights": "How much each output's loss counts, by the output's name.",
        "dtype_policy": "What numbers the layers compute in.",
        "loop": "kerasrun's own compiled loop, or Keras's fit on the same batches.",
        "program": "What TensorFlow runs the training as; auto chooses by a rule.",
        "on_nan": "What a loss or weight that is not finite does: stop the run (exit code 3), or nothing.",
    },
    "output": {
        "save": "What to save at the end; inference_model is without optimizer, loss and metrics.",
        "plots": "The pictures' formats; an empty list for none.",
        "report": "Whether to write report.html, a page of the run that needs nothing else.",
        "checkpoint_every_s": "Seconds between two checkpoints; 0 for as often as can be.",
    },
}

# Names that Keras itself resolves, and that are no classes.
NAMES = {
    "metrics": dict.fromkeys(
        ("accuracy", "acc"), "The accuracy that fits the loss: binary, categorical, or sparse categorical."
    ),
    "losses": dict.fromkeys(
        ("crossentropy", "ce"), "The cross-entropy that fits the targets: binary, categorical, or sparse categorical."
    ),
}


def describe_setting(section: str, key: str) -> str:
    """The line for a setting, empty where there is none: `("data.sine", "noise")`."""
    own = SETTINGS.get(section, {}).get(key)
    return own or SETTINGS.get(section.partition(".")[0], {}).get(key, "")
