using Microsoft.DurableTask.Converters;
using Microsoft.DurableTask.Entities;
using Serverless.Embedded.DurableTask.Execution;
using Serverless.Embedded.DurableTask.History;

namespace Serverless.Tests.Unit.Embedded.DurableTask;

/// <summary>How operations find the methods of an entity and of its state.</summary>
public sealed class EntityDispatchTests
{
    public static TheoryData<string, object?, string?, string?> Operations => new()
    {
        { "set", "a", null, "\"a\"" },
        { "SET", "a", null, "\"a\"" },
        { "setLater", "a", "\"start, a\"", "\"a\"" },
        { "setSoon", "a", null, "\"a\"" },
        { "setSome", "a", "3", "\"a\"" },
        { "setQuickly", "a", null, "\"a\"" },
        { "setWithContext", "a", "\"@x@y\"", "\"a\"" },
        { "setOrDefault", null, null, "\"default\"" },
        { "noInput", null, "\"start\"", "\"start\"" },
        { "forget", null, null, null },
        { "delete", null, null, null },
    };

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task RunAsync_MethodOfTheName_IsCalled(string operation, object? input, string? expectedResult, string? expectedState)
    {
        var outcome = await RunAsync(new Text(), "\"start\"", (operation, input));

        Assert.Null(outcome.Results[0].Failure);
        Assert.Equal((expectedResult, expectedState), (outcome.Results[0].Output, outcome.State));
    }

    [Theory]
    [InlineData("missing", null, "No suitable method found for entity operation 'x/missing'")]
    [InlineData("set", null, "expects an input, but the caller gave none")]
    [InlineData("twoInputs", "a", "takes its input 2 times: 'one', 'two'")]
    [InlineData("twoContexts", null, "takes its context 2 times")]
    [InlineData("overloaded", null, "Ambiguous")]
    public async Task RunAsync_NoFittingMethod_FailsAndSaysWhy(string operation, string? input, string expected)
    {
        var outcome = await RunAsync(new Text(), "\"start\"", (operation, input));

        Assert.Contains(expected, outcome.Results[0].Failure?.ErrorMessage, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("\"start\"", outcome.State);
    }

    [Fact]
    public async Task RunAsync_StateDispatch_CallsTheMethodsOfTheState()
    {
        var outcome = await RunAsync(new OfState(), null, ("push", 1), ("push", 2), ("own", null));

        Assert.Equal(["1", "2", "\"own\""], outcome.Results.Select(result => result.Output));
        Assert.Equal("""{"Items":[1,2]}""", outcome.State);
    }

    [Fact]
    public async Task RunAsync_FirstOperation_InitializesTheState()
    {
        Assert.Equal("1", (await RunAsync(new Counter(), null, ("add", 1))).State);
        Assert.Equal("0", (await RunAsync(new Nullable(), null, ("touch", null))).State);
        Assert.Equal("\"made for touch\"", (await RunAsync(new Initializing(), null, ("touch", null))).State);
    }

    [Fact]
    public async Task RunAsync_StateChangedButNotSet_IsNotSeenByTheNextOperation()
    {
        var entity = new Function(operation =>
        {
            var list = operation.State.GetState<List<int>>([]);
            list!.Add(1);
            if (operation.Name == "keep")
                operation.State.SetState(list);
            return new ValueTask<object?>(list.Count);
        });

        var outcome = await RunAsync(entity, "[]", ("look", null), ("look", null), ("keep", null), ("look", null), ("look", null));

        Assert.Equal(["1", "1", "1", "2", "2"], outcome.Results.Select(result => result.Output));
        Assert.Equal("[1]", outcome.State);
    }

    [Fact]
    public async Task RunAsync_ResultCannotBeWritten_FailsAndUndoes()
    {
        var outcome = await RunAsync(new Text(), "\"start\"", ("unwritable", null));

        Assert.NotNull(outcome.Results[0].Failure);
        Assert.Equal("\"start\"", outcome.State);
    }

    private static Task<EntityOutcome> RunAsync(ITaskEntity entity, string? state, params (string Name, object? Input)[] operations)
    {
        var converter = JsonDataConverter.Default;
        return new EntityRun(
            new EntityInstanceId("x", "y"), state, [.. operations.Select(operation => new EntityOperation(operation.Name, converter.Serialize(operation.Input), null))], converter)
            .RunAsync(entity, static (_, _) => { });
    }

    private sealed class Text : TaskEntity<string?>
    {
        public void Set(string value) => State = value;

        public async Task<string> SetLater(string value)
        {
            var before = State;
            await Task.Yield();
            State = value;
            return $"{before}, {value}";
        }

        public async Task SetSoon(string value)
        {
            await Task.Yield();
            State = value;
        }

        public async ValueTask<int> SetSome(string value)
        {
            await Task.Yield();
            State = value;
            return 3;
        }

        public ValueTask SetQuickly(string value)
        {
            State = value;
            return default;
        }

        public string SetWithContext(TaskEntityContext context, string value)
        {
            State = value;
            return context.Id.ToString();
        }

        public void SetOrDefault(string value = "default") => State = value;

        public string? NoInput() => State;

        public void Forget() => State = null;

        public object Unwritable()
        {
            State = "changed";
            return new Action(Forget);
        }

        public void TwoInputs(string one, string two) => State = one + two;

        public void TwoContexts(TaskEntityContext one, TaskEntityContext two) => State = $"{one}{two}";

        public void Overloaded() => State = "none";

        public void Overloaded(string value) => State = value;
    }

    private sealed class Stack
    {
        public List<int> Items { get; init; } = [];

        public int Push(int item)
        {
            Items.Add(item);
            return Items.Count;
        }
    }

    private sealed class OfState : TaskEntity<Stack>
    {
        protected override bool AllowStateDispatch => true;

        public string Own() => State is null ? "" : "own";
    }

    private sealed class Nullable : TaskEntity<int?>
    {
        public void Touch() => State = State;
    }

    private sealed class Initializing : TaskEntity<string>
    {
        public void Touch() => State = State;

        protected override string InitializeState(TaskEntityOperation entityOperation) => $"made for {entityOperation.Name}";
    }

    private sealed class Function(Func<TaskEntityOperation, ValueTask<object?>> run) : ITaskEntity
    {
        public ValueTask<object?> RunAsync(TaskEntityOperation operation) => run(operation);
    }
}
