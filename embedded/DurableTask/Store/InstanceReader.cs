using Microsoft.Data.Sqlite;
using Microsoft.DurableTask.Client;

namespace Serverless.Embedded.DurableTask.Store;

internal static class InstanceReader
{
    public const string Columns = "key, instance_id, execution, name, version, status, parent_key, parent_execution, parent_task_id";

    public static InstanceRow Read(SqliteDataReader reader) => new(
        reader.GetInt64(0),
        reader.GetString(1),
        reader.GetInt32(2),
        reader.GetString(3),
        reader.GetString(4),
        (OrchestrationRuntimeStatus)reader.GetInt32(5),
        reader.IsDBNull(6) ? null : new ParentRef(reader.GetInt64(6), reader.GetInt32(7), reader.GetInt32(8)));

    public static string? GetText(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
