using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Serverless.Platform.Definitions;

namespace Serverless.Platform.Datasets;

/// <summary>What loading a file came to.</summary>
/// <param name="File">The file.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="RefusedRows">Those refused.</param>
/// <param name="Refusals">Why.</param>
/// <param name="LeftOut">A hash of the numbers of the rows that were refused for the contract alone; null: none was.</param>
internal sealed record FileLoad(FileSurvey File, long Rows, long RefusedRows, RowRefusals Refusals, string? LeftOut);

/// <summary>Puts the rows of files into a DuckDB table, typed by a schema, and refuses those that do not fit it.</summary>
internal sealed class DatasetLoader
{
    public const string Table = "dataset_rows";

    /// <summary>The rule that a value has to be what its column is.</summary>
    public const string TypeRule = "type";

    private readonly DuckDbConnection connection;
    private readonly DatasetSchema schema;
    private readonly string target;
    private readonly IReadOnlyList<string> ignored;
    private readonly float[] numbers;
    private readonly Dictionary<string, byte[]> names = new(StringComparer.Ordinal);

    public DatasetLoader(DuckDbConnection connection, DatasetSchema schema, ModelDefinition definition)
    {
        this.connection = connection;
        this.schema = schema;
        target = definition.Target.Column;
        ignored = definition.Ignore;
        numbers = new float[schema.Features.Count];
    }

    private bool PredictsNumbers => schema.Classes.Task == LearningTask.Regression;

    private int TargetColumn => schema.Features.Count + schema.SensitiveOnly.Count;

    /// <summary>Loads files into a new table, in the order given.</summary>
    public async Task<IReadOnlyList<FileLoad>> LoadAsync(
        IReadOnlyList<FileSurvey> files, TableLimits limits, RowTicker ticker, CancellationToken cancellationToken)
    {
        ticker.BeginLoading(files.Sum(f => f.Rows));
        (string Name, DuckDbType Type)[] columns =
        [
            .. schema.Features.Select(f => (f.Name, f.Kind.IsNumeric() ? DuckDbType.Float : DuckDbType.Text)),
            .. schema.SensitiveOnly.Select(s => (s, DuckDbType.Text)),
            (target, PredictsNumbers ? DuckDbType.Float : DuckDbType.Text),
            (DatasetColumns.RowHash, DuckDbType.UInt64),
            (DatasetColumns.Source, DuckDbType.Text),
            (DatasetColumns.Row, DuckDbType.Int64),
            (DatasetColumns.Split, DuckDbType.Text),
            .. schema.SplitKey is null ? [] : new[] { (DatasetColumns.SplitKey, DuckDbType.UInt64) },
        ];
        connection.Execute(
            $"CREATE TABLE {Table} ({string.Join(", ", columns.Select(c => $"{DuckDbConnection.Identifier(c.Name)} {SqlName(c.Type)}"))})", cancellationToken);
        using var appender = new DuckDbAppender(connection, Table, [.. columns.Select(c => c.Type)]);
        var loads = new List<FileLoad>();
        foreach (var file in files)
        {
            loads.Add(await LoadAsync(file, appender, limits, ticker, cancellationToken));
        }

        appender.Complete();
        return loads;
    }

    private async Task<FileLoad> LoadAsync(FileSurvey file, DuckDbAppender appender, TableLimits limits, RowTicker ticker, CancellationToken cancellationToken)
    {
        var features = schema.Features.Select(f => file.Header.IndexOf(f.Name)).ToArray();
        var sensitive = schema.SensitiveOnly.Select(file.Header.IndexOf).ToArray();
        var targetField = file.Header.IndexOf(target);
        var source = Encoding.UTF8.GetBytes(file.Source.ContentHash);
        var hasher = new RowHasher(file.Header.Columns, [.. ignored, target]);
        var split = schema.SplitKey is { } key ? file.Header.IndexOf(key.Policy.Column) : -1;
        var refusals = new RowRefusals();
        var uncounted = new RowRefusals();
        long refused = 0;
        var leftOut = new XxHash128();
        var isAnyLeftOut = false;
        var number = new byte[sizeof(long)];
        file.Contract.Restart();
        await using var reader = file.Open(limits);
        while (await reader.ReadAsync(cancellationToken))
        {
            ticker.Tick();
            var label = TargetValue.Of(reader.GetField(targetField));
            if (!file.Contract.Passes(reader, refusals))
            {
                refused++;
                if (Take(reader, features, label, uncounted) && TakeSplit(reader, split, uncounted))
                {
                    BinaryPrimitives.WriteInt64LittleEndian(number, reader.Row);
                    leftOut.Append(number);
                    isAnyLeftOut = true;
                }
            }
            else if (Take(reader, features, label, refusals) && TakeSplit(reader, split, refusals))
            {
                Append(appender, reader, hasher, features, sensitive, label, source, split);
            }
            else
            {
                refused++;
            }
        }

        // The survey found the file well-formed; if it no longer is, it was changed under our hands.
        return reader.Refusal is { } changed
            ? throw new IOException($"The file '{file.Source.Name}' changed while it was read: {changed.Reason}")
            : new FileLoad(file, reader.Row, refused, refusals, isAnyLeftOut ? Convert.ToHexStringLower(leftOut.GetCurrentHash()) : null);
    }

    /// <summary>Reads a row's features and target; false: refused.</summary>
    private bool Take(TableReader row, int[] features, string label, RowRefusals refusals)
    {
        var isGood = true;
        if (schema.Classes.Refuse(label) is { } unfit)
        {
            Refuse("target", row, target, unfit.Reason, unfit.Remedy, refusals);
            isGood = false;
        }

        for (var i = 0; i < features.Length; i++)
        {
            var value = row.GetField(features[i]);
            if (Take(value, i) is { } wrong)
            {
                Refuse(TypeRule, row, schema.Features[i].Name, wrong.Reason, wrong.Remedy, refusals);
                isGood = false;
            }
        }

        return isGood;
    }

    /// <summary>Whether a row can be split by its value; false: refused.</summary>
    private bool TakeSplit(TableReader row, int split, RowRefusals refusals)
    {
        if (schema.SplitKey is not { } key || key.TryRead(row.GetField(split), 0, out _))
        {
            return true;
        }

        var (expected, form) = key.IsDate ? ("a date", "yyyy-MM-dd") : ("a number", "digits with a point before the decimals");
        Refuse(
            "split",
            row,
            key.Policy.Column,
            $"The value is '{ValueExcerpt.Of(row.GetField(split))}'; expected {expected}, as this column has elsewhere, by which rows are split.",
            $"Write it as {form}, or leave it empty if it is unknown: the row counts as one of the oldest.",
            refusals);
        return false;
    }

    /// <summary>Reads a feature's value; what is wrong with it, or null.</summary>
    private (string Reason, string Remedy)? Take(ReadOnlySpan<byte> value, int feature)
    {
        var kind = schema.Features[feature].Kind;
        if (kind == ColumnKind.Number)
        {
            return ValueParser.TryNumber(value, out numbers[feature]) ? null : NoNumber(value);
        }

        if (kind == ColumnKind.Date)
        {
            return ValueParser.TryDate(value, out numbers[feature]) ? null : (
                DateForms.IsSlashed(ValueParser.Trim(value))
                    ? $"The value is '{ValueExcerpt.Of(value)}'; dates with slashes and the year at the end can be read in two ways, dd/MM/yyyy and MM/dd/yyyy, and are not read."
                    : $"The value is '{ValueExcerpt.Of(value)}'; expected a date, as this column has elsewhere.",
                "Write it as yyyy-MM-dd, or leave it empty if it is unknown.");
        }

        var text = ValueParser.Category(value);
        return kind != ColumnKind.Boolean || text.IsEmpty || BooleanWords.BitOf(text) != 0 ? null : (
            $"The value is '{ValueExcerpt.Of(value)}'; expected true or false, yes or no, or 1 or 0.", "Write it as one of these, or leave it empty if it is unknown.");
    }

    private static (string Reason, string Remedy) NoNumber(ReadOnlySpan<byte> value)
    {
        var excerpt = ValueExcerpt.Of(value);
        return ValueParser.BeyondNumbers(value) switch
        {
            NumberFault.Infinite => ($"The value is '{excerpt}', which is infinite; expected a finite number.", "Leave it empty if it is unknown, or write the bound that it stands for."),
            NumberFault.TooLarge => (
                $"The value is '{excerpt}', which is beyond the numbers that are computed with, up to 1e38.",
                "Write it in a larger unit, or leave it empty if it is unknown."),
            _ => (
                $"The value is '{excerpt}'; expected a number, as this column has elsewhere.",
                "Write it with a point before the decimals and nothing else, or leave it empty if it is unknown."),
        };
    }

    /// <remarks>Nothing is allocated for a value: those of millions of rows would fill the heap with garbage by hundreds of megabytes before it is collected.</remarks>
    private void Append(DuckDbAppender appender, TableReader row, RowHasher hasher, int[] features, int[] sensitive, string label, byte[] source, int split)
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            if (schema.Features[i].Kind.IsNumeric())
            {
                SetNumber(appender, i, numbers[i]);
            }
            else
            {
                SetText(appender, i, ValueParser.Category(row.GetField(features[i])));
            }
        }

        for (var i = 0; i < sensitive.Length; i++)
        {
            SetText(appender, numbers.Length + i, ValueParser.Category(row.GetField(sensitive[i])));
        }

        var hash = hasher.Hash(row);
        var column = TargetColumn;
        if (PredictsNumbers)
        {
            appender.Set(column++, float.Parse(label, CultureInfo.InvariantCulture));
        }
        else
        {
            appender.Set(column++, Encoded(label));
        }

        appender.Set(column++, hash);
        appender.Set(column++, source);
        appender.Set(column++, row.Row);
        ulong splitKey = 0;
        schema.SplitKey?.TryRead(row.GetField(split), hash, out splitKey);
        var part = schema.SplitKey?.Policy.By switch
        {
            SplitKind.Time => DataSplit.Train,
            SplitKind.Group => HeldOutSplit.Of(splitKey),
            _ => HeldOutSplit.Of(hash),
        };
        appender.Set(column++, Encoded(HeldOutSplit.NameOf(part)));
        if (schema.SplitKey is not null)
        {
            appender.Set(column, splitKey);
        }

        appender.EndRow();
    }

    /// <summary>A class or a part, of which there are few.</summary>
    private byte[] Encoded(string name)
    {
        if (!names.TryGetValue(name, out var utf8)) names.Add(name, utf8 = Encoding.UTF8.GetBytes(name));
        return utf8;
    }

    private static void SetNumber(DuckDbAppender appender, int column, float number)
    {
        if (float.IsNaN(number))
        {
            appender.SetNull(column);
        }
        else
        {
            appender.Set(column, number);
        }
    }

    private static void SetText(DuckDbAppender appender, int column, ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            appender.SetNull(column);
        }
        else
        {
            appender.Set(column, utf8);
        }
    }

    private static void Refuse(string rule, TableReader row, string column, string reason, string remedy, RowRefusals refusals)
    {
        if (refusals.Count(rule, column))
        {
            refusals.List(rule, row, column, reason, remedy);
        }
    }

    private static string SqlName(DuckDbType type) => type switch
    {
        DuckDbType.Float => "FLOAT",
        DuckDbType.Int64 => "BIGINT",
        DuckDbType.UInt64 => "UBIGINT",
        _ => "VARCHAR",
    };
}
