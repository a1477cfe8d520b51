using Serverless.Platform.Training;

namespace Serverless.Tests.Unit.Training;

public sealed class XGBoostNativeTests
{
    [Fact]
    public void Require_LibraryIsMissing_SaysWhatToInstall()
    {
        var fault = Assert.Throws<XGBoostException>(() => XGBoostNative.Require("libxgboost-that-is-nowhere.so.0"));

        Assert.Contains("libxgboost-that-is-nowhere.so.0", fault.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install libxgboost0", fault.Message, StringComparison.Ordinal);
    }
}
