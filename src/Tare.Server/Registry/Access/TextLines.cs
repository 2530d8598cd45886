// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Server.Registry.Access;

/// <summary>The lines of a small file that an administrator wrote.</summary>
internal static class TextLines
{
    /// <summary>Lines with their numbers, without empty ones and those that begin with '#'.</summary>
    /// <exception cref="TareException">NotFound: it cannot be read</exception>
    public static IEnumerable<(int Number, string Line)> Read(string path, int maxBytes)
    {
        try
        {
            return Encoding.UTF8.GetString(HostPath.ReadAll(path, maxBytes))
                .Split('\n')
                .Select((line, index) => (Number: index + 1, Line: line.Trim()))
                .Where(entry => entry.Line.Length > 0 && entry.Line[0] != '#');
        }
        catch (LinuxException e)
        {
            throw new TareException(ErrorKind.NotFound, $"read {Quoted.Text(path)}: {e.Message}", inner: e);
        }
    }
}
