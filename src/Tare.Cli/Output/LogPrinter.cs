// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using Tare.Engine.Logs;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Cli.Output;

/// <summary>Prints the records of a log byte by byte, each to its own stream, in their order.</summary>
/// <param name="output">lent; null: closed, and its records are left out</param>
/// <param name="error">as <paramref name="output"/></param>
/// <param name="timestamps">the time before each record</param>
/// <param name="details">the attributes before each record, as docker: <c>a=b,c=d</c>, escaped as in an address, and a blank</param>
internal sealed class LogPrinter(Fd? output, Fd? error, bool timestamps, bool details)
{
    private const int BufferBytes = 64 * 1024;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _used;
    private Fd? _target;

    /// <summary>Whoever read one of the streams does not any more.</summary>
    public bool IsGone { get; private set; }

    public void Print(in LogRecord record)
    {
        if ((record.IsStderr ? error : output) is not { } target)
        {
            return;
        }

        if (target != _target)
        {
            // both may be the same terminal, so the order between them counts
            Flush();
            _target = target;
        }

        Span<byte> prefix = stackalloc byte[LogTime.FixedBytes + 1];
        int length = 0;
        if (timestamps)
        {
            record.Time.FormatFixed(prefix);
            prefix[LogTime.FixedBytes] = (byte)' ';
            length = LogTime.FixedBytes + 1;
        }

        Add(prefix[..length]);
        if (details)
        {
            IEnumerable<string> texts = (record.Attributes ?? [])
                .Select(pair => $"{WebUtility.UrlEncode(pair.Key)}={WebUtility.UrlEncode(pair.Value)}");
            Add(Encoding.UTF8.GetBytes($"{string.Join(',', texts)} "));
        }

        Add(record.Text.Span);
    }

    /// <summary>Brings everything to its place; false when nobody is there to read it.</summary>
    public bool Flush()
    {
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(0, _used);
        _used = 0;
        try
        {
            while (!bytes.IsEmpty && !IsGone)
            {
                if (_target!.TryWrite(bytes) is { } written)
                {
                    bytes = bytes[written..];
                    continue;
                }

                // somebody else made the pipe non-blocking
                Poll.Wait([new PollEntry(_target, EpollEvents.Writable)]);
            }
        }
        catch (LinuxException gone) when (gone.Errno is Errno.EPIPE or Errno.EIO)
        {
            IsGone = true;
        }

        return !IsGone;
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int length = Math.Min(bytes.Length, _buffer.Length - _used);
            bytes[..length].CopyTo(_buffer.AsSpan(_used));
            _used += length;
            bytes = bytes[length..];
            if (_used == _buffer.Length)
            {
                Flush();
            }
        }
    }
}
