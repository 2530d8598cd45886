// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Build.Dockerfile;

namespace Tare.Build.Check;

/// <summary>A finding of <c>--check</c>.</summary>
/// <param name="Rule">which rule</param>
/// <param name="Range">the instruction</param>
/// <param name="Message">what is wrong here</param>
internal sealed record Warning(Rule Rule, SourceRange Range, string Message)
{
    /// <summary>In one line, as docker writes it.</summary>
    public string Line => string.Create(CultureInfo.InvariantCulture, $"{Rule.Name}: {Message} (line {Range.Line})");
}
