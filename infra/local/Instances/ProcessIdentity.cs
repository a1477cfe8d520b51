using System.Globalization;
using System.Text.Json.Serialization;

namespace Serverless.Local.Instances;

/// <summary>A process that no later one can be taken for: process ids are used again, ids with start times are not.</summary>
/// <param name="StartTicks">Clock ticks from boot to the start of the process: field 22 of /proc/{id}/stat.</param>
public sealed record ProcessIdentity(int Id, long StartTicks)
{
    public static ProcessIdentity Current =>
        new(Environment.ProcessId, ReadStartTicks(Environment.ProcessId)
            ?? throw new CommandException("/proc was not found. Local instances need Linux."));

    [JsonIgnore]
    public bool IsAlive => ReadStartTicks(Id) == StartTicks;

    private static long? ReadStartTicks(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            // The name, field 2, is in parentheses and may hold spaces: count from behind it.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var hasEnded = fields[0] is "Z" or "X"; // though nobody has waited for it yet
            return hasEnded ? null : long.Parse(fields[22 - 3], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null; // no such process
        }
    }
}
