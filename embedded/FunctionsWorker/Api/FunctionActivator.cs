namespace Microsoft.Azure.Functions.Worker
{
    /// <summary>Makes the instances whose methods are functions; register one's own to replace the host's, which injects the invocation's services.</summary>
    public interface IFunctionActivator
    {
        object? CreateInstance(Type instanceType, FunctionContext context);
    }
}

namespace Microsoft.Azure.Functions.Worker.Core.Invocation
{
    public static class FunctionActivatorExtensions
    {
        public static T? CreateInstance<T>(this IFunctionActivator activator, FunctionContext context)
            where T : class
        {
            ArgumentNullException.ThrowIfNull(activator);
            return activator.CreateInstance(typeof(T), context) as T;
        }
    }
}
