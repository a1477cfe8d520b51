using Serverless.Embedded.FunctionsWorker.Invocations;

namespace Microsoft.Azure.Functions.Worker.Context.Features
{
    /// <summary>Binds the parameters of an invocation, for middleware that looks at them before the function runs.</summary>
    public interface IFunctionInputBindingFeature
    {
        /// <summary>The values, bound once; what is changed in them is what the function gets.</summary>
        ValueTask<FunctionInputBindingResult> BindFunctionInputAsync(FunctionContext context);
    }

    /// <summary>The values of a function's parameters, in their order.</summary>
    public class FunctionInputBindingResult(object?[] values)
    {
        public object?[] Values { get; } = values;
    }
}

namespace Microsoft.Azure.Functions.Worker
{
    /// <summary>The value of one input binding; what is set is what the function gets.</summary>
    public abstract class InputBindingData<T>
    {
        public abstract BindingMetadata BindingMetadata { get; }

        public abstract T? Value { get; set; }
    }

    /// <summary>The value of one output binding; what is set is what is sent.</summary>
    public abstract class OutputBindingData<T>
    {
        public abstract string BindingType { get; }

        public abstract string Name { get; }

        public abstract T? Value { get; set; }
    }

    /// <summary>What a function returned; middleware may replace it.</summary>
    public abstract class InvocationResult<T>
    {
        public abstract T? Value { get; set; }
    }

    /// <inheritdoc cref="InvocationResult{T}" />
    public abstract class InvocationResult : InvocationResult<object>
    {
    }

    public static class FunctionContextBindingFeatureExtensions
    {
        /// <summary>Binds one input before the function runs.</summary>
        /// <exception cref="ArgumentException">The function has no parameter of that name, or its value is not a <typeparamref name="T"/>.</exception>
        public static async ValueTask<InputBindingData<T>> BindInputAsync<T>(this FunctionContext context, BindingMetadata bindingMetadata)
        {
            ArgumentNullException.ThrowIfNull(bindingMetadata);
            return await Invocation.Of(context).BindInputAsync<T>(bindingMetadata);
        }

        /// <summary>The result of this invocation, to be read or replaced by middleware after it awaited the next step.</summary>
        /// <exception cref="InvalidOperationException">The result is not a <typeparamref name="T"/>.</exception>
        public static InvocationResult<T> GetInvocationResult<T>(this FunctionContext context)
        {
            var result = Invocation.Of(context).Result;
            return result.Value is T
                ? new TypedResult<T>(result)
                : throw new InvalidOperationException(
                    $"The requested type {typeof(T)} does not match the type of the invocation's result, {result.Value?.GetType().ToString() ?? "null"}.");
        }

        /// <inheritdoc cref="GetInvocationResult{T}" />
        public static InvocationResult GetInvocationResult(this FunctionContext context) => Invocation.Of(context).Result;

        /// <summary>The output bindings of the function; those whose value is not a <typeparamref name="T"/> have none.</summary>
        public static IEnumerable<OutputBindingData<T>> GetOutputBindings<T>(this FunctionContext context) =>
            Invocation.Of(context) is var invocation
                ? context.FunctionDefinition.OutputBindings.Values.Select(binding => new OutputData<T>(invocation, binding))
                : [];
    }
}
