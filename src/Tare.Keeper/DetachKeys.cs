// SPDX-License-Identifier: Apache-2.0
namespace Tare.Keeper;

/// <summary>Finds a sequence of keys in what is typed; its beginning is held back until it is whole or broken.</summary>
/// <param name="sequence">1 to <see cref="MaxKeys"/> bytes</param>
internal sealed class DetachKeys(byte[] sequence)
{
    public const int MaxKeys = 32;

    private const byte CtrlP = 0x10;
    private const byte CtrlQ = 0x11;

    private int _held;

    /// <summary>Ctrl-P Ctrl-Q, as docker's.</summary>
    public static byte[] Default => [CtrlP, CtrlQ];

    /// <summary>Copies what goes to the container; true when the sequence is complete (the rest is dropped).</summary>
    /// <param name="typed">what was read</param>
    /// <param name="output">room for <see cref="MaxKeys"/> bytes more than <paramref name="typed"/></param>
    /// <param name="length">bytes in <paramref name="output"/></param>
    public bool Filter(ReadOnlySpan<byte> typed, Span<byte> output, out int length)
    {
        length = 0;
        foreach (byte key in typed)
        {
            if (key != sequence[_held])
            {
                // what was held is only typing; this key may be the beginning of the next attempt
                sequence.AsSpan(0, _held).CopyTo(output[length..]);
                length += _held;
                _held = 0;
            }

            if (key != sequence[_held])
            {
                output[length++] = key;
            }
            else if (++_held == sequence.Length)
            {
                _held = 0;
                return true;
            }
        }

        return false;
    }
}
