// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;
using Tare.Runtime.Specs;

namespace Tare.Runtime.Tests.Specs;

public sealed class ProcessCommandTests
{
    [Theory]
    [InlineData(null, "c", null, "", "c")]
    [InlineData("e", "c", null, "", "e c")]
    [InlineData("e", null, null, "", "e")]
    [InlineData("e", "c", null, "x y", "e x y")]
    [InlineData(null, "c", null, "x", "x")]
    [InlineData("e", "c", "n", "", "n")]
    [InlineData("e", "c", "n", "x", "n x")]
    [InlineData("e", "c", "<empty>", "x", "x")]
    [InlineData("e", "c", "<none>", "x", "x")]
    [InlineData("e", "c", "<none>", "", "c")]
    [InlineData("<empty>", "c", null, "", "c")]
    public void Entrypoint_and_command_combine_as_in_docker(string? imageEntrypoint, string? imageCommand, string? entrypoint, string command, string all)
    {
        RunConfig image = new() { Entrypoint = List(imageEntrypoint), Cmd = List(imageCommand) };
        ContainerOptions options = new("id") { Entrypoint = List(entrypoint), Command = List(command)! };

        Assert.Equal(all, string.Join(' ', ProcessCommand.Compose(image, options)));
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("e", "c", "<empty>")]
    [InlineData("e", null, "<none>")]
    [InlineData("<empty>", null, null)]
    public void Nothing_to_run_is_an_error(string? imageEntrypoint, string? imageCommand, string? entrypoint)
    {
        RunConfig image = new() { Entrypoint = List(imageEntrypoint), Cmd = List(imageCommand) };

        TareException error = Assert.Throws<TareException>(
            () => ProcessCommand.Compose(image, new ContainerOptions("id") { Entrypoint = List(entrypoint) }));

        Assert.Equal("no command specified", error.Message);
    }

    [Fact]
    public void A_zero_byte_would_end_an_argument_early() =>
        Assert.Throws<TareException>(() => ProcessCommand.Compose(new RunConfig(), new ContainerOptions("id") { Command = ["a", "b\0c"] }));

    private static string[]? List(string? text) => text switch
    {
        null => null,
        "<empty>" => [""],
        "<none>" or "" => [],
        _ => text.Split(' '),
    };
}
