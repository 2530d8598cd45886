// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Dockerfile;

namespace Tare.Build.Check;

/// <summary>A finding of <c>--check</c>.</summary>
/// <param name="Rule">which rule</param>
/// <param name="Range">the instruction</param>
/// <param name="Message">what is wrong here</param>
internal sealed record Warning(Rule Rule, SourceRange Range, string Message);
