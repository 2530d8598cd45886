// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Images.Remote;
using Tare.Oci;

namespace Tare.Images.Tests.Remote;

public class EvilBlobTests
{
    private static readonly EvilImage Image = EvilImage.Usual;

    private static byte[] Layer => Image.Layers[0];

    [Fact]
    public async Task An_honest_registry_is_pulled_from()
    {
        using var pull = new EvilPull(Image.Serve);

        PulledImage first = await pull.RunAsync();
        PulledImage second = await pull.RunAsync();

        Assert.Equal((Digest.Of(Image.Manifest), true, false), (first.Root, first.IsNew, second.IsNew));
        Assert.NotNull(pull.Store.Images.Find($"{pull.Registry.Name}/app:1"));
        Assert.Single(pull.Paths, Image.LayerPath());
    }

    [Fact]
    public async Task Other_bytes_are_refused()
    {
        byte[] other = [.. Layer];
        other[1000] ^= 1;
        using var pull = new EvilPull(Image.But(_ => new EvilAnswer(200, other)));

        await pull.FailsAsync(ErrorKind.Corrupt, $"{Digest.Of(Layer)}: its bytes have the digest");
    }

    [Fact]
    public async Task Another_length_is_refused_before_anything_is_read()
    {
        using var pull = new EvilPull(Image.But(_ => new EvilAnswer(200, [.. Layer, 0])));

        await pull.FailsAsync(ErrorKind.Corrupt, $"the server offers {Layer.Length + 1} bytes, want {Layer.Length}");
    }

    [Fact]
    public async Task An_endless_body_ends_where_it_should_have()
    {
        using var pull = new EvilPull(Image.But(_ => new EvilAnswer(200, Layer)
        {
            Length = -1,
            Send = stream =>
            {
                for (; ; stream.Write(Layer))
                {
                }
            },
        }));

        await pull.FailsAsync(ErrorKind.Corrupt, $"got more than {Layer.Length} bytes");
    }

    [Fact]
    public async Task A_silent_server_is_left_after_some_attempts()
    {
        using var pull = new EvilPull(Image.But(_ => new EvilAnswer(200, Layer) { Send = Stay }));

        await pull.FailsAsync(ErrorKind.Unavailable, $"blob {Digest.Of(Layer)}: nothing comes any more");

        Assert.Equal(pull.Options.Attempts, pull.Paths.Count(static p => p == Image.LayerPath()));
    }

    [Fact]
    public async Task A_server_that_sends_a_byte_at_a_time_is_left()
    {
        using var pull = new EvilPull(Image.But(_ => new EvilAnswer(200, Layer)
        {
            Send = stream =>
            {
                foreach (byte b in Layer)
                {
                    stream.WriteByte(b);
                    Thread.Sleep(20);
                }
            },
        }));

        await pull.FailsAsync(ErrorKind.Unavailable, "too slow");
    }

    [Fact]
    public async Task A_broken_download_goes_on_where_it_ended()
    {
        using var pull = new EvilPull(Image.But(r => r.Range is null ? Cut(100_000) : Image.Serve(r)));

        await pull.RunAsync();

        EvilRequest rest = Assert.Single(pull.Registry.Seen, static r => r.Range is not null);
        Assert.InRange(Offset(rest), 1, 100_000);
    }

    [Fact]
    public async Task A_stalled_download_goes_on_where_it_ended()
    {
        using var pull = new EvilPull(Image.But(r => r.Range is null ? new EvilAnswer(200, Layer) { Send = SendSomeAndStay } : Image.Serve(r)));

        await pull.RunAsync();

        Assert.Single(pull.Registry.Seen, static r => r.Range is not null);
    }

    [Fact]
    public async Task A_server_without_ranges_starts_again()
    {
        using var pull = new EvilPull(Image.But(r => r.Range is null ? Cut(100_000) : new EvilAnswer(200, Layer)));

        await pull.RunAsync();

        Assert.Equal(2, pull.Paths.Count(static p => p == Image.LayerPath()));
    }

    [Fact]
    public async Task A_server_that_breaks_every_time_is_left()
    {
        using var pull = new EvilPull(Image.But(_ => Cut(1000)));

        await pull.FailsAsync(ErrorKind.Unavailable, "the connection");
    }

    [Theory]
    [InlineData("bytes 0-{1}/{2}")]
    [InlineData("bytes {0}-{1}/999999999")]
    [InlineData("bytes {0}-{0}/{2}")]
    [InlineData("lines {0}-{1}/{2}")]
    [InlineData("none")]
    public async Task Another_range_than_the_one_asked_for_is_a_lie(string range)
    {
        using var pull = new EvilPull(Image.But(r => r.Range is null
            ? Cut(100_000)
            : new EvilAnswer(206, Layer[Offset(r)..], ("Content-Range", string.Format(
                CultureInfo.InvariantCulture, range, Offset(r), Layer.Length - 1, Layer.Length)))));

        await pull.FailsAsync(ErrorKind.Corrupt, "asked for the bytes from");
    }

    [Fact]
    public async Task A_range_that_nobody_asked_for_is_a_lie()
    {
        using var pull = new EvilPull(Image.But(_ => new EvilAnswer(
            206, Layer, ("Content-Range", $"bytes 0-{Layer.Length - 1}/{Layer.Length}"))));

        await pull.FailsAsync(ErrorKind.Corrupt, "asked for the bytes from 0 on");
    }

    private static EvilAnswer Cut(int bytes) => new(200, Layer[..bytes]) { Length = Layer.Length };

    private static int Offset(EvilRequest request) => int.Parse(request.Range!["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);

    private static void Stay(Stream stream)
    {
        stream.Flush();
        Thread.Sleep(TimeSpan.FromSeconds(5));
    }

    private static void SendSomeAndStay(Stream stream)
    {
        stream.Write(Layer.AsSpan(0, 50_000));
        Stay(stream);
    }
}
