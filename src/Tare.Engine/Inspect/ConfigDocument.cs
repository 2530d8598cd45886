// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Inspect;

/// <summary>The portable part of a container's settings. Engine API v1.51 ContainerConfig.</summary>
internal sealed record ConfigDocument
{
    public required string Hostname { get; init; }

    public string Domainname { get; init; } = "";

    public required string User { get; init; }

    public bool AttachStdin { get; init; }

    public bool AttachStdout { get; init; }

    public bool AttachStderr { get; init; }

    public bool Tty { get; init; }

    public bool OpenStdin { get; init; }

    public bool StdinOnce { get; init; }

    public required IReadOnlyList<string> Env { get; init; }

    public IReadOnlyList<string>? Cmd { get; init; }

    public required string Image { get; init; }

    public IReadOnlyDictionary<string, EmptyDocument>? Volumes { get; init; }

    public required string WorkingDir { get; init; }

    public IReadOnlyList<string>? Entrypoint { get; init; }

    public IReadOnlyDictionary<string, EmptyDocument>? ExposedPorts { get; init; }

    public IReadOnlyList<string>? OnBuild { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public string? StopSignal { get; init; }

    /// <summary>seconds; -1 waits for ever</summary>
    public int? StopTimeout { get; init; }
}
