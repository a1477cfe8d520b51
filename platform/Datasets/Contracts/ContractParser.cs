using System.Globalization;
using System.Text;
using Serverless.Platform.Definitions;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets.Contracts;

/// <summary>Reads <c>definitions/{model}.contract.yaml</c>: a contract in YAML, or in the JSON that the platform writes, which is YAML too.</summary>
public static class ContractParser
{
    /// <summary>The largest contract read, in bytes.</summary>
    public const int MaxBytes = 1024 * 1024;

    private const string Example = "{ Age: { type: number, min: 18, max: 110 } }";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly TimeSpan ShortestAge = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestAge = TimeSpan.FromDays(36500);

    /// <summary>A contract from the bytes of its file; else every reason that it is none.</summary>
    public static (DataContract? Contract, IReadOnlyList<Refusal> Refusals) Parse(ReadOnlySpan<byte> yaml, string model)
    {
        if (yaml.Length > MaxBytes)
        {
            return (null, [new Refusal($"The contract has more than {MaxBytes} bytes.", "Leave out columns of which nothing has to be said.")]);
        }

        var refusals = new List<Refusal>();
        DataContract? contract = null;
        try
        {
            if (YamlTree.Read(StrictUtf8.GetString(yaml).TrimStart('\uFEFF'), refusals) is YamlMap map)
            {
                contract = Read(map, model, refusals);
            }
            else if (refusals.Count == 0)
            {
                refusals.Add(new Refusal("The contract is not made of keys and values.", $"Write it as 'columns: {Example}'.", Line: 1));
            }
        }
        catch (DecoderFallbackException e)
        {
            refusals.Add(new Refusal(
                $"The file is not UTF-8: the bytes at offset {e.Index} are none.", "Save the file as UTF-8.", Line: 1 + yaml[..Math.Max(0, e.Index)].Count((byte)'\n')));
        }

        return refusals.Count == 0 ? (contract, []) : (null, [.. refusals.OrderBy(r => r.Line ?? 0)]);
    }

    private static DataContract Read(YamlMap map, string model, List<Refusal> refusals)
    {
        var root = new SectionReader("", map, ["model", "origin", "columns"], refusals);
        if (root.Text("model") is { } named && named != model)
        {
            root.Refuse(root.LineOf("model"), $"model is '{named}', but the file is named for '{model}'; expected the same.", $"Write 'model: {model}', or leave it out.");
        }

        var columns = new Dictionary<string, ColumnContract>(StringComparer.Ordinal);
        var entry = map.Entries.FirstOrDefault(e => e.Key == "columns");
        if (entry?.Value is not YamlMap listed)
        {
            root.Refuse(entry?.Line ?? root.Line, "columns is missing or no map; expected what is said of each column, by its header.", $"Write it as 'columns: {Example}'.");
            return new DataContract(model, ContractOrigin.Given, columns);
        }

        foreach (var column in listed.Entries)
        {
            if (column.Value is YamlMap said)
            {
                columns[column.Key] = ReadColumn(
                    new SectionReader(
                        $"columns.{column.Key}.", said,
                        ["type", "missing", "min", "max", "earliest", "latest", "values", "unseen", "unique", ColumnContract.NewestWithinKey, "optional"], refusals));
            }
            else
            {
                root.Refuse(column.Line, $"columns.{column.Key} is no map; expected what is said of the column.", "Write it as '{ type: number, min: 18 }'.");
            }
        }

        return new DataContract(model, ContractOrigin.Given, columns);
    }

    private static ColumnContract ReadColumn(SectionReader column)
    {
        var type = column.OneOf("type", ["number", "text", "date"]) switch
        {
            "number" => ContractType.Number,
            "date" => ContractType.Date,
            "text" => ContractType.Text,
            _ => column.Has("min") || column.Has("max") ? ContractType.Number : column.Has("earliest") || column.Has("latest") || column.Has(ColumnContract.NewestWithinKey) ? ContractType.Date : ContractType.Text,
        };
        RefuseUnless(column, type == ContractType.Number, "numbers", "min", "max");
        RefuseUnless(column, type == ContractType.Text, "texts", "values", "unseen");
        RefuseUnless(column, type == ContractType.Date, "dates", "earliest", "latest", ColumnContract.NewestWithinKey);
        var (min, max) = (Number(column, "min", double.MinValue, double.MaxValue), Number(column, "max", double.MinValue, double.MaxValue));
        if (min > max)
        {
            column.Refuse(column.LineOf("max"), FormattableString.Invariant($"max is {max}, less than min, which is {min}."), "Exchange the two.");
        }

        var (earliest, latest) = (Date(column, "earliest"), Date(column, "latest"));
        if (earliest > latest)
        {
            column.Refuse(column.LineOf("latest"), FormattableString.Invariant($"latest is {latest:yyyy-MM-dd}, before earliest, which is {earliest:yyyy-MM-dd}."), "Exchange the two.");
        }

        return new ColumnContract
        {
            Type = type,
            Earliest = earliest,
            Latest = latest,
            Missing = Number(column, "missing", 0, 1),
            Min = min,
            Max = max,
            Values = column.TextList("values"),
            Unseen = Number(column, "unseen", 0, 1),
            Unique = column.OneOf("unique", ["true", "false"]) == "true",
            NewestWithin = column.Has(ColumnContract.NewestWithinKey) ? column.Duration(ColumnContract.NewestWithinKey, LongestAge, ShortestAge, LongestAge) : null,
            Optional = column.OneOf("optional", ["true", "false"]) == "true",
        };
    }

    private static double? Number(SectionReader column, string key, double least, double most) => column.Has(key) ? column.Number(key, 0, least, most) : null;

    private static DateOnly? Date(SectionReader column, string key)
    {
        if (!column.Has(key)) return null;
        var text = column.Text(key);
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) return date;
        if (text is not null) column.Refuse(column.LineOf(key), $"{key} is '{text}'; expected a date.", "Write it as yyyy-MM-dd.");
        return null;
    }

    private static void RefuseUnless(SectionReader column, bool fits, string what, params IReadOnlyList<string> keys)
    {
        foreach (var key in keys.Where(k => !fits && column.Has(k)))
        {
            column.Refuse(column.LineOf(key), $"{key} is said of a column whose type is another; it is for {what} only.", $"Leave {key} out, or correct the type.");
        }
    }
}
