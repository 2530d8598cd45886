// SPDX-License-Identifier: Apache-2.0
namespace Tare.Build.Dockerfile;

/// <summary>A stretch of a Dockerfile: lines and columns count from 1, the end column is the one behind the last
/// character.</summary>
/// <param name="Line">the first line</param>
/// <param name="Column">the first character, in UTF-16 units</param>
/// <param name="EndLine">the last line</param>
/// <param name="EndColumn">behind the last character</param>
internal readonly record struct SourceRange(int Line, int Column, int EndLine, int EndColumn)
{
    /// <summary>Such as <c>3:1-3:9</c>.</summary>
    public override string ToString() => $"{Line}:{Column}-{EndLine}:{EndColumn}";
}
