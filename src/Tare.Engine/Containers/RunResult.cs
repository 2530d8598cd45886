// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Containers;

/// <summary>How a run ended for the person who asked for it.</summary>
/// <param name="ExitCode">the container's, or 125-127 when it never ran; 0 after detaching</param>
/// <param name="Message">why it never ran, or null</param>
/// <param name="Hint">what can be done about it, or null</param>
/// <param name="Detached">the user left by the detach keys, and it runs on</param>
internal sealed record RunResult(int ExitCode, string? Message = null, string? Hint = null, bool Detached = false)
{
    /// <summary>docker's exit code for us when nobody reads our output any more.</summary>
    private const int BrokenPipe = 1;

    /// <summary>The user left by the detach keys.</summary>
    public static RunResult Left => new(0, Detached: true);

    /// <summary>Nobody reads our output any more; it runs on.</summary>
    public static RunResult Broken => new(BrokenPipe, "write to standard output: broken pipe");
}
