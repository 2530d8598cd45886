// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Processes;

namespace Tare.Linux.Tests.Processes;

public class SignalsTests
{
    [Theory]
    [InlineData("TERM", 15)]
    [InlineData("SIGTERM", 15)]
    [InlineData("sigusr1", 10)]
    [InlineData("9", 9)]
    [InlineData("64", 64)]
    [InlineData("RTMIN", 34)]
    [InlineData("SIGRTMIN+3", 37)]
    [InlineData("RTMAX-2", 62)]
    [InlineData("CLD", 17)]
    public void A_signal_is_read_by_name_or_number(string text, int expected)
    {
        Assert.True(Signals.TryParse(text, out int signal));
        Assert.Equal(expected, signal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("65")]
    [InlineData("-1")]
    [InlineData("+9")]
    [InlineData("99999999999")]
    [InlineData("SIG")]
    [InlineData("NOPE")]
    [InlineData("RTMIN-1")]
    [InlineData("RTMIN+31")]
    [InlineData("RTMAX-31")]
    [InlineData("RTMIN+")]
    public void Anything_else_is_no_signal(string text) => Assert.False(Signals.TryParse(text, out _));

    [Fact]
    public void Every_number_reads_back_from_its_name()
    {
        for (int signal = 1; signal <= Signals.Last; signal++)
        {
            if (signal is 32 or 33)
            {
                continue;
            }

            Assert.True(Signals.TryParse(Signals.Name(signal), out int again), Signals.Name(signal));
            Assert.Equal(signal, again);
        }
    }

    [Fact]
    public void Capabilities_and_limits_are_read_in_any_form_and_refused_otherwise()
    {
        Assert.True(Capabilities.TryParse("net_raw", out int netRaw));
        Assert.Equal(13, netRaw);
        Assert.True(Capabilities.TryParse("CAP_CHECKPOINT_RESTORE", out int last));
        Assert.Equal(40, last);
        Assert.False(Capabilities.TryParse("ALL", out _));
        Assert.False(Capabilities.TryParse("", out _));
        Assert.True(Rlimit.TryParse("nofile", out int noFile));
        Assert.Equal(7, noFile);
        Assert.False(Rlimit.TryParse("files", out _));
    }

    [Fact]
    public void The_kernel_knows_at_least_the_capabilities_of_its_bounding_set()
    {
        Assert.InRange(Capabilities.LastSupported(), 37, 63);
        Assert.True(Capabilities.BoundingSet() < 1UL << (Capabilities.LastSupported() + 1));
        Assert.True(Rlimit.Current(7).Soft <= Rlimit.Current(7).Hard);
    }
}
