namespace Microsoft.DurableTask.Client.Entities;

/// <summary>Which entities a query returns, in the order of their ids.</summary>
public record EntityQuery
{
    public const int DefaultPageSize = 100;

    private readonly string? _instanceIdStartsWith;

    /// <summary>With an id (<c>@name@key</c>) that begins so; a missing '@' in front is added, and the name is put in lower case.</summary>
    public string? InstanceIdStartsWith
    {
        get => _instanceIdStartsWith;
        init => _instanceIdStartsWith = value is null ? null : Normalize(value.StartsWith('@') ? value : $"@{value}");
    }

    /// <summary>Last modified at this time or later.</summary>
    public DateTimeOffset? LastModifiedFrom { get; init; }

    /// <summary>Last modified at this time or earlier.</summary>
    public DateTimeOffset? LastModifiedTo { get; init; }

    /// <value>Default: true.</value>
    public bool IncludeState { get; init; } = true;

    /// <summary>Whether entities without state are returned too: those that are locked before they have any. Default: false.</summary>
    public bool IncludeTransient { get; init; }

    /// <value>Entities a page, at most. Default: <see cref="DefaultPageSize"/>.</value>
    public int? PageSize { get; init; }

    /// <summary>Where to go on, from <see cref="Page{T}.ContinuationToken"/>.</summary>
    public string? ContinuationToken { get; init; }

    private static string Normalize(string prefix)
    {
        var separator = prefix.IndexOf('@', 1);
        return separator < 0 ? prefix.ToLowerInvariant() : prefix[..separator].ToLowerInvariant() + prefix[separator..];
    }
}
