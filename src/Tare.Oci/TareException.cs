// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci;

/// <summary>An expected failure, told in one line: lower case, outermost noun first, the object named, the cause last.</summary>
/// <param name="kind">the class of failure; each face maps it to its own codes</param>
/// <param name="message">one line without a full stop, such as <c>load app.tar: layer sha256:ab…: got 812 bytes, want 1024</c></param>
/// <param name="hint">what the user can do about it, or null; printed on a line of its own after <c>hint:</c></param>
/// <param name="inner">the cause, when it was an exception</param>
public class TareException(ErrorKind kind, string message, string? hint = null, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>The class of failure.</summary>
    public ErrorKind Kind { get; } = kind;

    /// <summary>What the user can do about it, or null.</summary>
    public string? Hint { get; } = hint;

    /// <summary>The message has several lines: all but the first show the place that is meant. Without it a break in a message, which may
    /// come from outside, is shown as a character.</summary>
    internal bool ShowsPlace { get; init; }
}
