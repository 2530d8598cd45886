// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Build.Dockerfile;

/// <summary>The flags that an instruction knows, checked against those that it was given.</summary>
internal sealed class FlagSet
{
    private readonly SourceText _source;
    private readonly ILookup<string, Flag> _given;

    /// <param name="line">the instruction</param>
    /// <param name="source">the text that it stands in</param>
    /// <param name="known">names; <c>name?</c> is a switch, <c>name*</c> may be repeated, <c>name</c> has one
    /// value</param>
    /// <exception cref="TareException">InvalidArgument for a flag that is unknown, repeated, or lacks its value</exception>
    public FlagSet(SourceText source, InstructionLine line, params ReadOnlySpan<string> known)
    {
        _source = source;
        _given = line.Flags.ToLookup(static flag => flag.Name, StringComparer.Ordinal);
        string[] kinds = known.ToArray();
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (Flag flag in line.Flags)
        {
            string kind = Array.Find(kinds, one => one.TrimEnd('?', '*') == flag.Name) ?? throw SourceError.At(
                source, flag.Range, $"unknown flag of {line.Head.Keyword.ToUpperInvariant()}: --{flag.Name}", Hint(flag, kinds));
            if (!seen.Add(flag.Name) && !kind.EndsWith('*'))
            {
                throw SourceError.At(source, flag.Range, $"--{flag.Name} is given twice");
            }

            if (kind.EndsWith('?') ? flag.Value is { Length: 0 } : flag.Value is null)
            {
                throw SourceError.At(source, flag.Range, $"--{flag.Name} wants a value", $"write --{flag.Name}=VALUE");
            }
        }
    }

    public bool Has(string name) => _given.Contains(name);

    /// <summary>The flag's value, or null.</summary>
    public string? Text(string name) => _given[name].FirstOrDefault()?.Value;

    /// <summary>The flag's value and where it stands, or null.</summary>
    public Word? Word(string name) =>
        _given[name].FirstOrDefault() is { } flag ? new Word(flag.Value!, flag.Range) : null;

    /// <summary>All values of a flag that may be repeated.</summary>
    public IReadOnlyList<Word> Words(string name) =>
        [.. _given[name].Select(static flag => new Word(flag.Value!, flag.Range))];

    /// <summary>A switch: null when it is not given.</summary>
    /// <exception cref="TareException">InvalidArgument for another value than true and false</exception>
    public bool? Switch(string name) => _given[name].FirstOrDefault() is not { } flag ? null
        : flag.Value is null ? true
        : bool.TryParse(flag.Value, out bool value) ? value
        : throw SourceError.At(
            _source, flag.Range, $"--{name} is {Quoted.Text(flag.Value)}, it may be true or false");

    private static string? Hint(Flag flag, string[] kinds)
    {
        string[] names = [.. kinds.Select(static kind => kind.TrimEnd('?', '*'))];
        return SourceError.DidYouMean(flag.Name, names, before: "--")
            ?? (names.Length == 0 ? null : "known flags: " + string.Join(", ", names.Select(static name => "--" + name)));
    }
}
