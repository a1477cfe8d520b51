"""How well the platform's models predict, beside carefully tuned XGBoost on the same rows.

    accuracy.py tables SAMPLE FOLDER   writes the tables: for each a folder with definition.yaml, train.csv, test.csv, answers.csv, table.json
    accuracy.py tune FOLDER            tunes XGBoost on such a folder's train.csv, fits it to the whole of it, and predicts test.csv
    accuracy.py measure FOLDER         prints the loss of result.csv, the platform's, that of the tuned, and that of the tuned on as many rows as the platform learns from

A loss is 1 - ROC AUC of two classes, the log-loss of several, the root mean squared error of a number. Tuned means: the best of 24 random sets of
hyperparameters by five-fold cross-validation with early stopping, fitted once more on all rows. The platform learns from four fifths of them: the last figure
is the mean loss of the five fits, with the same hyperparameters, that leave a fifth out.
"""
import json
import pathlib
import sys

import numpy
import pandas
import xgboost
from sklearn import datasets, metrics, model_selection

SPLITS = 2
TRIALS = 24
MOST_ROUNDS = 1_000
PATIENCE = 30
BINARY, SEVERAL, NUMBER = "binary-classification", "multiclass-classification", "regression"


def bundled(load):
    table = load(as_frame=True)
    frame = table.frame.rename(columns=lambda name: str(name).replace(" ", "_"))
    return frame, "target"


def credit(sample):
    return pandas.read_csv(sample, na_values=["NA"], keep_default_na=True)


def rare(frame):
    bad = frame[frame.Status == "bad"]
    return pandas.concat([frame[frame.Status == "good"], bad.sample(170, random_state=5)]).sample(frac=1, random_state=5)


def many_categories(frame):
    crossed = frame.copy()
    crossed["Branch"] = frame.Job.astype(str) + "-" + frame.Home.astype(str) + "-" + (frame.Age // 5 * 5).astype(str)
    crossed["Product"] = (frame.Amount // 100).astype(str) + "/" + frame.Time.astype(str)
    return crossed.drop(columns=["Job", "Home", "Age", "Amount", "Time"])


def made(rows, columns, share, seed):
    values, labels = datasets.make_classification(
        rows, columns, n_informative=columns // 4, n_redundant=columns // 6, n_clusters_per_class=4, weights=[1 - share], flip_y=0.02, class_sep=0.7, random_state=seed)
    frame = pandas.DataFrame(values.round(4), columns=[f"x{c}" for c in range(columns)])
    frame = frame.mask(numpy.random.default_rng(seed).random(frame.shape) < 0.03)
    frame["target"] = labels
    return frame


def tables(sample):
    frame = credit(sample)
    digits, _ = bundled(datasets.load_digits)
    yield "credit", frame, "Status", "bad", BINARY
    yield "credit, 5% bad", rare(frame), "Status", "bad", BINARY
    yield "credit, many categories", many_categories(frame), "Status", "bad", BINARY
    yield "credit, 800 rows", frame.sample(800, random_state=3), "Status", "bad", BINARY
    yield "made, 60 columns, 5%", made(6_000, 60, 0.05, 1), "target", 1, BINARY
    yield "made, 10,000 rows", made(10_000, 24, 0.3, 2), "target", 1, BINARY
    yield "breast cancer", *bundled(datasets.load_breast_cancer), 0, BINARY
    yield "digits, eight or not", digits.assign(target=(digits.target == 8).astype(int)), "target", 1, BINARY
    yield "digits", digits, "target", None, SEVERAL
    yield "wine", *bundled(datasets.load_wine), None, SEVERAL
    yield "credit, home", frame[frame.Home.notna()], "Home", None, SEVERAL
    yield "diabetes", *bundled(datasets.load_diabetes), None, NUMBER
    yield "credit, amount", frame, "Amount", None, NUMBER


def write(sample, folder):
    for name, frame, target, positive, task in tables(sample):
        frame = frame.reset_index(drop=True)
        for split in range(SPLITS):
            place = pathlib.Path(folder) / f"{name}-{split}".replace(" ", "-").replace(",", "").replace("%", "")
            place.mkdir(parents=True)
            train, test = model_selection.train_test_split(
                frame, test_size=0.25, random_state=split, stratify=None if task == NUMBER else frame[target])
            train.to_csv(place / "train.csv", index=False)
            test.drop(columns=[target]).to_csv(place / "test.csv", index=False)
            test[[target]].to_csv(place / "answers.csv", index=False)
            said = f"{{ column: {target}, positive: '{positive}' }}" if task == BINARY else f"{{ column: {target} }}"
            (place / "definition.yaml").write_text(f"model: MODEL\ntask: {task}\ntarget: {said}\n")
            (place / "table.json").write_text(json.dumps({"name": name, "split": split, "task": task, "target": target, "positive": str(positive), "folder": place.name}))


def encoded(train, test):
    """Numbers as they are, categories one-hot, the rarer of many by their count alone."""
    both = pandas.concat([train, test])
    for column in both.columns:
        if both[column].dtype == object and both[column].nunique() > 60:
            frequent = train[column].value_counts().index[:60]
            both[column + "_count"] = both[column].map(train[column].value_counts()).fillna(0)
            both[column] = both[column].where(both[column].isin(frequent), "(rare)")
    dense = pandas.get_dummies(both, dummy_na=True).to_numpy("float32")
    return dense[: len(train)], dense[len(train):]


def candidates(random):
    yield {"eta": 0.05, "max_depth": 4, "min_child_weight": 3, "subsample": 0.8, "colsample_bytree": 0.8, "lambda": 1, "alpha": 0, "gamma": 0}
    while True:
        yield {
            "eta": 10 ** random.uniform(-1.6, -0.8), "max_depth": int(random.integers(2, 9)), "min_child_weight": 10 ** random.uniform(-0.3, 1.3),
            "subsample": random.uniform(0.5, 1), "colsample_bytree": random.uniform(0.3, 1), "lambda": 10 ** random.uniform(-1, 1.5),
            "alpha": random.choice([0, 10 ** random.uniform(-2, 0.3)]), "gamma": random.choice([0, 10 ** random.uniform(-2, 0.3)]),
        }


def tuned(task, train, labels, test):
    random = numpy.random.default_rng(7)
    base = {"tree_method": "hist", "verbosity": 0, "nthread": 1, "seed": 7}
    if task == BINARY:
        base |= {"objective": "binary:logistic", "eval_metric": "auc"}
    elif task == SEVERAL:
        base |= {"objective": "multi:softprob", "eval_metric": "mlogloss", "num_class": int(labels.max()) + 1}
    else:
        base |= {"objective": "reg:squarederror", "eval_metric": "rmse"}
    sign = -1 if task == BINARY else 1
    folding = model_selection.KFold if task == NUMBER else model_selection.StratifiedKFold
    folds = list(folding(5, shuffle=True, random_state=7).split(train, labels))
    best = None
    for _, parameters in zip(range(TRIALS), candidates(random)):
        found = xgboost.cv(
            base | parameters, xgboost.DMatrix(train, labels, nthread=1), MOST_ROUNDS, folds=folds, early_stopping_rounds=PATIENCE, verbose_eval=False)
        mean = sign * found.iloc[:, 2].to_numpy()
        if best is None or mean.min() < best[0]:
            best = mean.min(), int(mean.argmin()) + 1, parameters

    def fitted(rows):
        booster = xgboost.train(base | best[2], xgboost.DMatrix(train[rows], labels[rows], nthread=1), best[1])
        return booster.predict(xgboost.DMatrix(test, nthread=1))

    return fitted(numpy.arange(len(labels))), [fitted(rows) for rows, _ in folds]


def read(folder):
    place = pathlib.Path(folder)
    table = json.loads((place / "table.json").read_text())
    text = {table["target"]: str} if table["task"] != NUMBER else {}
    train = pandas.read_csv(place / "train.csv", dtype=text)
    labels = train.pop(table["target"])
    answers = pandas.read_csv(place / "answers.csv", dtype=text)[table["target"]]
    if table["task"] == BINARY:
        labels, answers = [(values == table["positive"]).astype("float32") for values in (labels, answers)]
        return place, table, train, labels, answers, []
    if table["task"] == SEVERAL:
        classes = sorted(labels.unique())
        labels, answers = [values.map({name: number for number, name in enumerate(classes)}).astype("float32") for values in (labels, answers)]
        return place, table, train, labels, answers, classes
    return place, table, train, labels, answers, []


def tune(folder):
    place, table, train, labels, _, _ = read(folder)
    rows, others = encoded(train, pandas.read_csv(place / "test.csv"))
    whole, parts = tuned(table["task"], rows, labels.to_numpy(), others)
    numpy.save(place / "tuned.npy", whole)
    numpy.save(place / "parts.npy", parts)


def measure(folder):
    place, table, _, _, answers, classes = read(folder)
    result = pandas.read_csv(place / "result.csv")
    ours = result[[f"score_{name}" for name in classes]].to_numpy("float64") if classes else result["score"].to_numpy("float64")
    theirs = numpy.load(place / "tuned.npy").astype("float64")
    parts = numpy.load(place / "parts.npy").astype("float64")

    def loss(scores):
        if table["task"] == BINARY:
            return 1 - metrics.roc_auc_score(answers, scores)
        if table["task"] == SEVERAL:
            return metrics.log_loss(answers, scores / scores.sum(1, keepdims=True), labels=list(range(len(classes))))
        return numpy.sqrt(metrics.mean_squared_error(answers, scores))

    print(loss(ours), loss(theirs), numpy.mean([loss(part) for part in parts]))


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    {"tables": write, "tune": tune, "measure": measure}[command](*arguments)
