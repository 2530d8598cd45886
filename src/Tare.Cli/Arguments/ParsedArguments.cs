// SPDX-License-Identifier: Apache-2.0
namespace Tare.Cli.Arguments;

/// <summary>What a command line said: flags with their values, and the arguments that are no flags.</summary>
internal sealed class ParsedArguments
{
    private readonly Dictionary<Flag, object?> _values = [];

    /// <summary>The arguments that are no flags, in order; for run and create everything from the image on.</summary>
    public List<string> Operands { get; } = [];

    /// <summary>True when <c>--help</c> was seen before anything that could be wrong.</summary>
    public bool WantsHelp { get; set; }

    public T Get<T>(Flag<T> flag) => _values.TryGetValue(flag, out object? value) ? (T)value! : flag.Fallback;

    public bool Has(Flag flag) => _values.ContainsKey(flag);

    /// <exception cref="UsageException">the text is no value of the flag</exception>
    public void Take(Flag flag, string text)
    {
        try
        {
            _values[flag] = flag.Take(_values.GetValueOrDefault(flag), text);
        }
        catch (FormatException cause)
        {
            throw new UsageException($"invalid argument \"{text}\" for \"{flag.Spelling}\" flag: {cause.Message}", 125);
        }
    }
}
