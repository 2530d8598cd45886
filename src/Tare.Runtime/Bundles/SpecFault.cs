// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Runtime.Bundles;

/// <summary>Words for what is wrong in a config, and the questions that many of its members are asked.</summary>
internal static class SpecFault
{
    /// <summary>Longest path that the kernel takes.</summary>
    private const int MaxPath = 4096;

    /// <param name="path">of the member, such as <c>linux.namespaces[2].type</c></param>
    /// <param name="why">the cause</param>
    public static TareException At(string path, string why) => new(ErrorKind.InvalidArgument, $"{path}: {why}");

    /// <summary>A path that begins at a root and that the kernel takes.</summary>
    public static void WantAbsolute(string path, string value)
    {
        if (value is not ['/', ..])
        {
            throw At(path, $"want an absolute path, is {Quoted.Text(value)}");
        }

        if (System.Text.Encoding.UTF8.GetByteCount(value) >= MaxPath)
        {
            throw At(path, $"longer than {MaxPath - 1} bytes");
        }
    }

    /// <summary>A word out of a closed set.</summary>
    public static void WantOneOf(string path, string noun, string value, ReadOnlySpan<string> known)
    {
        if (!known.Contains(value))
        {
            throw At(path, $"unknown {noun} {Quoted.Text(value)}");
        }
    }

    public static void WantWithin(string path, long value, long min, long max)
    {
        if (value < min || value > max)
        {
            throw At(path, $"want {min} to {max}, is {value}");
        }
    }

    /// <summary>A user or group; the kernel's own word for none is refused.</summary>
    public static void WantId(string path, uint value)
    {
        if (value == uint.MaxValue)
        {
            throw At(path, $"{value} is nobody's id");
        }
    }

    /// <summary>CPUs or memory nodes as the kernel lists them: <c>0-3,7</c>.</summary>
    public static void WantNumberList(string path, string value)
    {
        foreach (string part in value.Split(','))
        {
            string[] ends = part.Trim().Split('-');
            bool isRange = ends.Length <= 2 && ends.All(end => end.Length is > 0 and <= 6 && end.All(char.IsAsciiDigit));
            if (!isRange || (ends.Length == 2 && int.Parse(ends[0], null) > int.Parse(ends[1], null)))
            {
                throw At(path, $"want numbers and ranges such as 0-3,7, is {Quoted.Text(value)}");
            }
        }
    }

    /// <summary><c>NAME=value</c> each.</summary>
    public static void WantEnvironment(string path, IReadOnlyList<string>? environment)
    {
        for (int i = 0; i < environment?.Count; i++)
        {
            if (environment[i].IndexOf('=', StringComparison.Ordinal) <= 0)
            {
                throw At($"{path}[{i}]", $"want NAME=value, is {Quoted.Text(environment[i])}");
            }
        }
    }
}
