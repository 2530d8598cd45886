// SPDX-License-Identifier: Apache-2.0
namespace Tare.Cli.Output.Templates;

/// <summary>The variables that can be seen at one place of a template; an inner block's end with it.</summary>
/// <typeparam name="T">what is known of each</typeparam>
internal sealed class Variables<T>
{
    private readonly List<(string Name, T Value)> _seen = [];

    /// <summary>To be given to <see cref="Forget"/> at the end of a block.</summary>
    public int Mark => _seen.Count;

    public void Declare(string name, T value) => _seen.Add((name, value));

    public void Forget(int mark) => _seen.RemoveRange(mark, _seen.Count - mark);

    public bool Knows(string name) => IndexOf(name) >= 0;

    public T this[string name]
    {
        get => _seen[IndexOf(name)].Value;
        set => _seen[IndexOf(name)] = (name, value);
    }

    /// <summary>The innermost.</summary>
    private int IndexOf(string name) => _seen.FindLastIndex(variable => variable.Name == name);
}
