using System.Text.Json.Serialization;
using Serverless.Embedded.FunctionsWorker.Functions;
using Serverless.Embedded.FunctionsWorker.Hosting;

namespace Serverless.Embedded.FunctionsWorker.Http;

/// <summary>The functions as <c>/admin/functions</c> shows them. What lies in files on the genuine host is null here.</summary>
internal sealed class FunctionDescriptions(FunctionCatalog functions, HostSettings settings, HostAddress address)
{
    private const string Language = "dotnet-isolated";

    public IEnumerable<FunctionDescription> All() =>
        functions.Running.Select(Describe).Concat(functions.SwitchedOff.Select(DescribeSwitchedOff)).OrderBy(function => function.Name, StringComparer.OrdinalIgnoreCase);

    public FunctionDescription? Find(string name) => All().FirstOrDefault(function => function.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private FunctionDescription Describe(DeclaredFunction function)
    {
        var http = function.Trigger as HttpTriggerSpec;
        var trigger = function.InputBindings.Values.FirstOrDefault(binding => binding.Type.Equals(function.Trigger.Type, StringComparison.OrdinalIgnoreCase));
        List<FunctionBinding> bindings = [.. function.InputBindings.Values.Concat(function.OutputBindings.Values).Select(binding => new FunctionBinding(
            binding.Name,
            binding.Type,
            binding.Direction.ToString(),
            binding == trigger && http is not null ? RouteBelowPrefix(http) : null,
            binding == trigger ? http?.Methods.Select(method => method.ToLowerInvariant()).ToList() : null,
            binding == trigger ? http?.Level.ToString() : null))];
        return new FunctionDescription(
            function.Name,
            HrefOf(function.Name),
            // In lower case, as the genuine host gives it; routes match in any.
            http is null ? null : $"{address.Get()}/{http.Route}".ToLowerInvariant(),
            new FunctionConfig(function.Name, function.EntryPoint, Path.GetFileName(function.PathToAssembly), Language, null, bindings),
            IsDisabled: false);
    }

    private FunctionDescription DescribeSwitchedOff(string name) => new(name, HrefOf(name), null, new FunctionConfig(name, null, null, Language, null, []), IsDisabled: true);

    private string HrefOf(string name) => $"{address.Get()}/admin/functions/{name}";

    private string RouteBelowPrefix(HttpTriggerSpec http) => settings.Http.RoutePrefix.Length == 0 ? http.Route : http.Route[(settings.Http.RoutePrefix.Length + 1)..];
}

internal sealed record FunctionDescription(
    string Name,
    string Href,
    [property: JsonPropertyName("invoke_url_template")] string? InvokeUrlTemplate,
    FunctionConfig Config,
    bool IsDisabled)
{
    [JsonPropertyName("script_root_path_href")]
    public string? ScriptRootPathHref { get; init; }

    [JsonPropertyName("script_href")]
    public string? ScriptHref { get; init; }

    [JsonPropertyName("config_href")]
    public string? ConfigHref { get; init; }

    [JsonPropertyName("test_data_href")]
    public string? TestDataHref { get; init; }

    public string Language => Config.Language;

    public string? Files { get; init; }

    [JsonPropertyName("test_data")]
    public string? TestData { get; init; }

    public bool IsDirect { get; init; }

    public bool IsProxy { get; init; }
}

internal sealed record FunctionConfig(
    string Name, string? EntryPoint, string? ScriptFile, string Language, string? FunctionDirectory, IReadOnlyList<FunctionBinding> Bindings);

internal sealed record FunctionBinding(
    string Name,
    string Type,
    string Direction,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Route,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Methods,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? AuthLevel);
