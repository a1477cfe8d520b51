namespace Serverless.Embedded.DurableTask.Store;

/// <summary>
/// The tables, as the steps that lead to them: a file of version n has had the first n. A step that has been released is never changed; a
/// later one brings older files up to date. Times are UTC ticks. The version stands in <c>PRAGMA user_version</c>.
/// </summary>
internal static class Schema
{
    /// <summary>What brings a file of version n − 1 to version n, at index n − 1.</summary>
    public static readonly IReadOnlyList<string> Steps = [Tables, Tags, Entities, HistoryByEpisode];

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

    private const string Entities = """
        -- Entities that have a state or are locked; lock_* is the task by which an orchestration holds the lock.
        CREATE TABLE entities (
          entity_id TEXT PRIMARY KEY,
          state TEXT,
          modified_at INTEGER NOT NULL,
          lock_instance_id TEXT,
          lock_key INTEGER,
          lock_execution INTEGER,
          lock_task_id INTEGER
        ) WITHOUT ROWID;
        CREATE INDEX entities_by_lock ON entities (lock_key) WHERE lock_key IS NOT NULL;

        -- What has arrived for an entity and is not yet carried out; from visible_at on, where that is set (delayed signals).
        CREATE TABLE entity_inbox (
          id INTEGER PRIMARY KEY,
          entity_id TEXT NOT NULL,
          visible_at INTEGER,
          message TEXT NOT NULL
        );
        CREATE INDEX entity_inbox_by_entity ON entity_inbox (entity_id);
        """;

    // History: a row for each episode instead of one for each event. Inbox and activities: in the order of instances, so that one tree of
    // pages does what a table and an index did.
    private const string HistoryByEpisode = """
        CREATE TABLE history_2 (
          instance_key INTEGER NOT NULL,
          sequence INTEGER NOT NULL, -- of the first event
          events TEXT NOT NULL, -- a JSON array
          PRIMARY KEY (instance_key, sequence)
        ) WITHOUT ROWID;
        INSERT INTO history_2 SELECT instance_key, sequence, '[' || event || ']' FROM history ORDER BY instance_key, sequence;
        DROP TABLE history;
        ALTER TABLE history_2 RENAME TO history;

        CREATE TABLE inbox_2 (
          instance_key INTEGER NOT NULL,
          id INTEGER NOT NULL,
          execution INTEGER,
          timer_task_id INTEGER,
          visible_at INTEGER,
          event TEXT NOT NULL,
          PRIMARY KEY (instance_key, id)
        ) WITHOUT ROWID;
        INSERT INTO inbox_2 SELECT instance_key, id, execution, timer_task_id, visible_at, event FROM inbox;
        DROP TABLE inbox;
        ALTER TABLE inbox_2 RENAME TO inbox;
        CREATE INDEX timers ON inbox (instance_key, timer_task_id) WHERE timer_task_id IS NOT NULL;

        CREATE TABLE activities_2 (
          instance_key INTEGER NOT NULL,
          id INTEGER NOT NULL,
          execution INTEGER NOT NULL,
          task_id INTEGER NOT NULL,
          name TEXT NOT NULL,
          input TEXT,
          PRIMARY KEY (instance_key, id)
        ) WITHOUT ROWID;
        INSERT INTO activities_2 SELECT instance_key, id, execution, task_id, name, input FROM activities;
        DROP TABLE activities;
        ALTER TABLE activities_2 RENAME TO activities;

        -- What retention looks for.
        CREATE INDEX finished_instances ON instances (updated_at) WHERE status IN (1, 3, 5);
        """;
}
