// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Remote;
using Tare.Images.Store;
using Tare.Images.Tests.Archive;
using Tare.Oci;

namespace Tare.Images.Tests.Remote;

/// <summary>A pull that goes on with what an earlier one, which ended in the middle, got.</summary>
public class ResumeTests
{
    /// <summary>What is written goes in buffers of 256 KiB.</summary>
    private const int Cut = 7 * 256 * 1024;
    private static readonly EvilImage Image = new(Sample.Tar(("large", Noise(5_000_000))));

    [Fact]
    public async Task The_next_pull_asks_for_the_rest_alone()
    {
        using EvilPull pull = await BrokenAsync();

        pull.Registry.Script = Image.Serve;
        await pull.RunAsync();

        EvilRequest asked = Assert.Single(pull.Registry.Seen, r => r.Path == Image.LayerPath());
        Assert.Equal($"bytes={Cut}-", asked.Range);
        Assert.NotNull(pull.Store.Images.Find($"{pull.Registry.Name}/app:1"));
        Assert.Empty(pull.Store.Names("tmp"));
        Assert.Equal(Image.Layers[0], await File.ReadAllBytesAsync(
            $"{pull.Store.Path}/blobs/sha256/{Digest.Of(Image.Layers[0]).Hex}", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_registry_without_ranges_sends_all_and_it_is_right()
    {
        using EvilPull pull = await BrokenAsync();

        pull.Registry.Script = r => Image.Serve(r with { Headers = new Dictionary<string, string>() });
        await pull.RunAsync();

        Assert.NotNull(pull.Store.Images.Find($"{pull.Registry.Name}/app:1"));
    }

    [Fact]
    public async Task Damaged_bytes_of_the_earlier_pull_never_count_and_are_gone_afterwards()
    {
        using EvilPull pull = await BrokenAsync();
        string partial = Partial(pull);
        byte[] bytes = await File.ReadAllBytesAsync(partial, TestContext.Current.CancellationToken);
        bytes[Cut / 2] ^= 1;
        File.SetUnixFileMode(partial, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllBytesAsync(partial, bytes, TestContext.Current.CancellationToken);

        pull.Registry.Script = Image.Serve;
        await pull.FailsAsync(ErrorKind.Corrupt, "its bytes have the digest");
        Assert.Empty(pull.Store.Names("tmp"));
        await pull.RunAsync();

        Assert.NotNull(pull.Store.Images.Find($"{pull.Registry.Name}/app:1"));
    }

    [Fact]
    public async Task What_was_got_survives_a_time_in_which_the_registry_is_away()
    {
        using EvilPull pull = await BrokenAsync();

        pull.Registry.Script = r => r.Path == Image.LayerPath() ? EvilAnswer.Of(503) : Image.Serve(r);
        await pull.FailsAsync(ErrorKind.Unavailable, "503");
        pull.Registry.Seen.Clear();
        pull.Registry.Script = Image.Serve;
        await pull.RunAsync();

        Assert.Equal($"bytes={Cut}-", Assert.Single(pull.Registry.Seen, r => r.Path == Image.LayerPath()).Range);
    }

    [Fact]
    public async Task A_longer_file_than_the_blob_is_not_used()
    {
        using EvilPull pull = await BrokenAsync();
        string partial = Partial(pull);
        File.SetUnixFileMode(partial, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.AppendAllTextAsync(partial, new string('x', 9_000_000), TestContext.Current.CancellationToken);

        pull.Registry.Script = Image.Serve;
        await pull.RunAsync();

        Assert.Null(Assert.Single(pull.Registry.Seen, r => r.Path == Image.LayerPath()).Range);
    }

    [Fact]
    public async Task What_was_got_before_the_last_boot_does_not_count()
    {
        using EvilPull pull = await BrokenAsync();
        File.SetLastWriteTimeUtc(Partial(pull), DateTime.UnixEpoch.AddDays(1));

        pull.Registry.Script = Image.Serve;
        await pull.RunAsync();

        Assert.Null(Assert.Single(pull.Registry.Seen, r => r.Path == Image.LayerPath()).Range);
    }

    [Fact]
    public async Task Wrong_bytes_from_the_registry_leave_nothing_to_go_on_with()
    {
        byte[] wrong = [.. Image.Layers[0]];
        wrong[^1] ^= 1;
        using var pull = new EvilPull(Image.But(_ => new EvilAnswer(200, wrong)));

        await pull.FailsAsync(ErrorKind.Corrupt, "its bytes have the digest");

        Assert.Empty(pull.Store.Names("tmp"));
    }

    [Fact]
    public async Task Two_pulls_at_once_do_not_take_from_one_another()
    {
        using EvilPull pull = await BrokenAsync();
        pull.Registry.Script = Image.Serve;

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            async () =>
            {
                using ImageStore other = pull.Store.Reopen();
                await new Pulling(other, pull.Options, PullWatch.None)
                    .RunAsync(Reference.Parse($"{pull.Registry.Name}/app:1"), null, TestContext.Current.CancellationToken);
            },
            TestContext.Current.CancellationToken)));

        Assert.NotNull(pull.Store.Images.Find($"{pull.Registry.Name}/app:1"));
        Assert.Empty(pull.Store.Names("tmp"));
    }

    [Fact]
    public async Task A_check_leaves_it_and_a_prune_takes_it()
    {
        using EvilPull pull = await BrokenAsync();

        Assert.Empty(Tare.Images.Store.Check.ScratchCheck.Look(new Tare.Images.Store.Check.StoreState(pull.Store.Images)));
        _ = new Collector(pull.Store.Images).Collect();
        Assert.Single(pull.Store.Names("tmp"));
        pull.Store.Images.Prune(all: false, new ImageFilter(), static () => []);

        Assert.Empty(pull.Store.Names("tmp"));
    }

    /// <summary>A store in which a pull ended after some bytes of the layer.</summary>
    private static async Task<EvilPull> BrokenAsync()
    {
        var pull = new EvilPull(Image.But(r => r.Range is null
            ? new EvilAnswer(200, Image.Layers[0][..(Cut + 1000)]) { Length = Image.Layers[0].Length }
            : EvilAnswer.Of(503)));
        await pull.FailsAsync(ErrorKind.Unavailable, "503");
        Assert.Single(pull.Store.Names("tmp"));
        pull.Registry.Seen.Clear();
        return pull;
    }

    private static string Partial(EvilPull pull) => $"{pull.Store.Path}/tmp/{pull.Store.Names("tmp").Single()}";

    private static byte[] Noise(int count)
    {
        byte[] bytes = new byte[count];
        new Random(5).NextBytes(bytes);
        return bytes;
    }
}
