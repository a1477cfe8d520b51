using System.Collections.Concurrent;
using System.Collections.Frozen;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.FunctionsWorker.Functions;
using Serverless.Embedded.FunctionsWorker.Hosting;
using Serverless.Embedded.FunctionsWorker.Outputs;

namespace Serverless.Embedded.FunctionsWorker.Invocations;

/// <summary>Runs functions: middleware, parameters, instance, method, in that order.</summary>
internal sealed partial class FunctionInvoker
{
    /// <summary>How long a function may take to stop after its token fired; past it the invocation has failed, whatever the function still does.</summary>
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(5);

    private readonly IServiceProvider _services;
    private readonly ILoggerFactory _loggers;
    private readonly ConcurrentDictionary<DeclaredFunction, ILogger> _functionLoggers = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan? _timeout;
    private readonly OutputWriter _outputs;
    private readonly FunctionExecutionDelegate _pipeline;
    private readonly IFunctionActivator _activator;
    private readonly FrozenDictionary<DeclaredFunction, IReadOnlyList<ParameterBinding>> _bindings;

    public FunctionInvoker(
        IServiceProvider services, FunctionCatalog functions, InputConverters converters, IFunctionActivator activator, InvocationMiddleware middleware,
        OutputWriter outputs, HostSettings settings, TimeProvider time, ILoggerFactory loggers)
    {
        _activator = activator;
        _bindings = functions.Running.ToFrozenDictionary(function => function, converters.BindingsOf);
        _outputs = outputs;
        _services = services;
        _loggers = loggers;
        _time = time;
        _timeout = settings.FunctionTimeout;
        _pipeline = middleware.Around(CallAsync);
    }

    /// <summary>Runs the function once and gives what it returned.</summary>
    /// <exception cref="TimeoutException">The function took longer than functionTimeout.</exception>
    public async Task<object?> InvokeAsync(DeclaredFunction function, TriggerPayload trigger, CancellationToken cancellationToken)
    {
        using var stop = new StopSignal(_timeout, _time, cancellationToken);
        await using var invocation = new Invocation(function, _bindings[function], trigger, _services, stop);
        var logger = LoggerOf(function);
        if (logger.IsEnabled(LogLevel.Information))
            LogExecuting(logger, function.Name, trigger.Reason, invocation.InvocationId);
        try
        {
            var run = function.Outputs.AreStored ? RunAsync(invocation) : _pipeline(invocation);
            // Most invocations are done at once, and need neither timer nor token.
            await (run.IsCompleted ? run : UntilStoppedAsync(run, stop.Token));
            if (logger.IsEnabled(LogLevel.Information))
                LogSucceeded(logger, function.Name, invocation.InvocationId, (long)stop.Elapsed.TotalMilliseconds);
            return FunctionOutputs.AnswerOf(invocation);
        }
        catch (OperationCanceledException stopped) when (stop.ByTimeout)
        {
            var late = new TimeoutException(
                $"The function '{function.Name}' ran longer than functionTimeout allows ({_timeout:c}). Shorten its work, or raise functionTimeout in host.json; -1 means no limit.", stopped);
            LogFailed(logger, late, function.Name, invocation.InvocationId, (long)stop.Elapsed.TotalMilliseconds);
            throw late;
        }
        // A client that went away has failed the invocation; what anything else asked for is taken up again after the next start.
        catch (OperationCanceledException) when (stop.ByCaller && function.Trigger is not HttpTriggerSpec)
        {
            LogGivenUp(logger, function.Name, invocation.InvocationId);
            throw;
        }
        catch (Exception failure)
        {
            LogFailed(logger, failure, function.Name, invocation.InvocationId, (long)stop.Elapsed.TotalMilliseconds);
            throw;
        }
    }

    /// <summary>Runs an orchestrator up to where it waits. Each replay is a run of its own, so no time is measured and no limit set; nothing here leaves the caller's thread.</summary>
    public async Task<object?> ReplayAsync(DeclaredFunction function, TriggerPayload trigger)
    {
        using var never = new StopSignal(null, _time, CancellationToken.None);
        await using var invocation = new Invocation(function, _bindings[function], trigger, _services, never);
        var logger = LoggerOf(function);
        if (logger.IsEnabled(LogLevel.Debug))
            LogReplaying(logger, function.Name, trigger.Reason, invocation.InvocationId);
        try
        {
            await _pipeline(invocation);
            return invocation.Result.Value;
        }
        catch (Exception failure)
        {
            LogOrchestratorFailed(logger, failure, function.Name, trigger.Reason);
            throw;
        }
    }

    /// <summary>Runs the function, and then writes its outputs: what fails to be written fails the invocation.</summary>
    private async Task RunAsync(Invocation invocation)
    {
        await _pipeline(invocation);
        await _outputs.WriteAsync(invocation, invocation.CancellationToken);
    }

    private async Task UntilStoppedAsync(Task run, CancellationToken stop)
    {
        try
        {
            await run.WaitAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !run.IsCompleted)
        {
            await Task.WhenAny(run, Task.Delay(StopGrace, _time, CancellationToken.None));
            if (!run.IsCompleted)
                throw;
            await run;
        }
    }

    private async Task CallAsync(FunctionContext context)
    {
        var invocation = Invocation.Of(context);
        var function = invocation.Function;
        var arguments = (await invocation.BindFunctionInputAsync(context)).Values;
        var instance = function.Method.IsStatic ? null : _activator.CreateInstance(function.Method.DeclaringType!, context);
        try
        {
            invocation.Result.Value = await function.Call.CallAsync(instance, arguments);
            function.Outputs.Take(invocation);
        }
        finally
        {
            foreach (var argument in arguments)
            {
                if (argument is Stream stream)
                    await stream.DisposeAsync();
            }
        }
    }

    private ILogger LoggerOf(DeclaredFunction function) =>
        _functionLoggers.GetOrAdd(function, static (made, loggers) => loggers.CreateLogger($"Function.{made.Name}"), _loggers);

    [LoggerMessage(1, LogLevel.Information, "Executing 'Functions.{Function}' (Reason='{Reason}', Id={InvocationId})")]
    private static partial void LogExecuting(ILogger logger, string function, string reason, string invocationId);

    [LoggerMessage(2, LogLevel.Information, "Executed 'Functions.{Function}' (Succeeded, Id={InvocationId}, Duration={Milliseconds}ms)")]
    private static partial void LogSucceeded(ILogger logger, string function, string invocationId, long milliseconds);

    [LoggerMessage(3, LogLevel.Error, "Executed 'Functions.{Function}' (Failed, Id={InvocationId}, Duration={Milliseconds}ms)")]
    private static partial void LogFailed(ILogger logger, Exception exception, string function, string invocationId, long milliseconds);

    [LoggerMessage(4, LogLevel.Warning, "Gave up 'Functions.{Function}' (Id={InvocationId}): the app is stopping and the time to finish has passed; its work will be taken up again")]
    private static partial void LogGivenUp(ILogger logger, string function, string invocationId);

    [LoggerMessage(6, LogLevel.Error, "Executed 'Functions.{Function}' (Failed, Instance={InstanceId})")]
    private static partial void LogOrchestratorFailed(ILogger logger, Exception exception, string function, string instanceId);

    [LoggerMessage(5, LogLevel.Debug, "Replaying 'Functions.{Function}' (Reason='{Reason}', Id={InvocationId})")]
    private static partial void LogReplaying(ILogger logger, string function, string reason, string invocationId);
}
