using Microsoft.DurableTask.Client;

namespace Serverless.Embedded.DurableTask.Store;

internal static class InstanceReader
{
    public const string Columns = "key, instance_id, execution, name, version, status, parent_key, parent_execution, parent_task_id";

    public static InstanceRow Read(SqlRows rows) => new(
        rows.GetInt64(0),
        rows.GetString(1),
        rows.GetInt32(2),
        rows.GetString(3),
        rows.GetString(4),
        (OrchestrationRuntimeStatus)rows.GetInt32(5),
        rows.IsDBNull(6) ? null : new ParentRef(rows.GetInt64(6), rows.GetInt32(7), rows.GetInt32(8)));
}
