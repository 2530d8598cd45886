// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Processes;

/// <summary>A set of signals, one bit each, as the kernel keeps it.</summary>
internal readonly record struct SignalSet(ulong Bits)
{
    public static SignalSet Empty => default;

    public static SignalSet All => new(~0UL);

    /// <summary>All that a program may block without disturbing the runtime and the C library (1 to 31).</summary>
    public static SignalSet Classic => new(0x7fff_ffff);

    public static SignalSet Of(params ReadOnlySpan<int> signals)
    {
        ulong bits = 0;
        foreach (int signal in signals)
        {
            bits |= Bit(signal);
        }

        return new SignalSet(bits);
    }

    public bool Contains(int signal) => (Bits & Bit(signal)) != 0;

    private static ulong Bit(int signal)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(signal, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(signal, Signals.Last);
        return 1UL << (signal - 1);
    }
}
