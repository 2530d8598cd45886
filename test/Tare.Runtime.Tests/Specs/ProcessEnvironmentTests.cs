// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;
using Tare.Runtime.Specs;

namespace Tare.Runtime.Tests.Specs;

public sealed class ProcessEnvironmentTests
{
    private const string Path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    [Fact]
    public void Nothing_said_gives_dockers_defaults()
    {
        Assert.Equal([Path, "HOSTNAME=h", "HOME=/root"], Of([], []));
        Assert.Equal([Path, "HOSTNAME=h", "TERM=xterm", "HOME=/root"], ProcessEnvironment.Compose(null, [], "h", hasTerminal: true, "/root"));
    }

    [Fact]
    public void The_user_comes_before_the_image_and_wins() =>
        Assert.Equal([Path, "HOSTNAME=h", "B=user", "C=user", "A=image", "HOME=/root"], Of(["A=image", "B=image"], ["B=user", "C=user"]));

    [Fact]
    public void A_default_is_replaced_where_it_stands() =>
        Assert.Equal(["PATH=/x", "HOSTNAME=other", "TERM=dumb", "HOME=/root"], Of(["PATH=/x"], ["HOSTNAME=other", "TERM=dumb"]));

    [Fact]
    public void A_name_alone_removes_what_image_and_defaults_say() =>
        Assert.Equal(["HOSTNAME=h", "HOME=/root"], Of(["A=image", "PATH=/x"], ["A", "PATH"]));

    [Fact]
    public void An_image_entry_without_a_value_means_nothing()
    {
        Environment.SetEnvironmentVariable("AWS_SECRET", "canary");

        Assert.Equal([Path, "HOSTNAME=h", "X=", "HOME=/root"], Of(["PATH", "AWS_SECRET", "X=", ""], []));
    }

    [Fact]
    public void The_last_of_several_values_stays() =>
        Assert.Equal([Path, "HOSTNAME=h", "A=3", "B=1", "HOME=/root"], Of([], ["A=1", "B=1", "A=2", "A=3"]));

    [Fact]
    public void Home_is_kept_when_it_was_said()
    {
        Assert.Equal([Path, "HOSTNAME=h", "HOME=/else"], Of(["HOME=/else"], []));
        Assert.Equal([Path, "HOSTNAME=h", "HOME=/root"], Of(["HOME="], []));
    }

    [Fact]
    public void Values_may_hold_anything_but_a_zero() =>
        Assert.Equal([Path, "HOSTNAME=h", "A== \n=ü", "HOME=/root"], Of([], ["A== \n=ü"]));

    [Theory]
    [InlineData("=x")]
    [InlineData("")]
    [InlineData("A=\0")]
    [InlineData("A\0=")]
    public void What_has_no_name_is_refused(string entry)
    {
        Assert.Throws<TareException>(() => Of([], [entry]));
        if (entry.Contains('='))
        {
            Assert.Throws<TareException>(() => Of([entry], []));
        }
    }

    [Fact]
    public void A_hundred_thousand_entries_take_no_time()
    {
        string[] many = [.. Enumerable.Range(0, 100_000).Select(i => $"N{i}=x")];

        Assert.Equal(100_003, Of(many, many).Count);
    }

    private static IReadOnlyList<string> Of(string[] image, string[] user) =>
        ProcessEnvironment.Compose(image, user, "h", hasTerminal: false, "/root");
}
