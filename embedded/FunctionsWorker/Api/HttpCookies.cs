namespace Microsoft.Azure.Functions.Worker.Http;

/// <summary>A cookie of a request, or one to set.</summary>
public interface IHttpCookie
{
    string? Domain { get; }

    DateTimeOffset? Expires { get; }

    bool? HttpOnly { get; }

    /// <summary>Seconds; zero or less lets the cookie expire at once.</summary>
    double? MaxAge { get; }

    string Name { get; }

    string? Path { get; }

    SameSite SameSite { get; }

    bool? Secure { get; }

    string Value { get; }
}

/// <inheritdoc cref="IHttpCookie" />
public sealed class HttpCookie : IHttpCookie
{
    public HttpCookie(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        Name = name;
        Value = value;
    }

    public string? Domain { get; set; }

    public DateTimeOffset? Expires { get; set; }

    public bool? HttpOnly { get; set; }

    public double? MaxAge { get; set; }

    public string Name { get; set; }

    public string? Path { get; set; }

    public SameSite SameSite { get; set; }

    public bool? Secure { get; set; }

    public string Value { get; set; }
}

/// <summary>The cookies that a response sets.</summary>
public abstract class HttpCookies
{
    protected HttpCookies()
    {
    }

    public abstract void Append(string name, string value);

    public abstract void Append(IHttpCookie cookie);

    public abstract IHttpCookie CreateNew();
}

/// <summary>Whether a cookie goes along with requests from other sites.</summary>
public enum SameSite
{
    /// <summary>Nothing is said; browsers take it as <see cref="Lax"/>.</summary>
    None,
    Lax,
    Strict,

    /// <summary>It goes along with all.</summary>
    ExplicitNone,
}
