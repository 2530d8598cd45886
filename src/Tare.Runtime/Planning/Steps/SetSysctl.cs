// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Sets a kernel parameter of the container's own namespaces.</summary>
/// <param name="Name">with dots or slashes</param>
/// <param name="Value">what is written</param>
internal sealed record SetSysctl(string Name, string Value) : Step
{
    public override string Action => $"set sysctl {Name}";

    public override string Details => Value;

    internal override void Lower(Lowering to)
    {
        // sysctl(8): the first separator is the one between directories, the other stands for itself
        int first = Name.AsSpan().IndexOfAny('.', '/');
        string path = first >= 0 && Name[first] == '.' ? Swap(Name) : Name;
        to.WriteProc("sys/" + path, Encoding.UTF8.GetBytes(Value));
    }

    private static string Swap(string name) => string.Create(name.Length, name, static (span, text) =>
    {
        for (int i = 0; i < span.Length; i++)
        {
            span[i] = text[i] switch { '.' => '/', '/' => '.', char other => other };
        }
    });
}
