using Microsoft.Azure.Functions.Worker;
using Serverless.Embedded.FunctionsWorker.Functions;

namespace Serverless.Embedded.FunctionsWorker.Blobs;

/// <summary>What parameters marked <c>[BlobInput]</c> are made from.</summary>
internal static class BlobInputBindings
{
    public const string Type = "blob";

    /// <summary>The binding; null when a blob cannot be turned into the parameter's type.</summary>
    /// <param name="type">The parameter's.</param>
    /// <param name="path">Where the blob is.</param>
    /// <param name="connection">The app setting of the connection string; null for the host's own account.</param>
    public static ParameterBinding? For(Type type, BindingTemplate path, string? connection)
    {
        if (BlobValues.For(type) is not { } value)
            return null;
        return async invocation =>
        {
            string container, blob;
            try
            {
                var scope = new TemplateScope(invocation.BindingContext.BindingData, invocation.Function.Name, invocation.Time.GetUtcNow().UtcDateTime);
                (container, blob) = BlobPath.Split(path.Fill(scope));
            }
            catch (Exception wrong) when (wrong is FormatException or InvalidOperationException)
            {
                throw new FunctionInputConverterException(wrong.Message, wrong);
            }

            return await value(invocation.Accounts.Get(connection).Blobs.GetBlobContainerClient(container), blob, invocation);
        };
    }
}
