// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Processes;

namespace Tare.Linux.Tests.Processes;

public sealed class NamespacePidTests
{
    [Theory]
    [InlineData("Name:\ta\nNSpid:\t12\t7\t3\nNSpgid:\t1\n", 3)]
    [InlineData("Name:\ta\nNSpid:\t12\n", 12)]
    [InlineData("Name:\ta\nNSpid:\t12", 12)]
    [InlineData("Name:\tNSpid:\nState:\tR\n", 0)]
    [InlineData("", 0)]
    public void The_innermost_number_is_the_last(string status, int expected) =>
        Assert.Equal(expected, NamespacePid.Parse(System.Text.Encoding.ASCII.GetBytes(status)));

    [Fact]
    public void Of_a_process_that_is_not_there_it_is_none()
    {
        Assert.NotEqual(0, NamespacePid.Of(Environment.ProcessId));
        Assert.Equal(0, NamespacePid.Of(int.MaxValue));
    }
}
