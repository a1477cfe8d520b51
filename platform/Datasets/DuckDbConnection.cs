using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Serverless.Platform.Datasets;

/// <summary>What a database may use of the machine.</summary>
public sealed record DuckDbOptions
{
    /// <summary>Most memory, in MiB. <value>Default 1,024.</value></summary>
    public int MemoryLimitMiB { get; init; } = 1024;

    /// <summary>Threads of one query. <value>Default 1: sums of floats then come out the same, bit by bit, on every run.</value></summary>
    public int Threads { get; init; } = 1;

    /// <summary>Where it spills what does not fit into memory; null: it fails instead.</summary>
    public string? TempDirectory { get; init; }
}

/// <summary>A connection to a DuckDB database of its own, in memory. Not for use by several threads at once.</summary>
public sealed class DuckDbConnection : IDisposable
{
    private static readonly bool LibraryIsThere = NativeLibrary.TryLoad("duckdb", typeof(DuckDbConnection).Assembly, null, out _);

    private readonly DuckDbDatabaseHandle database;

    private DuckDbConnection(DuckDbDatabaseHandle database, DuckDbConnectionHandle handle)
    {
        this.database = database;
        Handle = handle;
    }

    internal DuckDbConnectionHandle Handle { get; }

    /// <summary>Opens an empty database that loads no extension and can be configured no further.</summary>
    /// <exception cref="DllNotFoundException">The library is not there; the message says where from it comes.</exception>
    /// <exception cref="DuckDbException">It cannot be opened.</exception>
    public static DuckDbConnection Open(DuckDbOptions? options = null)
    {
        RequireLibrary();
        options ??= new DuckDbOptions();
        Check(DuckDbNative.CreateConfig(out var config), "create a configuration");
        using (config)
        {
            Set(config, "memory_limit", string.Create(CultureInfo.InvariantCulture, $"{options.MemoryLimitMiB}MiB"));
            Set(config, "threads", options.Threads.ToString(CultureInfo.InvariantCulture));
            Set(config, "temp_directory", options.TempDirectory ?? "");
            Set(config, "autoinstall_known_extensions", "false");
            Set(config, "autoload_known_extensions", "false");
            Set(config, "allow_community_extensions", "false");
            var state = DuckDbNative.Open(":memory:", out var database, config, out var error);
            if (state != DuckDbNative.Success)
            {
                var message = Marshal.PtrToStringUTF8(error);
                DuckDbNative.Free(error);
                database.Dispose();
                throw new DuckDbException($"DuckDB could not open a database: {message}");
            }

            if (DuckDbNative.Connect(database, out var connection) == DuckDbNative.Success)
            {
                return Lock(new DuckDbConnection(database, connection));
            }

            connection.Dispose();
            database.Dispose();
            throw new DuckDbException("DuckDB could not connect to its database.");
        }
    }

    /// <summary>An identifier in quotes.</summary>
    public static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A string literal, for the places where SQL takes no parameter.</summary>
    public static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>Runs a statement whose rows are not wanted.</summary>
    public void Execute(string sql, CancellationToken cancellationToken, params ReadOnlySpan<object?> parameters) =>
        Query(sql, cancellationToken, parameters).Dispose();

    /// <summary>Runs one statement to its end.</summary>
    /// <param name="sql">With <c>?</c> or <c>$1</c> for each parameter.</param>
    /// <param name="cancellationToken">Interrupts the statement.</param>
    /// <param name="parameters">Text, whole numbers, doubles or null.</param>
    /// <exception cref="DuckDbException">It cannot be prepared or fails.</exception>
    public DuckDbResult Query(string sql, CancellationToken cancellationToken, params ReadOnlySpan<object?> parameters) =>
        Run(sql, isStreamed: false, cancellationToken, parameters);

    /// <summary>Runs one statement as its rows are fetched, so that the result is never whole in memory. Nothing else may run on the connection meanwhile.</summary>
    /// <inheritdoc cref="Query"/>
    public DuckDbResult Stream(string sql, CancellationToken cancellationToken, params ReadOnlySpan<object?> parameters) =>
        Run(sql, isStreamed: true, cancellationToken, parameters);

    public void Dispose()
    {
        Handle.Dispose();
        database.Dispose();
    }

    internal static void Check(int state, string what)
    {
        if (state != DuckDbNative.Success)
        {
            throw new DuckDbException($"DuckDB could not {what}.");
        }
    }

    private static void Set(DuckDbConfigHandle config, string name, string value) =>
        Check(DuckDbNative.SetConfig(config, name, value), $"set {name} to '{value}'");

    /// <summary>Makes the settings that only a connection has, and then none can be changed.</summary>
    /// <remarks>
    /// A streamed result is to be ahead of its reader by one chunk. DuckDB counts sixteen bytes for a text, however long it is, so that the
    /// megabyte it takes by default may be gigabytes.
    /// </remarks>
    private static DuckDbConnection Lock(DuckDbConnection connection)
    {
        try
        {
            connection.Execute("SET streaming_buffer_size = '1KB'", CancellationToken.None);
            connection.Execute("SET lock_configuration = true", CancellationToken.None);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void RequireLibrary()
    {
        if (!LibraryIsThere)
        {
            throw new DllNotFoundException(
                $"DuckDB's library was not found; expected libduckdb.so in {AppContext.BaseDirectory}. "
                + "Restore the npm package @duckdb/node-bindings-linux-x64 ('npm ci' in the repository) and build again, or copy its libduckdb.so there.");
        }
    }

    private DuckDbResult Run(string sql, bool isStreamed, CancellationToken cancellationToken, ReadOnlySpan<object?> parameters)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var statement = Prepare(sql);
        Bind(statement, sql, parameters);
        var result = new DuckDbResultHandle();
        int state;
        using (cancellationToken.UnsafeRegister(connection => DuckDbNative.Interrupt((DuckDbConnectionHandle)connection!), Handle))
        {
            state = isStreamed ? DuckDbNative.ExecuteStreaming(statement, result) : DuckDbNative.Execute(statement, result);
        }

        if (state == DuckDbNative.Success)
        {
            return new DuckDbResult(result);
        }

        var message = Marshal.PtrToStringUTF8(DuckDbNative.ResultError(result));
        result.Dispose();
        cancellationToken.ThrowIfCancellationRequested();
        throw new DuckDbException($"DuckDB could not run '{sql}': {message}", message);
    }

    private DuckDbStatementHandle Prepare(string sql)
    {
        if (DuckDbNative.Prepare(Handle, sql, out var statement) == DuckDbNative.Success)
        {
            return statement;
        }

        var message = Marshal.PtrToStringUTF8(DuckDbNative.PrepareError(statement));
        statement.Dispose();
        throw new DuckDbException($"DuckDB could not prepare '{sql}': {message}", message);
    }

    private static unsafe void Bind(DuckDbStatementHandle statement, string sql, ReadOnlySpan<object?> parameters)
    {
        if (DuckDbNative.ParameterCount(statement) != (ulong)parameters.Length)
        {
            throw new ArgumentException(
                $"Found {parameters.Length} values for '{sql}'; expected {DuckDbNative.ParameterCount(statement)}.", nameof(parameters));
        }

        for (var i = 0; i < parameters.Length; i++)
        {
            var index = (ulong)i + 1;
            switch (parameters[i])
            {
                case null:
                    Check(DuckDbNative.BindNull(statement, index), $"bind parameter {index}");
                    break;
                case string text:
                    var utf8 = Encoding.UTF8.GetBytes(text);
                    fixed (byte* bytes = utf8)
                    {
                        byte none = 0;
                        Check(DuckDbNative.BindText(statement, index, bytes is null ? &none : bytes, (ulong)utf8.Length), $"bind parameter {index}");
                    }

                    break;
                case int or long:
                    Check(DuckDbNative.BindInt64(statement, index, Convert.ToInt64(parameters[i], CultureInfo.InvariantCulture)), $"bind parameter {index}");
                    break;
                case double number:
                    Check(DuckDbNative.BindDouble(statement, index, number), $"bind parameter {index}");
                    break;
                default:
                    throw new ArgumentException($"Parameter {index} is {parameters[i]!.GetType().Name}; expected text, a whole number, a double or null.", nameof(parameters));
            }
        }
    }
}
