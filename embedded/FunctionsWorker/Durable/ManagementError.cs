using Microsoft.AspNetCore.Http;

namespace Serverless.Embedded.FunctionsWorker.Durable;

/// <summary>The durable HTTP API's errors, in the genuine host's form but without stack traces.</summary>
internal static class ManagementError
{
    public static IResult BadRequest(string message, Exception? cause = null) => Of(StatusCodes.Status400BadRequest, message, cause);

    /// <summary>What a call comes to that throws.</summary>
    public static async Task<IResult> CatchAsync(Func<Task<IResult>> answer)
    {
        try
        {
            return await answer();
        }
        catch (ArgumentException wrong)
        {
            return BadRequest("One or more of the arguments submitted is incorrect", wrong);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            return Of(StatusCodes.Status500InternalServerError, "Something went wrong while processing your request", fault);
        }
    }

    private static IResult Of(int status, string message, Exception? cause) => cause is null
        ? Results.Json(new { Message = message }, Form, statusCode: status)
        : Results.Json(new { Message = message, ExceptionMessage = cause.Message, ExceptionType = cause.GetType().FullName }, Form, statusCode: status);

    private static System.Text.Json.JsonSerializerOptions Form { get; } = new();
}
