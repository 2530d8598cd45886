// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux;

/// <summary>A system call that failed: <c>open /etc/x: ENOENT (no such file or directory)</c>.</summary>
/// <remarks>Only this room throws it; the room above wraps it once with its own noun.</remarks>
public sealed class LinuxException : Exception
{
    internal LinuxException(Errno errno, string operation, string? subject = null)
        : base(Describe(errno, operation, subject))
    {
        Errno = errno;
        Operation = operation;
        Subject = subject;
    }

    /// <summary>The kernel's answer.</summary>
    public Errno Errno { get; }

    /// <summary>The call, named as its man page.</summary>
    public string Operation { get; }

    /// <summary>The path or object that the call was about, or null.</summary>
    public string? Subject { get; }

    private static string Describe(Errno errno, string operation, string? subject)
    {
        string what = subject is null ? operation : $"{operation} {subject}";
        return $"{what}: {errno} ({errno.Explain()})";
    }
}
