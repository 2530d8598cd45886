// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Solve;
using Tare.Images.Store;
using Tare.Linux;

namespace Tare.Build.Steps;

/// <summary>Runs a process on top of layers, in a container that nobody sees afterwards.</summary>
/// <param name="process">what</param>
/// <param name="output">gets what it writes; lent</param>
/// <param name="keep">told, after exit code 0, the folder that holds what it wrote as <c>upper</c></param>
/// <param name="left">told the same folder after any other exit code; null: what is in it goes</param>
/// <param name="ct">ends the process</param>
/// <returns>how it ended</returns>
internal delegate StepEnd RunProcess(StepProcess process, Fd output, Action<Fd> keep, Action<Fd>? left, CancellationToken ct);

/// <summary>How a process of a build ended.</summary>
/// <param name="ExitCode">0 is success</param>
/// <param name="Message">why it never ran, or null</param>
/// <param name="Hint">what can be done about that, or null</param>
internal sealed record StepEnd(int ExitCode, string? Message = null, string? Hint = null);

/// <summary>A process of a build.</summary>
/// <param name="Layers">its root file system, bottom first</param>
/// <param name="Arguments">what is executed</param>
internal sealed record StepProcess(IReadOnlyList<StoredLayer> Layers, IReadOnlyList<string> Arguments)
{
    /// <summary>Entries <c>NAME=value</c>; may hold secrets.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    public string Folder { get; init; } = "/";

    public string User { get; init; } = "";

    public IReadOnlyList<StepMount> Mounts { get; init; } = [];

    /// <summary><c>none</c>, <c>host</c>, a name; null is the default.</summary>
    public string? Network { get; init; }

    /// <summary>It has all rights over the host.</summary>
    public bool IsPrivileged { get; init; }

    public IReadOnlyList<string> ExtraHosts { get; init; } = [];

    /// <summary>bytes; 0 is the default</summary>
    public long ShmSize { get; init; }

    public IReadOnlyList<StepLimit> Limits { get; init; } = [];
}

/// <summary>Something mounted for a process.</summary>
/// <param name="Source">absolute path of the host, or inside <paramref name="View"/>; null is a tmpfs</param>
/// <param name="Target">absolute path inside</param>
/// <param name="View">a file system of the build that is shown; what is written there is thrown away. Null: the host's is</param>
internal sealed record StepMount(string? Source, string Target, VertexResult.Layered? View = null)
{
    public bool IsReadOnly { get; init; }

    /// <summary>bytes of a tmpfs; 0 is the kernel's default</summary>
    public long Size { get; init; }
}

/// <summary>A resource limit: <c>nofile</c> and the like; -1 is no limit.</summary>
internal sealed record StepLimit(string Name, long Soft, long Hard);
