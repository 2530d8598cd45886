// SPDX-License-Identifier: Apache-2.0
namespace Tare.Cli.Tests.BuildProgress;

/// <summary>A clock that is set by hand.</summary>
internal sealed class Ticks : TimeProvider
{
    private TimeSpan _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now.Ticks;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + _now;

    public void Go(double seconds) => _now += TimeSpan.FromSeconds(seconds);
}
