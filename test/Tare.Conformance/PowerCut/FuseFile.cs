// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Mounts;

namespace Tare.Conformance.PowerCut;

/// <summary>
/// A file system of one file, <c>disk</c>, that this process serves (FUSE, linux/fuse.h, protocol 7.31): what is written to
/// it and when it is flushed is known here. A loop device on it makes every flush of a file system a flush here.
/// </summary>
internal sealed class FuseFile : IDisposable
{
    private const int HeaderBytes = 40;
    private const int AnswerHeaderBytes = 16;
    private const int MaxWrite = 1 << 20;
    private const ulong RootNode = 1;
    private const ulong FileNode = 2;
    private const int NoSuchFile = -2;
    private const int NotImplemented = -38;

    private readonly Fd _device;
    private readonly byte[] _content;
    private readonly Action<BlockEvent> _record;
    private readonly string _folder;
    private readonly Thread _server;
    private readonly byte[] _answer = new byte[AnswerHeaderBytes + MaxWrite];

    /// <param name="folder">where it is mounted; exists</param>
    /// <param name="content">of the file; changed by writes, its length stays</param>
    /// <param name="record">called for each write and flush before it is acknowledged, by one thread</param>
    public FuseFile(string folder, byte[] content, Action<BlockEvent> record)
    {
        _folder = folder;
        _content = content;
        _record = record;
        _device = HostPath.Open("/dev/fuse", OpenFlags.ReadWrite);
        using (var context = new FileSystemContext("fuse"))
        {
            context.SetString("source", "recorded");
            context.SetString("fd", _device.DangerousGetHandle().ToString(CultureInfo.InvariantCulture));
            context.SetString("rootmode", "40000");
            context.SetString("user_id", "0");
            context.SetString("group_id", "0");
            using Fd mount = context.Create();
            using Fd place = HostPath.OpenDirectory(folder);
            Mount.Attach(mount, place);
        }

        _server = new Thread(Serve) { IsBackground = true, Name = "fuse" };
        _server.Start();
    }

    /// <summary>The file.</summary>
    public string Path => System.IO.Path.Combine(_folder, "disk");

    public void Dispose()
    {
        Mount.TryDetach(_folder);
        _server.Join(TimeSpan.FromSeconds(10));
        _device.Dispose();
    }

    private void Serve()
    {
        byte[] buffer = new byte[MaxWrite + 4096];
        while (true)
        {
            int length;
            try
            {
                length = _device.Read(buffer);
            }
            catch (LinuxException)
            {
                // unmounted
                return;
            }

            uint operation = BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(4));
            if (operation is Operation.Forget or Operation.BatchForget or Operation.Interrupt)
            {
                continue;
            }

            int result = Answer(operation, BinaryPrimitives.ReadUInt64LittleEndian(buffer.AsSpan(16)), buffer.AsSpan(HeaderBytes, length - HeaderBytes));
            int total = AnswerHeaderBytes + Math.Max(result, 0);
            BinaryPrimitives.WriteInt32LittleEndian(_answer, total);
            BinaryPrimitives.WriteInt32LittleEndian(_answer.AsSpan(4), Math.Min(result, 0));
            buffer.AsSpan(8, 8).CopyTo(_answer.AsSpan(8));
            try
            {
                _device.Write(_answer.AsSpan(0, total));
            }
            catch (LinuxException)
            {
                // whoever asked is gone
            }
        }
    }

    /// <returns>bytes of the answer's body, or the negative error</returns>
    private int Answer(uint operation, ulong node, ReadOnlySpan<byte> body)
    {
        Span<byte> answer = _answer.AsSpan(AnswerHeaderBytes);
        switch (operation)
        {
            case Operation.Init:
                return Write(answer, 7u, 31u, MaxWrite, (1u << 0) | (1u << 5) | (1u << 22), 64 | (48u << 16), MaxWrite, 1u, 256u, 0, 0, 0, 0, 0, 0, 0, 0);
            case Operation.LookUp:
                return Encoding.UTF8.GetString(body) == "disk\0" ? LookUp(answer) : NoSuchFile;
            case Operation.GetAttributes or Operation.SetAttributes:
                return Write(answer, 1000, 0, 0, 0) + Attributes(answer[16..], node);
            case Operation.Open or Operation.OpenFolder:
                // direct: nothing of the file is kept in the page cache
                return Write(answer, 1, 0, 1, 0);
            case Operation.Read:
                int from = (int)BinaryPrimitives.ReadUInt64LittleEndian(body[8..]);
                int count = (int)BinaryPrimitives.ReadUInt32LittleEndian(body[16..]);
                count = Math.Clamp(_content.Length - from, 0, count);
                _content.AsSpan(from, count).CopyTo(answer);
                return count;
            case Operation.Write:
                long offset = (long)BinaryPrimitives.ReadUInt64LittleEndian(body[8..]);
                byte[] bytes = body.Slice(40, (int)BinaryPrimitives.ReadUInt32LittleEndian(body[16..])).ToArray();
                bytes.CopyTo(_content, offset);
                _record(new(offset, bytes));
                return Write(answer, (uint)bytes.Length, 0);
            case Operation.Sync:
                _record(BlockEvent.Flush);
                return 0;
            case Operation.Flush or Operation.Release or Operation.ReleaseFolder:
                return 0;
            default:
                return NotImplemented;
        }
    }

    private int LookUp(Span<byte> answer) =>
        Write(answer, (uint)FileNode, 0, 0, 0, 1000, 0, 1000, 0, 0, 0) + Attributes(answer[40..], FileNode);

    private int Attributes(Span<byte> answer, ulong node)
    {
        bool isFile = node != RootNode;
        uint size = isFile ? (uint)_content.Length : 0;
        return Write(
            answer, (uint)node, 0, size, 0, size / 512, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, isFile ? 0x8180u : 0x41C0u, 1, 0, 0, 0, 4096, 0);
    }

    private static int Write(Span<byte> to, params ReadOnlySpan<uint> words)
    {
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(to[(4 * i)..], words[i]);
        }

        return 4 * words.Length;
    }

    private static class Operation
    {
        public const uint LookUp = 1, Forget = 2, GetAttributes = 3, SetAttributes = 4, Open = 14, Read = 15, Write = 16, Release = 18,
            Sync = 20, Flush = 25, Init = 26, OpenFolder = 27, ReleaseFolder = 29, Interrupt = 36, BatchForget = 42;
    }
}
