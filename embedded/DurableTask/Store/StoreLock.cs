using System.Diagnostics;
using System.Globalization;

namespace Serverless.Embedded.DurableTask.Store;

/// <summary>
/// The right of one process to a hub's file: a lock of the operating system on a file beside it, which ends with the process, however
/// that ends. Who holds it stands in a second file, for those who are refused; the locked one cannot be read everywhere.
/// </summary>
internal sealed class StoreLock : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    // EWOULDBLOCK of Linux and of macOS, ERROR_SHARING_VIOLATION of Windows.
    private static readonly int[] Held = [11, 35, unchecked((int)0x80070020)];

    private readonly FileStream _file;

    private StoreLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, and waits for a holder that is about to end.</summary>
    /// <exception cref="InvalidOperationException">Another process holds it, or the folder cannot be written to.</exception>
    public static async Task<StoreLock> AcquireAsync(string databasePath, TimeSpan patience, CancellationToken cancellationToken)
    {
        // The machine's own time: other processes do not follow a clock that is moved by hand.
        var time = TimeProvider.System;
        var began = time.GetTimestamp();
        while (true)
        {
            if (TryOpen(databasePath, out var reason) is { } file)
            {
                try
                {
                    await File.WriteAllTextAsync(OwnerPath(databasePath), DescribeThisProcess(), cancellationToken);
                    return new StoreLock(file);
                }
                catch
                {
                    await file.DisposeAsync();
                    throw;
                }
            }

            if (time.GetElapsedTime(began) >= patience)
                throw Refused(databasePath, patience, reason);
            await Task.Delay(Interval, time, cancellationToken);
        }
    }

    public void Dispose() => _file.Dispose();

    private static string OwnerPath(string databasePath) => databasePath + ".owner";

    private static FileStream? TryOpen(string databasePath, out IOException? reason)
    {
        reason = null;
        try
        {
            return new FileStream(databasePath + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (Held.Contains(exception.HResult))
        {
            reason = exception;
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException(
                $"The lock file '{databasePath}.lock' of the task hub cannot be written ({exception.Message}) Let this user write to the folder, or choose another.",
                exception);
        }
    }

    private static InvalidOperationException Refused(string databasePath, TimeSpan patience, IOException? reason) => new(
        $"The task hub file '{databasePath}' is held by {ReadOwner(databasePath) ?? "another process"}, which did not end within {patience.TotalSeconds:0.#} s. "
        + "A task hub belongs to one process: stop that one, or give this one a file of its own.",
        reason);

    private static string? ReadOwner(string databasePath)
    {
        try
        {
            return File.ReadAllText(OwnerPath(databasePath)).Trim() is { Length: > 0 } owner ? owner : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Not written yet, or not readable: the refusal then says less.
            return null;
        }
    }

    private static string DescribeThisProcess()
    {
        using var process = Process.GetCurrentProcess();
        var started = process.StartTime.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        return $"process {Environment.ProcessId} ({process.ProcessName}) on {Environment.MachineName}, started {started} UTC";
    }
}
