using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Serverless.Embedded.DurableTask.Store;

/// <summary>
/// The one writer. Steps are carried out in the order they come; all that wait go into one transaction, so that many share one flush
/// to disk. Each step takes effect whole or not at all.
/// </summary>
internal sealed partial class StoreWriter : IDisposable
{
    private const int MaxBatch = 1000;

    // SQLITE_BUSY, LOCKED, NOMEM, READONLY, IOERR, FULL, CANTOPEN: the disk or the machine is at fault, and may recover.
    private static readonly HashSet<int> Transient = [5, 6, 7, 8, 10, 13, 14];

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    // How long an activity's result waits for the episode that it sets off, to be written with it.
    private static readonly TimeSpan DeferredDelay = TimeSpan.FromMilliseconds(2);

    private readonly BlockingCollection<Step> _queue = [];
    private readonly CancellationTokenSource _abort = new();
    private readonly SqliteConnection _connection;
    private readonly StoreTransaction _transaction;
    private readonly Action<StepEffects> _committed;
    private readonly ILogger _logger;
    private readonly Thread _thread;

    /// <summary><paramref name="committed"/> is called on the writer's thread after each commit, so it must be quick, and must not throw.</summary>
    public StoreWriter(SqliteConnection connection, StoreIds ids, Action<StepEffects> committed, ILogger logger)
    {
        _connection = connection;
        _transaction = new StoreTransaction(connection, ids);
        _committed = committed;
        _logger = logger;
        _thread = new Thread(WriteAll) { IsBackground = true, Name = "task hub writer" };
        _thread.UnsafeStart();
    }

    /// <summary>Carries out a step; the task ends when it is on disk. A deferred one may wait a moment for a step that follows from it.</summary>
    /// <exception cref="ObjectDisposedException">The writer is closed; the step has not been and will not be carried out.</exception>
    public Task<T> WriteAsync<T>(Func<StoreTransaction, T> step, bool isDeferred = false)
    {
        var queued = new Step<T>(step, isDeferred);
        try
        {
            _queue.Add(queued);
        }
        catch (InvalidOperationException)
        {
            queued.Fail(Closed());
        }

        return queued.Task;
    }

    /// <summary>Carries out what is queued, then ends.</summary>
    public void Close()
    {
        _queue.CompleteAdding();
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
        _transaction.Dispose();
        _connection.Dispose();
        _queue.Dispose();
        _abort.Dispose();
    }

    private static ObjectDisposedException Closed() => new(nameof(TaskHub), "The task hub is stopped; nothing more can be stored.");

    private void WriteAll()
    {
        List<Step> batch = [];
        while (_queue.TryTake(out var first, Timeout.Infinite))
        {
            batch.Add(first);
            while (batch.Count < MaxBatch && _queue.TryTake(out var next, batch.TrueForAll(step => step.IsDeferred) ? DeferredDelay : TimeSpan.Zero))
                batch.Add(next);
            if (_abort.IsCancellationRequested || !WriteUntilStored(batch))
                batch.ForEach(step => step.Fail(Closed()));
            batch.Clear();
        }
    }

    private bool WriteUntilStored(List<Step> batch)
    {
        while (!TryWrite(batch))
        {
            // A full disk must not lose what has happened; it waits here, and whoever asked waits with it.
            if (_queue.IsAddingCompleted || _abort.Token.WaitHandle.WaitOne(RetryDelay))
                return false;
        }

        foreach (var step in batch)
            step.Complete(_committed);
        return true;
    }

    private bool TryWrite(List<Step> batch)
    {
        var hasBegun = false;
        try
        {
            _transaction.BeginBatch();
            hasBegun = true;
            foreach (var step in batch)
                Write(step);
            _transaction.CommitBatch();
            return true;
        }
        catch (SqliteException exception)
        {
            LogWriteFailed(exception, batch.Count);
            if (hasBegun)
                RollBack();
            return false;
        }
    }

    private void Write(Step step)
    {
        _transaction.BeginStep();
        try
        {
            step.Run(_transaction);
            _transaction.EndStep();
        }
        catch (Exception exception) when (exception is not SqliteException { SqliteErrorCode: var code } || !Transient.Contains(code))
        {
            _transaction.UndoStep();
            step.Reject(exception);
        }
    }

    private void RollBack()
    {
        try
        {
            _transaction.RollBackBatch();
        }
        catch (SqliteException exception)
        {
            // SQLite rolls back by itself after some errors; then there is nothing left to roll back.
            LogRollBackFailed(exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Writing {Steps} steps to the task hub failed; nothing of them is stored. Trying again.")]
    private partial void LogWriteFailed(Exception exception, int steps);

    [LoggerMessage(Level = LogLevel.Debug, Message = "There was no transaction to roll back.")]
    private partial void LogRollBackFailed(Exception exception);

    private abstract class Step(bool isDeferred)
    {
        public bool IsDeferred => isDeferred;

        public abstract void Run(StoreTransaction transaction);

        public abstract void Reject(Exception exception);

        public abstract void Complete(Action<StepEffects> committed);

        public abstract void Fail(Exception exception);
    }

    private sealed class Step<T>(Func<StoreTransaction, T> run, bool isDeferred) : Step(isDeferred)
    {
        private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private StepEffects? _effects;
        private T? _result;
        private Exception? _rejection;

        public Task<T> Task => _completion.Task;

        public override void Run(StoreTransaction transaction)
        {
            _rejection = null;
            _result = run(transaction);
            _effects = transaction.Effects;
        }

        public override void Reject(Exception exception) => (_rejection, _effects) = (exception, null);

        public override void Complete(Action<StepEffects> committed)
        {
            if (_rejection is not null)
            {
                _completion.SetException(_rejection);
                return;
            }

            if (_effects is not null)
                committed(_effects);
            _completion.SetResult(_result!);
        }

        public override void Fail(Exception exception) => _completion.TrySetException(exception);
    }
}
