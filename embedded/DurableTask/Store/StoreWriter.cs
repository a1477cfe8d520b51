using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Serverless.Embedded.DurableTask.Store;

/// <summary>
/// The one writer. Steps are carried out in the order they come; all that wait go into one transaction, so that many share one commit.
/// Each step takes effect whole or not at all.
/// </summary>
internal sealed partial class StoreWriter : IDisposable
{
    private const int MaxBatch = 1000;

    // SQLITE_BUSY, LOCKED, NOMEM, READONLY, IOERR, FULL, CANTOPEN: the disk or the machine is at fault, and may recover.
    private static readonly HashSet<int> Transient = [5, 6, 7, 8, 10, 13, 14];

    // The wait after a failed try, doubled each time.
    private static readonly TimeSpan ShortestRetryDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromSeconds(10);

    private readonly StoreQueue _queue = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly StatementCache _statements;
    private readonly StoreTransaction _transaction;
    private readonly StoreShrinker _shrinker;
    private readonly Action<StepEffects> _committed;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private bool _mayShrink;

    /// <summary><paramref name="committed"/> is called on the writer's thread after each commit, so it must be quick, and must not throw.</summary>
    public StoreWriter(SqliteConnection connection, StoreIds ids, Action<StepEffects> committed, ILogger logger)
    {
        _statements = new StatementCache(connection);
        _transaction = new StoreTransaction(_statements, ids);
        _shrinker = new StoreShrinker(_statements);
        _committed = committed;
        _logger = logger;
        _thread = new Thread(WriteAll) { IsBackground = true, Name = "task hub writer" };
        _thread.UnsafeStart();
    }

    /// <summary>Carries out a step; the task ends when it is stored. The token ends the wait alone: the step is carried out all the same.</summary>
    /// <exception cref="ObjectDisposedException">The writer is closed; the step has not been and will not be carried out.</exception>
    public Task<T> WriteAsync<T>(Func<StoreTransaction, T> run, CancellationToken cancellationToken)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        T? result = default;
        Write(
            transaction => result = run(transaction),
            fault =>
            {
                if (fault is null)
                    completion.SetResult(result!);
                else
                    completion.SetException(fault);
            });
        return completion.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Carries out a purge; the token ends it after the step in hand.</summary>
    /// <returns>How many instances are deleted.</returns>
    public async Task<int> PurgeAsync(Purge purge, CancellationToken cancellationToken)
    {
        while (!purge.IsDone)
            purge = await WriteAsync(purge.Run, cancellationToken);
        return purge.Deleted;
    }

    /// <summary>
    /// Carries out a step. <paramref name="done"/> is called once, before the step's effects: with null when it is stored, else with what
    /// stood in the way; on the writer's thread, so it must be quick, and must not throw.
    /// </summary>
    public void Write(Action<StoreTransaction> run, Action<Exception?> done)
    {
        if (!_queue.TryAdd(new StoreStep(run, done)))
            done(Closed());
    }

    /// <summary>Carries out what is queued, then ends.</summary>
    public void Close()
    {
        _queue.Close();
        _closing.Cancel();
        _thread.Join();
    }

    /// <summary>Ends after the transaction in hand; what is queued is lost, as if the process had been killed.</summary>
    public void Abort()
    {
        _abort.Cancel();
        Close();
    }

    public void Dispose()
    {
        Close();
        _statements.Dispose();
        _abort.Dispose();
        _closing.Dispose();
    }

    private static ObjectDisposedException Closed() => new(nameof(TaskHub), "The task hub is stopped; nothing more can be stored.");

    private static bool IsTransient(Exception exception) => exception is SqliteException { SqliteErrorCode: var code } && Transient.Contains(code);

    private void WriteAll()
    {
        List<StoreStep> batch = [];
        while (_queue.Take(batch, MaxBatch))
        {
            if (_abort.IsCancellationRequested || !WriteUntilStored(batch))
                batch.ForEach(step => step.Done(Closed()));
            batch.Clear();
            while (_mayShrink && _queue.IsEmpty && !_queue.IsClosed)
                _mayShrink = TryShrink();
        }
    }

    private bool WriteUntilStored(List<StoreStep> batch)
    {
        var delay = ShortestRetryDelay;
        while (!TryWrite(batch, delay))
        {
            // A full disk must not lose what has happened; it waits here, and whoever asked waits with it.
            if (_queue.IsClosed)
                return false;
            _closing.Token.WaitHandle.WaitOne(delay);
            delay = 2 * delay < LongestRetryDelay ? 2 * delay : LongestRetryDelay;
        }

        if (delay > ShortestRetryDelay)
            LogWrittenAgain(batch.Count);

        foreach (var step in batch)
        {
            step.Done(step.Rejection);
            if (step.Effects is not { } effects)
                continue;
            _mayShrink |= effects.HasPurged;
            _committed(effects);
        }

        return true;
    }

    private bool TryWrite(List<StoreStep> batch, TimeSpan delay)
    {
        try
        {
            // That a step can be undone by itself costs all of them time, so it is done only when one has to be.
            if (!WriteTogether(batch))
                WriteOneByOne(batch);
            return true;
        }
        catch (SqliteException exception)
        {
            LogWriteFailed(exception, batch.Count, delay);
            RollBack();
            return false;
        }
    }

    /// <returns>False when a step stands in the way of the others; then none is stored.</returns>
    private bool WriteTogether(List<StoreStep> batch)
    {
        _transaction.BeginBatch();
        try
        {
            batch.ForEach(step => step.Run(_transaction));
        }
        catch (Exception exception) when (!IsTransient(exception))
        {
            RollBack();
            return false;
        }

        _transaction.CommitBatch();
        return true;
    }

    private void WriteOneByOne(List<StoreStep> batch)
    {
        _transaction.BeginBatch();
        foreach (var step in batch)
        {
            _transaction.BeginUndoable();
            try
            {
                step.Run(_transaction);
                _transaction.EndUndoable();
            }
            catch (Exception exception) when (!IsTransient(exception))
            {
                _transaction.Undo();
                step.Reject(exception);
            }
        }

        _transaction.CommitBatch();
    }

    private void RollBack()
    {
        try
        {
            _transaction.RollBackBatch();
        }
        catch (SqliteException exception)
        {
            LogRollBackFailed(exception);
        }
    }

    private bool TryShrink()
    {
        try
        {
            return _shrinker.MoveSlice();
        }
        catch (SqliteException exception)
        {
            LogShrinkFailed(exception);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Writing {Steps} steps to the task hub's file failed; nothing of them is stored, and who asked for them waits. "
        + "It is tried again after {Delay}. Look whether the disk is full or faulty, and whether another program has the file open.")]
    private partial void LogWriteFailed(Exception exception, int steps, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Information, Message = "The task hub's file can be written again; {Steps} steps that waited are stored.")]
    private partial void LogWrittenAgain(int steps);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A transaction of the task hub could not be rolled back.")]
    private partial void LogRollBackFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What was purged could not be given back to the disk; it is tried again after the next purge.")]
    private partial void LogShrinkFailed(Exception exception);
}
