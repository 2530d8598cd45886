// SPDX-License-Identifier: Apache-2.0
namespace Tare.Keeper.Tests.Log;

/// <summary>A clock that stands still until the test moves it.</summary>
internal sealed class SetClock : TimeProvider
{
    private long _passed;

    public DateTimeOffset Now { get; set; } = new(2026, 11, 26, 5, 49, 50, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Advance(TimeSpan time)
    {
        Now += time;
        _passed += time.Ticks;
    }

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => _passed;
}
