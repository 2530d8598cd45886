// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Layers;
using Tare.Linux;
using Tare.Linux.Compression;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Store;

/// <summary>One pass over a layer's stored bytes: digest ‖ blob file on this thread, decompress ‖ DiffId on another, the tree on a third.</summary>
internal sealed class LayerIntake(ImageLayer layer, LayerLimits limits)
{
    private const int RestBytes = 64 * 1024;

    /// <summary>Stored bytes from which on unpacking is worth a thread beside the one that writes the tree.</summary>
    private const long WorthThread = 1024 * 1024;

    /// <param name="stored">verifies itself when read to the end</param>
    /// <param name="blob">where the stored bytes go, or null</param>
    /// <param name="tree">the empty tree to fill, or null</param>
    /// <param name="parents">merged view of the layers below; null for the first</param>
    /// <param name="ct">looked at between buffers</param>
    /// <returns>bytes of the files in the tree; 0 without a tree</returns>
    public long Run(Stream stored, Fd? blob, Root? tree, Root? parents, CancellationToken ct)
    {
        using var handoff = new Handoff();
        Task<long> reader = Task.Factory.StartNew(
            () => Consume(handoff, tree, parents, ct), ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            Produce(stored, blob, handoff, ct);
        }
        catch (Exception e)
        {
            // what the reader says of cut bytes is a consequence; ours is the cause
            handoff.Fail(e);
            ((Task)reader).ContinueWith(static _ => { }, TaskScheduler.Default).Wait(CancellationToken.None);
            _ = reader.Exception;
            throw;
        }
        return reader.GetAwaiter().GetResult();
    }

    private static void Produce(Stream stored, Fd? blob, Handoff handoff, CancellationToken ct)
    {
        int n;
        do
        {
            ct.ThrowIfCancellationRequested();
            byte[] buffer = Handoff.Rent();
            n = stored.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            blob?.Write(buffer.AsSpan(0, n));
            handoff.Push(buffer, n);
        }
        while (n > 0);
    }

    private long Consume(Handoff handoff, Root? tree, Root? parents, CancellationToken ct)
    {
        using (handoff)
        {
            try
            {
                return layer.Descriptor.Digest == layer.DiffId.Digest
                    ? Unpack(handoff, tree, parents, limits, ct)
                    : UnpackHashed(handoff, tree, parents, ct);
            }
            catch (TareException e)
            {
                throw new TareException(e.Kind, $"{layer}: {e.Message}", e.Hint, e);
            }
            catch (CompressionException e)
            {
                throw new TareException(ErrorKind.Corrupt, $"{layer}: {e.Message}", inner: e);
            }
        }
    }

    /// <summary>Other bytes than the tar itself: what is inside is hashed on its own.</summary>
    /// <remarks>How it is compressed is seen, not believed: tools mislabel, and docker and containerd look too.</remarks>
    private long UnpackHashed(Handoff stored, Root? tree, Root? parents, CancellationToken ct)
    {
        using UnpackingStream tar = Unpacking.Open(stored, leaveOpen: true);
        using var hashed = new HashingStream(tar, layer.DiffId.Digest.Algorithm);
        long bytes = UnpackAhead(hashed, tree, parents, ct);
        Digest found = hashed.Finish();
        return found == layer.DiffId.Digest
            ? bytes
            : throw new TareException(
                ErrorKind.Corrupt, $"its config wants the contents {layer.DiffId}, it contains {found}");
    }

    private long UnpackAhead(Stream tar, Root? tree, Root? parents, CancellationToken ct)
    {
        LayerLimits bounds = limits.ForCompressed(layer.Descriptor.Size);
        if (tree is null || layer.Descriptor.Size < WorthThread)
        {
            return Unpack(tar, tree, parents, bounds, ct);
        }

        using var ahead = new ReadAhead(tar);
        return Unpack(ahead, tree, parents, bounds, ct);
    }

    /// <summary>Reads to the very end, which is what digests are about.</summary>
    private static long Unpack(Stream tar, Root? tree, Root? parents, LayerLimits limits, CancellationToken ct)
    {
        if (tree is not null)
        {
            return LayerWriter.Apply(tar, tree, parents, limits, ct).FileBytes;
        }
        byte[] rest = new byte[RestBytes];
        long total = 0;
        int n;
        while ((n = tar.Read(rest)) > 0)
        {
            total += n;
            if (total > limits.Bytes)
            {
                throw new TareException(ErrorKind.ResourceExhausted, $"unpacks to more than {limits.Bytes} bytes");
            }
        }
        return 0;
    }
}
