using System.Text.RegularExpressions;

namespace Serverless.Embedded.FunctionsWorker.Functions;

/// <summary>The names that storage takes, checked before storage refuses them.</summary>
internal static partial class StorageNames
{
    public const string Rule = "3 to 63 lower-case letters, digits and single hyphens, beginning and ending with a letter or digit";

    public static bool IsQueue(string name) => Plain().IsMatch(name);

    public static bool IsContainer(string name) => Plain().IsMatch(name) || name is "$root" or "$web" or "$logs";

    [GeneratedRegex("^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex Plain();
}
