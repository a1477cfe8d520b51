namespace Serverless.Platform.Training;

/// <summary>A call into XGBoost failed, or its library is not there. The message says which call, and what XGBoost said of it.</summary>
public sealed class XGBoostException(string message) : Exception(message);
