using System.Diagnostics.CodeAnalysis;
using Microsoft.DurableTask.Converters;

namespace Microsoft.DurableTask.Worker
{
    /// <summary>Options of the part that runs orchestrators.</summary>
    public class DurableTaskWorkerOptions
    {
        /// <summary>
        /// Reads and writes the inputs and results of orchestrations and entities. As in the genuine worker, once the app's Configure has run it is set to
        /// <see cref="Microsoft.Azure.Functions.Worker.WorkerOptions.Serializer"/>, which activities use too; set that, or set this by PostConfigure.
        /// </summary>
        [AllowNull]
        public DataConverter DataConverter { get; set => field = value ?? JsonDataConverter.Default; } = JsonDataConverter.Default;

        /// <summary>Whether orchestrators may use entities. In a function app they always may.</summary>
        public bool EnableEntitySupport { get; set; }
    }
}

namespace Microsoft.DurableTask.Client
{
    /// <summary>Options of the clients that functions are given.</summary>
    public class DurableTaskClientOptions
    {
        /// <inheritdoc cref="Microsoft.DurableTask.Worker.DurableTaskWorkerOptions.DataConverter" />
        [AllowNull]
        public DataConverter DataConverter { get; set => field = value ?? JsonDataConverter.Default; } = JsonDataConverter.Default;

        /// <summary>Whether clients may use entities. In a function app they always may.</summary>
        public bool EnableEntitySupport { get; set; }
    }
}
