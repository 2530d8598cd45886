// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Engine.Containers;
using Tare.Engine.Logs;
using Tare.Keeper.Log;
using Tare.Linux;

namespace Tare.Engine.Tests.Logs;

public sealed class LogSourceTests : IDisposable
{
    private readonly TemporaryEngine _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void The_log_of_a_container_that_does_not_run_is_read_and_following_it_ends()
    {
        ContainerRow row = NewRow();
        using (Fd folder = _temporary.Engine.Folders.MakeContainer(row.Id.Text))
        using (var log = new LogFile(folder, Encoding.ASCII.GetBytes(KeeperOrders.LogName(row.Id)), LogLimits.Default, TimeProvider.System))
        {
            log.Write(isStderr: false, "one\n"u8);
        }

        using LogSource source = LogSource.TryOpen(_temporary.Engine, row, follows: true)!;
        using LogReader reader = source.Read(new LogQuery());
        using LogFollower follower = source.Follow(new LogQuery(), () => true);

        Assert.True(reader.TryRead(out LogRecord read));
        Assert.True(follower.TryRead(out LogRecord followed));
        Assert.Equal("one\n"u8, read.Text.Span);
        Assert.Equal("one\n"u8, followed.Text.Span);
        Assert.False(reader.TryRead(out _));
        Assert.False(follower.TryRead(out _));
    }

    [Fact]
    public void A_container_without_a_folder_has_no_log() =>
        Assert.Null(LogSource.TryOpen(_temporary.Engine, NewRow(), follows: false));

    private static ContainerRow NewRow() =>
        new(ContainerId.Create(), "web", "busybox", "sha256:0", DateTimeOffset.UnixEpoch, false, [], null, null);
}
