using Serverless.Local;
using Serverless.Local.Commands;

using var signals = new StopSignals();
try
{
    return args switch
    {
        ["up"] => await UpCommand.RunAsync(Checkout.Find(), signals.Token),
        ["demo"] => await DemoCommand.RunAsync(Checkout.Find(), signals.Token),
        ["drop", var file, var target] => await BlobCommands.DropAsync(Checkout.Find(), file, target, signals.Token),
        ["get", var source] => await BlobCommands.GetAsync(Checkout.Find(), source, file: null, signals.Token),
        ["get", var source, var file] => await BlobCommands.GetAsync(Checkout.Find(), source, file, signals.Token),
        _ => Usage(),
    };
}
catch (Exception exception) when (exception is CommandException or LocalProcessException)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 1;
}
catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("Stopped.");
    return 130;
}

static int Usage()
{
    Console.Error.WriteLine("Usage: ./dev up | demo | drop FILE CONTAINER/PATH | get CONTAINER/PATH [FILE]");
    return 2;
}
