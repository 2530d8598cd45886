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

    // a user alone is a token as often as a name: then it is hidden too, but for ssh, where it is a name
    [GeneratedRegex("((?:https?|git)://(?:[^\\s/@:]*:)?)[^\\s/@]+@", RegexOptions.IgnoreCase)]
    private static partial Regex Password();
}
