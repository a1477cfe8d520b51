namespace Serverless.Embedded.DurableTask.Store;

/// <summary>
/// The tables, as the steps that lead to them: a file of version n has had the first n. A step that has been released is never changed; a
/// later one brings older files up to date. Times are UTC ticks. The version stands in <c>PRAGMA user_version</c>.
/// </summary>
internal static class Schema
{
    /// <summary>What brings a file of version n − 1 to version n, at index n − 1.</summary>
    public static readonly IReadOnlyList<string> Steps = [Tables, Tags];

    private const string Tables = """
        CREATE TABLE instances (
          key INTEGER PRIMARY KEY AUTOINCREMENT,
          instance_id TEXT NOT NULL UNIQUE,
          execution INTEGER NOT NULL,
          name TEXT NOT NULL,
          version TEXT NOT NULL,
          status INTEGER NOT NULL,
          created_at INTEGER NOT NULL,
          updated_at INTEGER NOT NULL,
          input TEXT,
          output TEXT,
          custom_status TEXT,
          failure TEXT,
          parent_key INTEGER,
          parent_execution INTEGER,
          parent_task_id INTEGER
        );
        CREATE INDEX instances_by_status ON instances (status, key);
        CREATE INDEX instances_by_parent ON instances (parent_key) WHERE parent_key IS NOT NULL;

        -- What has happened: only ever appended to, until the instance is purged or continues as new.
        CREATE TABLE history (
          id INTEGER PRIMARY KEY,
          instance_key INTEGER NOT NULL,
          sequence INTEGER NOT NULL,
          event TEXT NOT NULL
        );
        CREATE UNIQUE INDEX history_by_instance ON history (instance_key, sequence);

        -- What has arrived for an instance and is not yet in its history; from visible_at on, where that is set (timers, delayed starts).
        CREATE TABLE inbox (
          id INTEGER PRIMARY KEY,
          instance_key INTEGER NOT NULL,
          execution INTEGER,
          timer_task_id INTEGER,
          visible_at INTEGER,
          event TEXT NOT NULL
        );
        CREATE INDEX inbox_by_instance ON inbox (instance_key, timer_task_id);

        -- Activities that have no result yet.
        CREATE TABLE activities (
          id INTEGER PRIMARY KEY,
          instance_key INTEGER NOT NULL,
          execution INTEGER NOT NULL,
          task_id INTEGER NOT NULL,
          name TEXT NOT NULL,
          input TEXT
        );
        CREATE INDEX activities_by_instance ON activities (instance_key);
        """;

    // A JSON object of text; null for none.
    private const string Tags = "ALTER TABLE instances ADD COLUMN tags TEXT;";
}
