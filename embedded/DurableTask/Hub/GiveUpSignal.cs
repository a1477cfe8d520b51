using Microsoft.Extensions.Logging;

namespace Serverless.Embedded.DurableTask;

/// <summary>Tells the app's code that it is given up. The app's own callbacks, which may throw or never return, are not waited for.</summary>
internal sealed partial class GiveUpSignal(ILogger logger)
{
    private readonly CancellationTokenSource _source = new();
    private readonly ILogger _logger = logger;

    public CancellationToken Token => _source.Token;

    public bool IsGiven => _source.IsCancellationRequested;

    public void Give() => _ = GiveAsync();

    private async Task GiveAsync()
    {
        try
        {
            await _source.CancelAsync();
        }
        catch (Exception fault)
        {
            LogCallbackFailed(fault);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Code of the app that was to hear of its cancellation threw. The hub goes on stopping; look at what the app registers with its CancellationToken.")]
    private partial void LogCallbackFailed(Exception exception);
}
