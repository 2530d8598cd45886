// SPDX-License-Identifier: Apache-2.0
namespace Tare.Keeper;

/// <summary>Finds Ctrl-P Ctrl-Q in what is typed; a Ctrl-P is held back until the next key.</summary>
internal sealed class DetachKeys
{
    private const byte CtrlP = 0x10;
    private const byte CtrlQ = 0x11;

    private bool _held;

    /// <summary>Copies what goes to the container; true when the sequence is complete (the rest is dropped).</summary>
    /// <param name="typed">what was read</param>
    /// <param name="output">room for one byte more than <paramref name="typed"/></param>
    /// <param name="length">bytes in <paramref name="output"/></param>
    public bool Filter(ReadOnlySpan<byte> typed, Span<byte> output, out int length)
    {
        length = 0;
        foreach (byte key in typed)
        {
            if (_held && key == CtrlQ)
            {
                return true;
            }

            if (_held)
            {
                output[length++] = CtrlP;
                _held = false;
            }

            if (key == CtrlP)
            {
                _held = true;
            }
            else
            {
                output[length++] = key;
            }
        }

        return false;
    }
}
