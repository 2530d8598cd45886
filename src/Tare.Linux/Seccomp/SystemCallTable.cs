// SPDX-License-Identifier: Apache-2.0
// syscalls(2): names and numbers of every architecture that a filter on x86_64 or aarch64 can meet
namespace Tare.Linux.Seccomp;

/// <summary>Names and numbers of the kernel's system calls, per architecture.</summary>
/// <remarks>
/// The data is in the executable's read-only pages; nothing is built at start-up. A name has an index (its place
/// in byte order); the numbers of an architecture are found by it. Private calls of arm begin at
/// <see cref="FirstPrivate"/>. Numbers of x32 are without their bit 30.
/// </remarks>
internal static partial class SystemCallTable
{
    internal const int FirstPrivate = 0xF0000;

    /// <summary>How many names there are.</summary>
    internal static int Count => Starts.Length - 1;

    /// <summary>The name at a place in byte order.</summary>
    internal static ReadOnlySpan<byte> Name(int index) => Names[Starts[index]..(Starts[index + 1] - 1)];

    /// <summary>The numbers by name index; -1 where the architecture has no such call.</summary>
    internal static ReadOnlySpan<int> Numbers(SeccompArchitecture architecture) => architecture switch
    {
        SeccompArchitecture.X86_64 => X86_64,
        SeccompArchitecture.I386 => I386,
        SeccompArchitecture.X32 => X32,
        SeccompArchitecture.Aarch64 => Aarch64,
        SeccompArchitecture.Arm => Arm,
        _ => throw new ArgumentOutOfRangeException(nameof(architecture)),
    };

    /// <summary>The place of a name in byte order, or -1: no architecture here has a call of this name.</summary>
    internal static int IndexOf(ReadOnlySpan<char> name)
    {
        int low = 0;
        int high = Count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = Compare(name, Name(middle));
            if (order == 0)
            {
                return middle;
            }

            if (order < 0)
            {
                high = middle - 1;
            }
            else
            {
                low = middle + 1;
            }
        }

        return -1;
    }

    private static int Compare(ReadOnlySpan<char> text, ReadOnlySpan<byte> name)
    {
        int shared = Math.Min(text.Length, name.Length);
        for (int i = 0; i < shared; i++)
        {
            if (text[i] != name[i])
            {
                return text[i] - name[i];
            }
        }

        return text.Length - name.Length;
    }
}
