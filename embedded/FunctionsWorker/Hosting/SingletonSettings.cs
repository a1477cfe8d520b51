namespace Serverless.Embedded.FunctionsWorker.Hosting;

/// <summary>How replicas of an app agree which of them runs a timer, and which looks for blobs: by leases of blobs in the host's storage.</summary>
/// <param name="ListenerLockPeriod">How long the lease lasts unless renewed, and so after its holder was lost. Default: 1 minute; from 15 s to 1 minute.</param>
/// <param name="RecoveryPollingInterval">How often the others try to take it. Default: 15 s, where the genuine host has 1 minute.</param>
internal sealed record SingletonSettings(TimeSpan ListenerLockPeriod, TimeSpan RecoveryPollingInterval)
{
    private static readonly TimeSpan ShortestLease = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestLease = TimeSpan.FromMinutes(1);

    public static SingletonSettings Read(SettingReader read, string section) => new(
        read.Time($"{section}:listenerLockPeriod", LongestLease, ShortestLease, LongestLease),
        read.Time($"{section}:listenerLockRecoveryPollingInterval", ShortestLease, ShortestLease, TimeSpan.FromDays(1)));
}
