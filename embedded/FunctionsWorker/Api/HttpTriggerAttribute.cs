using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Runs the function for HTTP requests.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class HttpTriggerAttribute : TriggerBindingAttribute
{
    public HttpTriggerAttribute()
        : this(AuthorizationLevel.Function)
    {
    }

    public HttpTriggerAttribute(params string[] methods)
        : this(AuthorizationLevel.Function, methods)
    {
    }

    public HttpTriggerAttribute(AuthorizationLevel authLevel)
    {
        AuthLevel = authLevel;
    }

    public HttpTriggerAttribute(AuthorizationLevel authLevel, params string[] methods)
    {
        AuthLevel = authLevel;
        Methods = methods;
    }

    /// <summary>The route below the route prefix, with ASP.NET Core's parameters and constraints; the function's name unless set.</summary>
    public string? Route { get; set; }

    /// <summary>The methods answered; all when null or empty.</summary>
    public string[]? Methods { get; }

    public AuthorizationLevel AuthLevel { get; }
}

/// <summary>What a request must carry to be let in.</summary>
public enum AuthorizationLevel
{
    /// <summary>Nothing.</summary>
    Anonymous,

    /// <summary>Not supported by isolated workers.</summary>
    User,

    /// <summary>A function key.</summary>
    Function,

    /// <summary>Reserved for the host's own extensions.</summary>
    System,

    /// <summary>The host's master key.</summary>
    Admin,
}
