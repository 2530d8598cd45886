// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Dockerfile;
using Tare.Oci;

namespace Tare.Build.Graph;

/// <summary>RUN: a process on input 0.</summary>
/// <param name="Arguments">what is executed, the shell included</param>
/// <param name="Environment">entries <c>NAME=value</c>, build arguments included</param>
/// <param name="Folder">where it starts; absolute</param>
/// <param name="User">as the image has it; null for root</param>
internal sealed record RunOperation(
    IReadOnlyList<string> Arguments, IReadOnlyList<string> Environment, string Folder, string? User) : Operation
{
    public IReadOnlyList<RunMount> Mounts { get; init; } = [];

    public RunNetwork Network { get; init; }

    public RunSecurity Security { get; init; }

    public IReadOnlyList<RunDevice> Devices { get; init; } = [];

    /// <summary>A script that is mounted for the process, or null.</summary>
    public RunScript? Script { get; init; }

    /// <summary>Variables for proxies, which the process sees and the cache does not.</summary>
    public IReadOnlyList<string> Proxies { get; init; } = [];

    /// <summary>The platform of its stage when this host does not run it by itself; else null.</summary>
    public Platform? Foreign { get; init; }

    public override void Write(DefinitionWriter writer)
    {
        writer.Add("run");
        writer.Add(Arguments);
        writer.Add(Environment);
        writer.Add(Folder);
        writer.Add(User);
        writer.Add((long)Network);
        writer.Add((long)Security);
        writer.Add((long)Mounts.Count);
        foreach (RunMount mount in Mounts)
        {
            mount.Write(writer);
        }

        writer.Add((long)Devices.Count);
        foreach (RunDevice device in Devices)
        {
            writer.Add(device.Name);
            writer.Add(device.IsRequired);
        }

        writer.Add(Script?.Path);
        writer.Add(Script?.Content);
        if (Foreign is { } platform)
        {
            writer.Add("foreign");
            writer.Add(platform.ToString());
        }
    }
}

/// <summary>A heredoc that begins with <c>#!</c>.</summary>
/// <param name="Path">where the process finds it, mode 0755, read-only</param>
/// <param name="Content">all of it</param>
internal sealed record RunScript(string Path, string Content);

/// <summary>A mount of a RUN, with all defaults filled in.</summary>
/// <param name="Kind">what is mounted</param>
/// <param name="Target">absolute; empty for a secret that is only a variable, and for an agent whose place nobody
/// named</param>
/// <param name="Input">the number of the input that it shows; null when it shows none</param>
internal sealed record RunMount(MountKind Kind, string Target, int? Input)
{
    /// <summary>The path inside the input, absolute.</summary>
    public string Source { get; init; } = "/";

    public bool IsReadOnly { get; init; }

    /// <summary>Of a cache, secret or agent; never what it holds.</summary>
    public string? Id { get; init; }

    public CacheSharing Sharing { get; init; }

    public bool IsRequired { get; init; }

    /// <summary>Bytes of a tmpfs; 0 is the kernel's default.</summary>
    public long Size { get; init; }

    /// <summary>Null where nothing is made: bind and tmpfs.</summary>
    public uint? Mode { get; init; }

    public uint Uid { get; init; }

    public uint Gid { get; init; }

    public string? Variable { get; init; }

    public void Write(DefinitionWriter writer)
    {
        writer.Add((long)Kind);
        writer.Add(Target);
        writer.Add(Input ?? -1L);
        writer.Add(Source);
        writer.Add(IsReadOnly);
        writer.Add(Id);
        writer.Add((long)Sharing);
        writer.Add(IsRequired);
        writer.Add(Size);
        writer.Add(Mode ?? -1L);
        writer.Add(Uid);
        writer.Add(Gid);
        writer.Add(Variable);
    }
}
