using System.Globalization;
using System.Runtime.InteropServices;
using static Serverless.Platform.Training.XGBoostNative;

namespace Serverless.Platform.Training;

/// <summary>Rows in XGBoost's own memory, with their labels if they are to be learned from.</summary>
internal sealed class DMatrix : IDisposable
{
    private DMatrix(DMatrixHandle handle) => Handle = handle;

    internal DMatrixHandle Handle { get; }

    /// <summary>Rows to predict.</summary>
    /// <param name="matrix">The features.</param>
    /// <param name="kind">To a linear model a 0 is nothing to add, so it need not be kept; to trees only NaN is missing.</param>
    internal static unsafe DMatrix Of(DenseMatrix matrix, LearnerKind kind)
    {
        Require();
        DMatrixHandle handle;
        fixed (float* values = matrix.Values)
        {
            // NumPy's array interface, version 3; XGBoost copies the values, so they need to stay pinned for this call only.
            var address = ((nuint)values).ToString(CultureInfo.InvariantCulture);
            var arrayInterface = $$"""{"data":[{{address}},true],"shape":[{{matrix.Rows}},{{matrix.Columns}}],"typestr":"<f4","version":3}""";
            var config = $$"""{"missing":{{(kind == LearnerKind.Linear ? "0.0" : "NaN")}},"nthread":1}""";
            Check(XGDMatrixCreateFromDense(arrayInterface, config, out handle));
        }

        return new DMatrix(handle);
    }

    /// <summary>Rows to learn from. Any number of boosters may learn from them at the same time.</summary>
    /// <param name="matrix">The features.</param>
    /// <param name="kind">What they are made for.</param>
    /// <param name="labels">One for each row.</param>
    /// <param name="weights">One for each row; null where all count the same.</param>
    internal static DMatrix ToLearn(DenseMatrix matrix, LearnerKind kind, float[] labels, float[]? weights = null)
    {
        var created = Of(matrix, kind);
        try
        {
            Check(XGDMatrixSetFloatInfo(created.Handle, "label", labels, (ulong)labels.Length));
            if (weights is not null) Check(XGDMatrixSetFloatInfo(created.Handle, "weight", weights, (ulong)weights.Length));
            created.Index(kind);
            return created;
        }
        catch
        {
            created.Dispose();
            throw;
        }
    }

    /// <summary>
    /// What XGBoost makes of a matrix for a first round (histogram bins for trees, columns for weights: src/data/simple_dmatrix.cc), it keeps in it and does so
    /// unguarded. So that round is run here, of a booster that is thrown away; from then on the matrix is only read.
    /// </summary>
    private void Index(LearnerKind kind)
    {
        KeyValuePair<string, string>[] learner = kind == LearnerKind.Linear
            ? [new("booster", "gblinear"), new("updater", "coord_descent")]
            : [new("tree_method", "hist"), new("max_depth", "1")];
        using var booster = Booster.ToTrain(this, [.. learner, new("objective", LearningObjective.SquaredError), new("nthread", "1"), new("verbosity", "0")]);
        booster.Boost(0, this);
    }

    public void Dispose() => Handle.Dispose();
}

/// <summary>A gradient-boosted tree model: trained round by round, or loaded.</summary>
internal sealed class Booster : IDisposable
{
    private readonly BoosterHandle handle;

    private Booster(BoosterHandle handle) => this.handle = handle;

    /// <summary>An untrained booster that is going to learn from <paramref name="train"/>.</summary>
    internal static Booster ToTrain(DMatrix train, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var added = false;
        try
        {
            train.Handle.DangerousAddRef(ref added);
            Check(XGBoosterCreate([train.Handle.DangerousGetHandle()], 1, out var handle));
            return new Booster(handle).With(parameters);
        }
        finally
        {
            if (added) train.Handle.DangerousRelease();
        }
    }

    /// <param name="bytes">A saved model.</param>
    internal static Booster Load(ReadOnlySpan<byte> bytes)
    {
        Require();
        Check(XGBoosterCreate([], 0, out var handle));
        var booster = new Booster(handle).With([new("nthread", "1"), new("verbosity", "0")]);
        try
        {
            Check(XGBoosterLoadModelFromBuffer(handle, bytes, (ulong)bytes.Length));
            return booster;
        }
        catch
        {
            booster.Dispose();
            throw;
        }
    }

    internal void Boost(int round, DMatrix train) => Check(XGBoosterUpdateOneIter(handle, round, train.Handle));

    /// <summary>By all rounds so far: for each row the probability of the positive class, or the value; of several classes, row by row, the probability of each.</summary>
    internal float[] Predict(DMatrix rows) => Predict(rows, type: 0);

    /// <summary>The same before it is made a probability: log-odds, of several classes up to a constant of the row.</summary>
    internal float[] Margins(DMatrix rows) => Predict(rows, type: 1);

    /// <summary>
    /// What each feature adds to each row's margin, row by row and of several classes class by class, and after each row's features what every row
    /// starts from.
    /// </summary>
    internal float[] Contributions(DMatrix rows) => Predict(rows, type: 2);

    /// <summary>How many rounds of boosting are in it; each adds a tree for every margin.</summary>
    internal int Rounds()
    {
        Check(XGBoosterBoostedRounds(handle, out var rounds));
        return rounds;
    }

    /// <summary>The features that a tree splits, in no order.</summary>
    internal int[] SplitFeatures()
    {
        Check(XGBoosterFeatureScore(handle, """{"importance_type":"weight"}""", out var count, out var names, out _, out _, out _));
        // Features have no names here, and are then called f and their number. The strings belong to the booster and live until its next call.
        return [.. Enumerable.Range(0, checked((int)count))
            .Select(place => Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(names, place * nint.Size)) ?? "")
            .Select(name => int.Parse(name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture))];
    }

    private float[] Predict(DMatrix rows, int type)
    {
        var allRounds = $$"""{"type":{{type}},"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":false}""";
        Check(XGBoosterPredictFromDMatrix(handle, rows.Handle, allRounds, out var shape, out var dimensions, out var values));
        // The buffer belongs to the booster and lives until its next call.
        var length = 1L;
        for (var d = 0; d < (int)dimensions; d++) length *= Marshal.ReadInt64(shape, d * sizeof(long));
        var predicted = new float[checked((int)length)];
        Marshal.Copy(values, predicted, 0, predicted.Length);
        return predicted;
    }

    /// <summary>The model in XGBoost's binary format, UBJSON.</summary>
    internal byte[] Save()
    {
        Check(XGBoosterSaveModelToBuffer(handle, """{"format":"ubj"}""", out var length, out var bytes));
        var saved = new byte[checked((int)length)];
        Marshal.Copy(bytes, saved, 0, saved.Length);
        return saved;
    }

    public void Dispose() => handle.Dispose();

    private Booster With(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        try
        {
            foreach (var (name, value) in parameters)
            {
                Check(XGBoosterSetParam(handle, name, value));
            }

            return this;
        }
        catch
        {
            Dispose();
            throw;
        }
    }
}
