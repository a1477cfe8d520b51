namespace Serverless.Embedded.DurableTask.Store;

/// <summary>A value for a statement's parameter: a number, text (a string, or its UTF-8 bytes), or null.</summary>
internal readonly struct SqlValue
{
    private SqlValue(long? number, object? text) => (Number, Text) = (number, text);

    public long? Number { get; }

    public object? Text { get; }

    public static implicit operator SqlValue(long value) => new(value, null);

    public static implicit operator SqlValue(long? value) => new(value, null);

    public static implicit operator SqlValue(int value) => new(value, null);

    public static implicit operator SqlValue(int? value) => new(value, null);

    public static implicit operator SqlValue(string? value) => new(null, value);

    public static implicit operator SqlValue(byte[]? utf8) => new(null, utf8);
}
