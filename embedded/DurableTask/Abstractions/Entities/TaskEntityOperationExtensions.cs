using System.Reflection;

namespace Microsoft.DurableTask.Entities;

public static class TaskEntityOperationExtensions
{
    /// <summary>Calls the target's public method of the operation's name.</summary>
    /// <returns>What it returned; null when there is no such method.</returns>
    /// <exception cref="AmbiguousMatchException">There are several of that name.</exception>
    /// <exception cref="InvalidOperationException">The method's parameters cannot be filled.</exception>
    internal static DispatchedOperation? TryDispatch(this TaskEntityOperation operation, object target)
    {
        var method = target.GetType().GetMethod(operation.Name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase);
        if (method is null)
            return null;
        var parameters = method.GetParameters();
        ThrowIfTwice(operation, method, parameters, "context", IsContext);
        ThrowIfTwice(operation, method, parameters, "input", parameter => !IsContext(parameter));
        object?[] arguments = [.. parameters.Select(parameter => IsContext(parameter) ? operation.Context : Input(operation, method, parameter))];
        return new DispatchedOperation(method.Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null), method.ReturnType);
    }

    private static bool IsContext(ParameterInfo parameter) => parameter.ParameterType == typeof(TaskEntityContext);

    private static object? Input(TaskEntityOperation operation, MethodInfo method, ParameterInfo parameter)
    {
        if (operation.HasInput)
            return operation.GetInput(parameter.ParameterType);
        return parameter.HasDefaultValue
            ? parameter.DefaultValue
            : throw new InvalidOperationException(
                $"The operation '{operation}' was dispatched to '{method}', whose parameter '{parameter.Name}' expects an input, but the caller gave none. "
                + "Give an input, or give the parameter a default value.");
    }

    private static void ThrowIfTwice(
        TaskEntityOperation operation, MethodInfo method, IEnumerable<ParameterInfo> parameters, string what, Func<ParameterInfo, bool> belongs)
    {
        var names = parameters.Where(belongs).Select(parameter => $"'{parameter.Name}'").ToList();
        if (names.Count > 1)
            throw new InvalidOperationException($"The operation '{operation}' was dispatched to '{method}', which takes its {what} {names.Count} times: {string.Join(", ", names)}. Keep one.");
    }
}
