// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Containers;

/// <summary>How a run ended for the person who asked for it.</summary>
/// <param name="ExitCode">the container's, or 125-127 when it never ran; 0 after detaching</param>
/// <param name="Message">why it never ran, or null</param>
/// <param name="Hint">what can be done about it, or null</param>
internal sealed record RunResult(int ExitCode, string? Message = null, string? Hint = null);
