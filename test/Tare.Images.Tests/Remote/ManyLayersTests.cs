// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Tests.Archive;
using Tare.Oci;

namespace Tare.Images.Tests.Remote;

/// <summary>Several layers are on their way at once, whatever the order in which they arrive.</summary>
public class ManyLayersTests
{
    [Fact]
    public async Task Upper_layers_come_while_the_lowest_waits()
    {
        EvilImage image = Stack(6);
        using var others = new CountdownEvent(2);
        using var pull = new EvilPull(r =>
        {
            if (r.Path == image.LayerPath(0))
            {
                Assert.True(others.Wait(TimeSpan.FromSeconds(10)));
            }
            else if (r.Path == image.LayerPath(1) || r.Path == image.LayerPath(2))
            {
                others.Signal();
            }
            return image.Serve(r);
        });
        pull.Options = pull.Options with { Stall = TimeSpan.FromSeconds(10) };

        await pull.RunAsync();

        Assert.Equal(6, pull.Store.Names("layers").Count);
        Assert.Equal(8, pull.Store.Names("blobs/sha256").Count);
        Assert.NotNull(pull.Store.Images.Find($"{pull.Registry.Name}/app:1"));
    }

    [Fact]
    public async Task More_than_three_do_not()
    {
        EvilImage image = Stack(8);
        int now = 0;
        int most = 0;
        using var pull = new EvilPull(r =>
        {
            EvilAnswer answer = image.Serve(r);
            return !r.Path.Contains("/blobs/", StringComparison.Ordinal) ? answer : answer with
            {
                Send = stream =>
                {
                    int all = Interlocked.Increment(ref now);
                    lock (image)
                    {
                        most = Math.Max(most, all);
                    }
                    Thread.Sleep(50);
                    Interlocked.Decrement(ref now);
                    stream.Write(answer.Body);
                },
            };
        });

        await pull.RunAsync();

        Assert.InRange(most, 2, 3);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task A_layer_that_fails_stops_the_others_and_is_the_one_named(int bad)
    {
        EvilImage image = Stack(5);
        byte[] other = [.. image.Layers[bad]];
        other[600] ^= 1;
        using var pull = new EvilPull(r => r.Path == image.LayerPath(bad) ? new EvilAnswer(200, other) : image.Serve(r));

        await pull.FailsAsync(ErrorKind.Corrupt, $"layer {Digest.Of(image.Layers[bad])}");
    }

    [Fact]
    public async Task A_layer_that_is_missing_leaves_nobody_waiting()
    {
        EvilImage image = Stack(70);
        using var pull = new EvilPull(r => r.Path == image.LayerPath(0) ? EvilAnswer.Of(404) : image.Serve(r));

        await pull.FailsAsync(ErrorKind.Corrupt, $"layer {Digest.Of(image.Layers[0])}: it is not there");
    }

    [Fact]
    public async Task More_layers_than_are_held_back_for_one_sync_come_too()
    {
        EvilImage image = Stack(70);
        using var pull = new EvilPull(image.Serve);

        await pull.RunAsync();

        Assert.Equal(70, pull.Store.Names("layers").Count);
    }

    private static EvilImage Stack(int layers) => new([.. Enumerable.Range(0, layers).Select(static i =>
        Sample.Tar(("dir/file" + i, $"layer {i} " + new string('x', 2000))))]);
}
