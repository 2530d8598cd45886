// SPDX-License-Identifier: Apache-2.0
namespace Tare.Cli.Arguments;

/// <summary>A flag with the type of its value.</summary>
/// <param name="spelling">as the help prints it</param>
/// <param name="valueName">null for a switch</param>
/// <param name="help">one line</param>
/// <param name="take">value before and text → value after; throws FormatException with the cause</param>
/// <param name="fallback">the value when the flag was not given</param>
internal sealed class Flag<T>(string spelling, string? valueName, string help, Func<T?, string, T> take, T fallback)
    : Flag(spelling, valueName, help)
{
    public T Fallback { get; } = fallback;

    /// <summary>The same, which may also be given by a name of former times.</summary>
    public Flag<T> Called(string otherName) => new(Spelling, ValueName, Help, take, Fallback) { OtherName = otherName, Completes = Completes };

    public override object? Take(object? before, string text) => take(before is T value ? value : Fallback, text);
}
