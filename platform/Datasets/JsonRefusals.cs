using System.Text.Json;
using Serverless.Platform.Storage;

namespace Serverless.Platform.Datasets;

/// <param name="Row">The object, 1 for the first.</param>
/// <param name="Line">Its line, 1 for the first.</param>
internal readonly record struct JsonPlace(long Row, long Line);

/// <summary>What is said of a file that is not made of JSON objects, one a line.</summary>
internal static class JsonRefusals
{
    private const string OneObjectALine = "Write each row as one object in one line, such as {\"Age\": 41, \"Home\": \"rent\"}; 'jq -c' does.";

    public static readonly Refusal Empty = new(
        "The file is empty; expected a JSON object in each line.", "Drop the file again with its content.", Line: 1);

    public static readonly Refusal NoColumns = new(
        "The file's objects have no keys; expected the columns' names as keys.", OneObjectALine, Row: 1);

    public static Refusal NoObject(JsonPlace at, JsonTokenType found) => new(
        $"The line holds {(found == JsonTokenType.StartArray ? "an array" : "a single value")}; expected a JSON object.", OneObjectALine, at.Row, Line: at.Line);

    public static Refusal Malformed(JsonPlace at, long position) => new(
        $"The line is not one JSON object: what stands at byte {position + 1} of it does not belong there, or it ends too early.", OneObjectALine, at.Row, Line: at.Line);

    public static Refusal NotUtf8(JsonPlace at) => new(
        "The line is not UTF-8; expected text in UTF-8.", "Save the file as UTF-8 (often it is Windows-1252 or Latin-1) and drop it again.", at.Row, Line: at.Line);

    public static Refusal NoCharacter(JsonPlace at) => new(
        "The line holds an escape that stands for no character, such as one half of a surrogate pair.", "Write the character itself, or both halves.", at.Row, Line: at.Line);

    public static Refusal ZeroCharacter(JsonPlace at, string column) => new(
        "The value holds the zero character, which no text has.", "Leave it out.", at.Row, column, at.Line);

    public static Refusal Duplicate(JsonPlace at, string column) => new(
        $"The key '{ValueExcerpt.Of(column)}' comes twice in one object; expected each key once.", "Rename or remove one of the two.", at.Row, column, at.Line);

    public static Refusal Nested(JsonPlace at, string column, JsonTokenType found) => new(
        $"The value of '{ValueExcerpt.Of(column)}' is {(found == JsonTokenType.StartArray ? "an array" : "an object")}; expected a text, a number, true, false or null.",
        "Write what is within it under keys of its own, such as address_city, or leave it out.", at.Row, column, at.Line);

    public static Refusal TooManyColumns(JsonPlace at, TableLimits limits) => new(
        $"The objects up to here have more than {limits.MaxColumns} different keys, the most that are read.", "Leave out columns that a model does not need; values do not belong into keys.", at.Row, Line: at.Line);

    public static Refusal NewKey(JsonPlace at) => new(
        "The object has a key that the file did not have when it was read first.", "Drop the file again once it is written.", at.Row, Line: at.Line);

    public static Refusal TooLong(JsonPlace at, TableLimits limits) => new(
        $"The line is longer than {limits.MaxRecordBytes} bytes, the longest that is read.", "Shorten the longest value; if the file is one long array, write each row in a line of its own.", at.Row, Line: at.Line);
}
