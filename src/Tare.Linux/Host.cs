// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux.Interop;

namespace Tare.Linux;

/// <summary>What the kernel says about the machine and about this process's surroundings.</summary>
/// <param name="Name">the host's name</param>
/// <param name="Kernel">version of the running kernel: major, minor, patch</param>
/// <param name="Release">the version as text, with the distribution's suffix</param>
/// <param name="Machine">such as <c>x86_64</c></param>
/// <remarks>man uname(2)</remarks>
internal sealed record Host(string Name, Version Kernel, string Release, string Machine)
{
    /// <summary>Asks the kernel now.</summary>
    public static unsafe Host Read()
    {
        Libc.utsname names;

        // SAFETY: the kernel fills the struct, every field NUL-terminated
        Libc.Check(Libc.uname(&names), "uname");
        string release = Text(names.release);
        return new(Text(names.nodename), ParseKernel(release), release, Text(names.machine));
    }

    /// <summary>Files are made with exactly the modes that the code names, whatever the caller's umask was.</summary>
    /// <remarks>For programs at their start: the mask belongs to the whole process. man umask(2)</remarks>
    public static void ClearUmask() => _ = Libc.umask(0);

    /// <summary>The numbers at the beginning of a release such as <c>6.18.44-cloud-amd64</c>; 0.0.0 for none.</summary>
    internal static Version ParseKernel(string release)
    {
        Span<int> numbers = stackalloc int[3];
        int field = 0;
        foreach (char c in release)
        {
            if (char.IsAsciiDigit(c) && numbers[field] < 1_000_000)
            {
                numbers[field] = (numbers[field] * 10) + (c - '0');
            }
            else if (c != '.' || ++field == numbers.Length)
            {
                break;
            }
        }

        return new(numbers[0], numbers[1], numbers[2]);
    }

    private static unsafe string Text(byte* field)
    {
        var bytes = new ReadOnlySpan<byte>(field, Libc.UTS_FIELD);
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }
}
