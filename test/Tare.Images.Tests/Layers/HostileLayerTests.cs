// SPDX-License-Identifier: Apache-2.0
using Tare.Hostile;
using Tare.Images.Layers;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Tests.Layers;

[Trait("ring", "kernel")]
public sealed class HostileLayerTests : IDisposable
{
    private readonly ScratchTree _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void The_kit_is_large_and_its_names_are_distinct()
    {
        List<HostileLayer> all = [.. HostileLayers.For("/canary")];

        Assert.True(all.Count(l => l.IsRefused) >= 150);
        Assert.Equal(all.Count, all.DistinctBy(l => l.Name).Count());
    }

    [Fact]
    public void Each_hostile_layer_is_refused_by_name_or_stays_inside()
    {
        using Root canary = _scratch.Make("canary");
        string path = Path.Combine(_scratch.HostPathName, "canary");
        File.WriteAllText(Path.Combine(path, "file"), "untouched");
        Directory.CreateDirectory(Path.Combine(path, "dir"));
        File.WriteAllText(Path.Combine(path, "dir", "inner"), "untouched");
        var before = ScratchTree.Describe(canary);
        List<string> wrong = [];

        foreach (HostileLayer layer in HostileLayers.For(path))
        {
            string outcome = Apply(layer);
            if (layer.IsRefused ? !outcome.Contains(layer.Error, StringComparison.Ordinal) : outcome.Length > 0)
            {
                wrong.Add($"{layer.Name}: got '{outcome}', want '{layer.Error}'");
            }

            Assert.True(before.SequenceEqual(ScratchTree.Describe(canary)), $"{layer.Name} changed the canary");
            Assert.Equal(["canary"], Directory.GetFileSystemEntries(_scratch.HostPathName).Select(Path.GetFileName));
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void On_top_of_a_lower_view_they_do_no_more_harm()
    {
        using Root canary = _scratch.Make("canary");
        using Root lower = _scratch.Make("lower");
        string path = Path.Combine(_scratch.HostPathName, "canary");
        File.WriteAllText(Path.Combine(path, "file"), "untouched");
        RawTar tar = new RawTar().File("a/b").Symlink("l", "../canary").Symlink("n", path).Directory("d").File("f").Symlink("h", "../canary/file");
        LayerWriter.Apply(new MemoryStream(tar.End()), lower, null, LayerLimits.Default, TestContext.Current.CancellationToken);
        var before = (ScratchTree.Describe(canary), ScratchTree.Describe(lower));

        foreach (HostileLayer layer in HostileLayers.For(path))
        {
            Apply(layer, lower);
            Assert.True(before.Item1.SequenceEqual(ScratchTree.Describe(canary)), $"{layer.Name} changed the canary");
            Assert.True(before.Item2.SequenceEqual(ScratchTree.Describe(lower)), $"{layer.Name} changed the lower view");
        }
    }

    [Fact]
    public void Endless_streams_end_at_the_bound()
    {
        using Root target = _scratch.Make("target");
        LayerLimits limits = new() { Bytes = 5 << 20, Entries = 1000 };
        byte[] entry = new RawTar().File("f").Cut();
        (byte[] Head, byte[] Body)[] streams =
        [
            (entry, new byte[512]), ([], entry), (new RawHeader("f", '0', 4 << 20).Sealed(), [1, 2, 3]), ([], new RawTar().Pax(("a", "b")).Cut()),
        ];

        foreach ((byte[] head, byte[] body) in streams)
        {
            TareException error = Assert.Throws<TareException>(() => LayerWriter.Apply(
                new EndlessStream(head, body), target, null, limits, TestContext.Current.CancellationToken));
            Assert.True(error.Kind is ErrorKind.ResourceExhausted or ErrorKind.Corrupt);
        }
    }

    private string Apply(HostileLayer layer, Root? lower = null)
    {
        try
        {
            using Root target = _scratch.Make("target");
            LayerWriter.Apply(new MemoryStream(layer.Tar), target, lower, LayerLimits.Default, TestContext.Current.CancellationToken);
            return "";
        }
        catch (TareException e)
        {
            return e.Message;
        }
        finally
        {
            using var parent = HostPath.OpenDirectory(_scratch.HostPathName);
            FileTree.Remove(parent, "target"u8);
        }
    }

    private sealed class EndlessStream(byte[] head, byte[] body) : Stream
    {
        private long _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => _position;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            ReadOnlySpan<byte> source = _position < head.Length
                ? head.AsSpan((int)_position)
                : body.AsSpan((int)((_position - head.Length) % body.Length));
            int length = Math.Min(count, source.Length);
            source[..length].CopyTo(buffer.AsSpan(offset));
            _position += length;
            return length;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
