"""The fits of a training run, made with the bare library.

Arguments: the training file, the definition's target and positive value, the run's trials.json, and every how many rounds a trial is measured on its
fold: 1 is what xgboost.train does of itself, 5 what the platform does. Prints the seconds that the fits take with
as many processes as there are processors, one thread each: reading the file and starting the processes is not counted.
"""
import json
import multiprocessing
import sys
import time

import numpy
import pandas
import xgboost

file, target, positive, trials_file, measured_every = [*sys.argv[1:5], int(sys.argv[5])]
# A run learns from four fifths of its rows and keeps the rest to be evaluated on.
frame = pandas.read_csv(file)
frame = frame[numpy.arange(len(frame)) % 5 != 0]
labels = (frame.pop(target) == positive).to_numpy("float32")
features = pandas.get_dummies(frame, dummy_na=True).to_numpy("float32")
centred = numpy.nan_to_num((features - numpy.nanmean(features, 0)) / (numpy.nanstd(features, 0) + 1e-9))


def tree_parameters(parameters):
    return {
        "objective": "binary:logistic", "tree_method": "hist", "nthread": 1, "verbosity": 0, "seed": 17, "eval_metric": "auc",
        "eta": parameters["learningRate"], "max_depth": parameters["maxDepth"], "min_child_weight": parameters["minChildWeight"],
        "subsample": parameters["subsample"], "colsample_bytree": parameters["columnSample"], "lambda": parameters["lambda"],
        "alpha": parameters["alpha"], "gamma": parameters["gamma"],
    }


def fit(work):
    parameters, rounds, fold, folds, rows, is_scored = work
    # The model itself learns from all of its rows.
    held_out = numpy.arange(len(labels)) % folds == fold if fold is not None else numpy.arange(len(labels)) == 0
    train = xgboost.DMatrix(rows[~held_out], labels[~held_out], nthread=1)
    measured = xgboost.DMatrix(rows[held_out], labels[held_out], nthread=1)
    booster = xgboost.Booster(parameters, [train, measured])
    for number in range(rounds):
        booster.update(train, number)
        if is_scored and (number + 1) % measured_every == 0:
            booster.eval(measured, iteration=number)
    booster.predict(measured)


def work_of(report):
    folds = report["folds"]
    for trial in report["trials"]:
        for fold, rounds in enumerate(trial["boostedRounds"]):
            yield tree_parameters(trial["parameters"]), rounds, fold, folds, features, True
    linear = {"objective": "binary:logistic", "booster": "gblinear", "updater": "coord_descent", "nthread": 1, "verbosity": 0, "eta": 1, "eval_metric": "auc"}
    for tried in report["baseline"]["tried"]:
        for fold in range(folds):
            yield {**linear, "lambda": tried["lambda"]}, report["baseline"]["passes"], fold, folds, centred, False
    if "blendFoldScores" in report:
        for fold in [*range(folds), None]:
            yield {**linear, "lambda": report["baseline"]["lambda"]}, report["baseline"]["passes"], fold, folds, centred, False
    for best in [report["trials"][trial] for trial in report["blended"]]:
        for fold in range(folds):
            yield tree_parameters(best["parameters"]), best["rounds"], fold, folds, features, False
        yield tree_parameters(best["parameters"]), best["rounds"], None, folds, features, False


if __name__ == "__main__":
    with open(trials_file, encoding="utf-8") as report:
        work = list(work_of(json.load(report)))
    with multiprocessing.Pool() as pool:
        pool.map(abs, range(multiprocessing.cpu_count()))
        started = time.perf_counter()
        pool.map(fit, work, chunksize=1)
        print(time.perf_counter() - started)
