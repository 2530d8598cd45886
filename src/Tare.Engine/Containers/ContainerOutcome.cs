// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Containers;

/// <summary>How a container ended.</summary>
/// <param name="ExitCode">of its first process: 0-255, 128+n when signal n ended it; 125-127 when it never ran</param>
/// <param name="StartedAt">null when it never ran</param>
/// <param name="FinishedAt">when the exit was seen</param>
/// <param name="OomKilled">the kernel ended a process of it for want of memory</param>
/// <param name="Error">why it could not be started, or empty</param>
internal sealed record ContainerOutcome(
    int ExitCode, DateTimeOffset? StartedAt, DateTimeOffset FinishedAt, bool OomKilled, string Error);
