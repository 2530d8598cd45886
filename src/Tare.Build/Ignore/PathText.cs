// SPDX-License-Identifier: Apache-2.0
namespace Tare.Build.Ignore;

/// <summary>Paths as text; nothing here looks at a file system.</summary>
internal static class PathText
{
    /// <summary>The shortest spelling, as Go's path.Clean: no empty parts, no <c>.</c>, <c>..</c> only at the beginning
    /// of relative ones, no slash at the end.</summary>
    public static string Clean(string path)
    {
        bool isRooted = path.StartsWith('/');
        List<string> parts = [];
        foreach (string part in path.Split('/'))
        {
            if (part is "" or ".")
            {
                continue;
            }

            if (part != "..")
            {
                parts.Add(part);
            }
            else if (parts.Count > 0 && parts[^1] != "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (!isRooted)
            {
                parts.Add(part);
            }
        }

        string joined = string.Join('/', parts);
        return isRooted ? "/" + joined : joined.Length == 0 ? "." : joined;
    }

    /// <summary>The path below the root, cleaned: <c>..</c> ends there.</summary>
    public static string Rooted(string path) => Clean("/" + path);

    /// <summary>The path below a folder unless it is absolute itself; a slash at its end, or a <c>.</c>, is kept
    /// as a slash.</summary>
    public static string Resolve(string folder, string path)
    {
        bool wantsFolder = path is "" or "." || path.EndsWith('/') || path.EndsWith("/.", StringComparison.Ordinal);
        string resolved = path.StartsWith('/') ? Rooted(path) : Rooted($"{folder}/{path}");
        return wantsFolder && resolved != "/" ? resolved + "/" : resolved;
    }

    /// <summary>True when it has one of <c>* ? [</c> that is not escaped.</summary>
    public static bool HasWildcards(string path)
    {
        for (int i = 0; i < path.Length; i++)
        {
            if (path[i] is '*' or '?' or '[')
            {
                return true;
            }

            i += path[i] == '\\' ? 1 : 0;
        }

        return false;
    }
}
