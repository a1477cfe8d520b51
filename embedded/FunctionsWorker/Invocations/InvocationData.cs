using Microsoft.Azure.Functions.Worker;
using Serverless.Embedded.FunctionsWorker.Functions;

namespace Serverless.Embedded.FunctionsWorker.Invocations;

/// <summary>An input as middleware sees it: one of the values that the function will get.</summary>
internal sealed class InputData<T>(object?[] values, int index, BindingMetadata binding) : InputBindingData<T>
{
    public override BindingMetadata BindingMetadata => binding;

    public override T? Value
    {
        get => (T?)values[index];
        set => values[index] = value;
    }
}

/// <summary>An output as middleware sees it: one of the values that will be sent.</summary>
internal sealed class OutputData<T>(Invocation invocation, BindingMetadata binding) : OutputBindingData<T>
{
    public override string BindingType => binding.Type;

    public override string Name => binding.Name;

    public override T? Value
    {
        get => (binding.Name == FunctionOutputs.Return ? invocation.Result.Value : invocation.Outputs.GetValueOrDefault(Name)) is T value ? value : default;
        set
        {
            if (binding.Name == FunctionOutputs.Return)
                invocation.Result.Value = value;
            else
                invocation.Outputs[Name] = value;
        }
    }
}

/// <summary>A result whose type is known.</summary>
internal sealed class TypedResult<T>(InvocationResult result) : InvocationResult<T>
{
    public override T? Value
    {
        get => (T?)result.Value;
        set => result.Value = value;
    }
}
