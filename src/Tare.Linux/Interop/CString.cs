// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;

namespace Tare.Linux.Interop;

/// <summary>Bytes with a NUL behind them, for the length of one call; on the stack when short.</summary>
/// <remarks>A NUL inside the bytes is refused with EINVAL, so that no name is ever silently cut.</remarks>
internal ref struct CString
{
    private const int InlineSize = 256;

    private readonly byte[]? _heap;
    private Inline _inline;

    public CString(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Contains((byte)0))
        {
            throw new LinuxException(Errno.EINVAL, "name with a NUL byte", Show(bytes));
        }

        if (bytes.Length < InlineSize)
        {
            bytes.CopyTo(_inline);
            _inline[bytes.Length] = 0;
        }
        else
        {
            _heap = new byte[bytes.Length + 1];
            bytes.CopyTo(_heap);
        }
    }

    public CString(string text)
        : this(Encoding.UTF8.GetBytes(text))
    {
    }

    /// <summary>For <c>fixed</c>.</summary>
    [UnscopedRef]
    public ref byte GetPinnableReference() => ref _heap is null ? ref _inline[0] : ref _heap[0];

    /// <summary>Bytes as they appear in an error message.</summary>
    public static string Show(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    [InlineArray(InlineSize)]
    private struct Inline
    {
        private byte _first;
    }
}
