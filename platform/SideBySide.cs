using System.Runtime.ExceptionServices;

namespace Serverless.Platform;

/// <summary>
/// Runs work that does not depend on each other on all processors. Each piece runs on one thread and has a place of its own to write to, so what comes of it
/// is the same to the bit however many run at a time.
/// </summary>
internal static class SideBySide
{
    /// <param name="count">How many pieces there are. They are begun in their order.</param>
    /// <param name="cancellationToken">Checked before every piece.</param>
    /// <param name="piece">Does the piece of a number, from 0.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <remarks>What a piece throws is thrown as it is; of several the first by number.</remarks>
    public static void For(int count, CancellationToken cancellationToken, Action<int> piece)
    {
        var faults = new ExceptionDispatchInfo?[count];
        var (next, isStopped) = (-1, false);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        Parallel.For(0, Math.Min(count, Environment.ProcessorCount), options, _ =>
        {
            while (!Volatile.Read(ref isStopped) && Interlocked.Increment(ref next) is var number && number < count)
            {
                try
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    piece(number);
                }
                catch (Exception fault)
                {
                    faults[number] = ExceptionDispatchInfo.Capture(fault);
                    Volatile.Write(ref isStopped, true);
                }
            }
        });
        Array.Find(faults, fault => fault is not null)?.Throw();
    }
}
