using System.Globalization;

namespace Serverless.Tests.Infra.Local;

/// <summary>What /proc tells of processes: bare systems have no ps.</summary>
internal static class Proc
{
    private const int State = 3;
    private const int Parent = 4;
    private const int Session = 6;

    public static int SessionOf(int id) =>
        int.Parse(Field(id, Session) ?? throw new InvalidOperationException($"Process {id} is gone."), CultureInfo.InvariantCulture);

    /// <summary>One that has ended and that nobody has waited for yet counts as gone.</summary>
    public static bool Exists(int id) => Field(id, State) is not (null or "Z" or "X");

    public static IReadOnlyList<int> ChildrenOf(int id) => [
        .. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var process) ? process : 0)
            .Where(process => process > 0 && Field(process, Parent) == id.ToString(CultureInfo.InvariantCulture))];

    /// <summary>By its number in proc(5), from 3 on; null when there is no such process.</summary>
    private static string? Field(int id, int number)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[number - 3];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
