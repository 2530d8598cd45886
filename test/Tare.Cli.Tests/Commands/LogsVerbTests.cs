// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Cli.Commands;
using Tare.Engine.Logs;
using Tare.Oci;

namespace Tare.Cli.Tests.Commands;

public class LogsVerbTests
{
    [Theory]
    [InlineData("web", null)]
    [InlineData("--tail all web", null)]
    [InlineData("--tail= web", null)]
    [InlineData("-n -1 web", null)]
    [InlineData("-n 99999999999999999999 web", null)]
    [InlineData("-n 0 web", 0L)]
    [InlineData("-n10 web", 10L)]
    public void Tail_is_a_number_or_all(string line, long? lines) => Assert.Equal(lines, Query(line).Tail);

    [Theory]
    [InlineData("--tail x web")]
    [InlineData("--tail 1.5 web")]
    [InlineData("--tail 5x web")]
    public void Another_tail_is_all_as_with_docker(string line) => Assert.Null(Query(line).Tail);

    [Fact]
    public void Times_are_read_and_an_empty_one_is_none()
    {
        LogQuery query = Query("--since 2026-11-26T05:49:50.5Z --until= web");

        Assert.Equal(new LogTime(1_795_672_190, 500_000_000), query.Since);
        Assert.Null(query.Until);
    }

    [Fact]
    public void What_is_no_time_is_refused_in_dockers_words() => Assert.Equal(
        "invalid value for \"until\": failed to parse value as time or duration: \"soon\"",
        Assert.Throws<TareException>(() => Query("--until soon web")).Message);

    private static LogQuery Query(string line) => LogsVerb.ToQuery(
        new ArgumentParser(LogsVerb.Create().Flags, stopsAtOperand: false).Parse(line.Split(' ')), TimeProvider.System);
}
