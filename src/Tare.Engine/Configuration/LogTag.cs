// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Oci;

namespace Tare.Engine.Configuration;

/// <summary>The text of <c>--log-opt tag</c>: docker's fields of a container, each in double braces, between other text.</summary>
/// <remarks>Docker takes any Go template there; these fields are those that its pages name, and the rest is refused.</remarks>
internal static class LogTag
{
    private const int MaxCharacters = 1024;

    private static readonly string[] Fields =
    [
        "ID", "FullID", "Name", "ImageID", "ImageFullID", "ImageName", "DaemonName", "Hostname", "Command",
        "ContainerID", "ContainerName", "ContainerImageID", "ContainerImageName",
    ];

    /// <summary>Null when it is a tag, else why not.</summary>
    public static string? WhyNot(string text) =>
        text.Length > MaxCharacters ? $"longer than {MaxCharacters} characters" : Expand(text, static _ => "").WhyNot;

    /// <summary>The text with the fields' values in their places.</summary>
    /// <param name="text">a tag</param>
    /// <param name="valueOf">of one of the fields</param>
    public static string Write(string text, Func<string, string> valueOf) => Expand(text, valueOf).Text;

    private static (string Text, string? WhyNot) Expand(string text, Func<string, string> valueOf)
    {
        var written = new StringBuilder();
        ReadOnlySpan<char> rest = text;
        for (int open; (open = rest.IndexOf("{{", StringComparison.Ordinal)) >= 0;)
        {
            written.Append(rest[..open]);
            int length = rest[(open + 2)..].IndexOf("}}", StringComparison.Ordinal);
            if (length < 0)
            {
                return ("", "{{ without }}");
            }

            string action = rest.Slice(open + 2, length).Trim().ToString();
            if (!action.StartsWith('.') || !Fields.Contains(action[1..]))
            {
                return ("", $"{Quoted.Text(action)} is none of .{string.Join(", .", Fields)}");
            }

            written.Append(valueOf(action[1..]));
            rest = rest[(open + length + 4)..];
        }

        return (written.Append(rest).ToString(), null);
    }
}
