// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Oci;

namespace Tare.Build.Ignore;

/// <summary>The text of .dockerignore.</summary>
/// <remarks>docs.docker.com/build/concepts/context/#dockerignore-files, moby/patternmatcher ignorefile.</remarks>
internal static class IgnoreFile
{
    /// <summary>Bytes of the file.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>What the file of a context is called.</summary>
    public const string Name = ".dockerignore";

    /// <summary>The name of the file that belongs to one Dockerfile and wins over <see cref="Name"/>.</summary>
    public static string NameFor(string dockerfile) => dockerfile + Name;

    /// <summary>The patterns in order: comments and empty lines left out, each cleaned, without a slash at its
    /// beginning.</summary>
    /// <exception cref="TareException">ResourceExhausted when it is too long</exception>
    public static IReadOnlyList<string> Read(string name, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxBytes)
        {
            throw new TareException(
                ErrorKind.ResourceExhausted, $"{name}: {bytes.Length} bytes, it may have {MaxBytes}");
        }

        bytes = bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
        List<string> patterns = [];
        foreach (string line in Encoding.UTF8.GetString(bytes).Split('\n'))
        {
            // a comment is one only in the first column
            string pattern = line.StartsWith('#') ? "" : line.Trim();
            if (pattern.Length > 0)
            {
                patterns.Add(Cleaned(pattern));
            }
        }

        return patterns;
    }

    private static string Cleaned(string pattern)
    {
        bool isException = pattern[0] == '!';
        pattern = isException ? pattern[1..].Trim() : pattern;
        if (pattern.Length > 0)
        {
            pattern = PathText.Clean(pattern);
            pattern = pattern.Length > 1 && pattern[0] == '/' ? pattern[1..] : pattern;
        }

        return isException ? "!" + pattern : pattern;
    }
}
