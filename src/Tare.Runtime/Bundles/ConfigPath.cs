// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Tare.Oci;

namespace Tare.Runtime.Bundles;

/// <summary>Where in a document somebody is: <c>linux.namespaces[2].type</c>.</summary>
internal sealed class ConfigPath
{
    private readonly List<(string? Name, int Index)> _parts = [];

    public bool IsEmpty => _parts.Count == 0;

    /// <summary>Into the member of an object.</summary>
    public void Enter(string name) => _parts.Add((name, -1));

    /// <summary>Into the entry of a list.</summary>
    public void Enter(int index) => _parts.Add((null, index));

    /// <summary>Into the entry of a map, whose names are not ours.</summary>
    public void EnterKey(string name) => _parts.Add((Key(name), -2));

    public void Leave() => _parts.RemoveAt(_parts.Count - 1);

    /// <summary>How the entry of a map is written behind the map's own path: in brackets unless it is a plain
    /// word.</summary>
    public static string Key(string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? $".{name}" : $"[{Quoted.Text(name)}]";

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach ((string? name, int index) in _parts)
        {
            _ = name is null ? text.Append(CultureInfo.InvariantCulture, $"[{index}]")
                : index == -2 || text.Length == 0 ? text.Append(name)
                : text.Append('.').Append(name);
        }

        return text.ToString();
    }
}
