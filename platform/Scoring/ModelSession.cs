using System.Text;
using Microsoft.ML.OnnxRuntime;
using Serverless.Platform.Datasets;

namespace Serverless.Platform.Scoring;

/// <summary>
/// A model opened for scoring. Safe to use from many threads at once; each call runs on its caller's thread
/// and as many more as it was opened with.
/// </summary>
public sealed class ModelSession : IDisposable
{
    // Large enough to make the cost of a call vanish, small enough to stay in a core's cache.
    private const int BatchRows = 4_096;

    // A text becomes a list of words as long as the longest text of the batch has.
    private const int BatchTexts = 256;

    private readonly InferenceSession session;
    private readonly FeatureColumn[] columns;
    private readonly string[] inputs;
    private readonly string[] outputs;
    private readonly int batchRows;

    /// <param name="onnx">The graph's bytes.</param>
    /// <param name="signature">What it takes and gives.</param>
    /// <param name="threads">Threads a single call may use. <value>Default 1: callers run side by side.</value></param>
    /// <exception cref="InvalidDataException">The bytes are no ONNX model, or not one of this signature.</exception>
    public ModelSession(byte[] onnx, ModelSignature signature, int threads = 1)
    {
        Signature = signature;
        columns = [.. signature.Columns.Select(c => new FeatureColumn(c.Name, c.Kind))];
        inputs = [.. signature.Columns.Select(c => c.Input)];
        outputs = [signature.Output];
        batchRows = signature.Columns.Any(c => c.Kind == ColumnKind.Text) ? BatchTexts : BatchRows;
        session = Open(onnx, signature.Model, threads);
        if (!session.InputMetadata.Keys.ToHashSet(StringComparer.Ordinal).SetEquals(inputs) || !session.OutputMetadata.ContainsKey(signature.Output))
        {
            var found = $"inputs {string.Join(", ", session.InputMetadata.Keys)} and outputs {string.Join(", ", session.OutputMetadata.Keys)}";
            session.Dispose();
            throw new InvalidDataException(
                $"The ONNX graph of model '{signature.Model}' has {found}; its signature has inputs {string.Join(", ", inputs)} and output {signature.Output}. Publish graph and signature of one version together.");
        }
    }

    public ModelSignature Signature { get; }

    /// <param name="rows">The rows, with at least the columns of the signature, in any order.</param>
    /// <param name="cancellationToken">Checked before every batch of 4,096 rows, or 256 with texts.</param>
    /// <returns>For each row the probability of the positive class, or the predicted value; of several classes, row by row, the probability of each.</returns>
    /// <exception cref="ArgumentException">A column is missing, or is of the other kind.</exception>
    public float[] Score(FeatureTable rows, CancellationToken cancellationToken)
    {
        var places = ColumnBinding.Locate(rows, columns);
        var width = Signature.Width;
        var scores = new float[rows.RowCount * width];
        using var options = new RunOptions();
        for (var from = 0; from < rows.RowCount; from += batchRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(batchRows, rows.RowCount - from);
            ScoreBatch(rows, places, from, count, scores.AsMemory(from * width, count * width), options);
        }

        return scores;
    }

    /// <summary>Why a table's rows cannot be scored: a column is missing, or is of the other kind; null when they can.</summary>
    public string? FindMisfit(FeatureTable rows) =>
        ColumnBinding.FindMisfit(rows, columns) is { } problem ? $"The rows do not fit its columns: {problem}." : null;

    public void Dispose() => session.Dispose();

    private void ScoreBatch(FeatureTable rows, int[] places, int from, int count, Memory<float> into, RunOptions options)
    {
        long[] shape = [count, 1];
        var values = new List<OrtValue>(places.Length);
        try
        {
            for (var c = 0; c < places.Length; c++)
            {
                values.Add(columns[c].Kind.IsNumeric()
                    ? OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, rows.Numbers(places[c]).AsMemory(from, count), shape)
                    : Strings(rows.Categories(places[c]).AsSpan(from, count), shape));
            }

            using var output = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, into, [count, Signature.Width]);
            session.Run(options, inputs, values, outputs, [output]);
        }
        finally
        {
            values.ForEach(v => v.Dispose());
        }
    }

    private static OrtValue Strings(ReadOnlySpan<string> strings, long[] shape)
    {
        var value = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, shape);
        try
        {
            Span<byte> buffer = stackalloc byte[512];
            for (var row = 0; row < strings.Length; row++)
            {
                var text = strings[row];
                if (text.Length == 0) continue;
                value.StringTensorSetElementAt(
                    Encoding.UTF8.TryGetBytes(text, buffer, out var length) ? buffer[..length] : Encoding.UTF8.GetBytes(text), row);
            }

            return value;
        }
        catch
        {
            value.Dispose();
            throw;
        }
    }

    private static InferenceSession Open(byte[] onnx, string model, int threads)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        try
        {
            return new InferenceSession(onnx, options);
        }
        catch (OnnxRuntimeException fault)
        {
            throw new InvalidDataException(
                $"The {onnx.Length} bytes of model '{model}' could not be opened as an ONNX model: {fault.Message} Publish the version again from its training run.", fault);
        }
    }
}
