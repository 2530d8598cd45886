// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;

namespace Tare.Linux.Sockets;

/// <summary>Several datagrams received by one call, and their answers sent by another.</summary>
/// <remarks>man recvmmsg(2), sendmmsg(2). Only the pages that were used once cost memory.</remarks>
internal sealed unsafe class DatagramBatch
{
    private readonly int _size;
    private readonly int _answerSize;
    private readonly byte[] _bytes;
    private readonly byte[] _answers;
    private readonly byte[] _names;
    private readonly int[] _lengths;
    private readonly int[] _answerLengths;

    /// <param name="count">datagrams in one call, at most 64</param>
    /// <param name="size">bytes of a datagram that are received</param>
    /// <param name="answerSize">bytes of an answer</param>
    public DatagramBatch(int count, int size, int answerSize)
    {
        const int MaxCount = 64;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxCount);
        (_size, _answerSize) = (size, answerSize);
        _bytes = GC.AllocateUninitializedArray<byte>(count * size, pinned: true);
        _answers = GC.AllocateUninitializedArray<byte>(count * answerSize, pinned: true);
        _names = GC.AllocateUninitializedArray<byte>(count * InetEnd.MaxBytes, pinned: true);
        _lengths = new int[count];
        _answerLengths = new int[count];
    }

    /// <summary>Received by the last <see cref="Receive"/>.</summary>
    public int Count { get; private set; }

    /// <summary>A datagram, cut to the size.</summary>
    public ReadOnlySpan<byte> this[int index] => _bytes.AsSpan(index * _size, _lengths[index]);

    public InetEnd Sender(int index) => InetEnd.Read(_names.AsSpan(index * InetEnd.MaxBytes, InetEnd.MaxBytes));

    /// <summary>Where the answer to a datagram is made; <see cref="Answer"/> says how long it is.</summary>
    public Span<byte> Room(int index) => _answers.AsSpan(index * _answerSize, _answerSize);

    /// <summary>The first bytes of <see cref="Room"/> go to the sender.</summary>
    public void Answer(int index, int length) => _answerLengths[index] = length;

    /// <summary>Takes what there is now; how many.</summary>
    /// <param name="socket">non-blocking</param>
    public int Receive(Fd socket)
    {
        Libc.mmsghdr* messages = stackalloc Libc.mmsghdr[_lengths.Length];
        Libc.iovec* vectors = stackalloc Libc.iovec[_lengths.Length];
        fixed (byte* bytes = _bytes, names = _names)
        {
            for (int i = 0; i < _lengths.Length; i++)
            {
                vectors[i] = new() { iov_base = bytes + (i * _size), iov_len = (nuint)_size };
                messages[i] = default;
                messages[i].msg_hdr.msg_name = names + (i * InetEnd.MaxBytes);
                messages[i].msg_hdr.msg_namelen = InetEnd.MaxBytes;
                messages[i].msg_hdr.msg_iov = vectors + i;
                messages[i].msg_hdr.msg_iovlen = 1;
            }

            int count;
            do
            {
                count = Libc.recvmmsg(socket.Raw, messages, (uint)_lengths.Length, 0, null);
            }
            while (count < 0 && Libc.LastErrno == Errno.EINTR);
            Count = count >= 0 ? count : Libc.LastErrno == Errno.EAGAIN ? 0 : throw new LinuxException(Libc.LastErrno, "recvmmsg");
        }

        for (int i = 0; i < Count; i++)
        {
            _lengths[i] = (int)Math.Min(messages[i].msg_len, (uint)_size);
            _answerLengths[i] = 0;
        }

        return Count;
    }

    /// <summary>Sends the answers; those for which there is no room, or no way, are lost as datagrams may be.</summary>
    public void Send(Fd socket)
    {
        Libc.mmsghdr* messages = stackalloc Libc.mmsghdr[_lengths.Length];
        Libc.iovec* vectors = stackalloc Libc.iovec[_lengths.Length];
        fixed (byte* answers = _answers, names = _names)
        {
            int count = 0;
            for (int i = 0; i < Count; i++)
            {
                if (_answerLengths[i] > 0)
                {
                    vectors[count] = new() { iov_base = answers + (i * _answerSize), iov_len = (nuint)_answerLengths[i] };
                    messages[count] = default;
                    messages[count].msg_hdr.msg_name = names + (i * InetEnd.MaxBytes);
                    messages[count].msg_hdr.msg_namelen = (uint)Sender(i).RawLength;
                    messages[count].msg_hdr.msg_iov = vectors + count;
                    messages[count].msg_hdr.msg_iovlen = 1;
                    count++;
                }
            }

            for (int sent = 0; sent < count;)
            {
                int n = Libc.sendmmsg(socket.Raw, messages + sent, (uint)(count - sent), Libc.MSG_NOSIGNAL);
                sent += n > 0 ? n : Libc.LastErrno == Errno.EINTR ? 0 : 1;
            }
        }
    }
}
