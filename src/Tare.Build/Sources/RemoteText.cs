// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace Tare.Build.Sources;

/// <summary>Addresses as they may be shown and kept.</summary>
internal static partial class RemoteText
{
    /// <summary>The address with <c>xxxxx</c> for its password.</summary>
    public static string WithoutPassword(string remote) => WithoutPasswords(remote);

    /// <summary>The same for every address in a text.</summary>
    public static string WithoutPasswords(string text) => Password().Replace(text, "$1xxxxx@");

    /// <summary>What git is given: over http without user and password, which go as a header (<see cref="GitAuthorization"/>), as
    /// everybody on the host sees arguments.</summary>
    public static string WithoutUser(string remote)
    {
        int start = !WebFile.IsAddress(remote) ? remote.Length : remote.IndexOf("//", StringComparison.Ordinal) + 2;
        int slash = remote.IndexOf('/', start);
        int end = slash < 0 ? remote.Length : slash;
        int at = remote.LastIndexOf('@', end - 1, end - start);
        return at < 0 ? remote : remote[..start] + remote[(at + 1)..];
    }

    // a user alone is a token as often as a name: then it is hidden too, but for ssh, where it is a name
    [GeneratedRegex("((?:https?|git)://(?:[^\\s/@:]*:)?)[^\\s/@]+@", RegexOptions.IgnoreCase)]
    private static partial Regex Password();
}
