// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Networks;
using Tare.Images.Store;
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Specs;
using FileRoot = Tare.Linux.Files.Root;

namespace Tare.Engine.Containers;

/// <summary>The runtime spec of a container, decided anew for each start from what was asked, the image and the host.</summary>
internal static class ContainerSpecs
{
    /// <param name="engine">whose it is</param>
    /// <param name="id">of the container</param>
    /// <param name="request">what was asked</param>
    /// <param name="image">it is made from</param>
    /// <param name="mounts">with every volume resolved</param>
    /// <param name="users">whose ids it has</param>
    /// <param name="view">its root file system</param>
    /// <param name="isStart">it is started with it; else only described</param>
    public static (Spec Spec, ContainerOptions Options) Build(
        TareEngine engine, ContainerId id, RunRequest request, StoredImage image, ResolvedMounts mounts, ContainerUsers users, FileRoot view, bool isStart)
    {
        JoinedContainer? joined = isStart ? JoinedContainer.Of(engine, request) : null;
        ContainerOptions options = RequestedOptions.Of(request, id, mounts.Options, EngineFiles(engine, joined?.Id ?? id)) with
        {
            CgroupsPath = ContainerCgroup.PathOf(engine, id, request),
            Users = users.Range,
        };
        options = joined is null ? options : options with
        {
            Hostname = joined.Hostname,
            NetworkPath = joined.NetworkPath,
            UsersPath = users.Range is null ? null : joined.UsersPath,
        };
        if (isStart && NetworkChoice.Of(request).Path is { } path)
        {
            JoinedSpace.Check(path);
            options = options with { NetworkPath = path };
        }

        RunConfig config = image.Config.Config ?? new RunConfig();
        return (ContainerSpec.Build(config, options, ImageAccounts.Read(view), HostInspection.Look(request.Privileged)), options);
    }

    private static List<BindMount> EngineFiles(TareEngine engine, ContainerId id)
    {
        string path = engine.Folders.LivePath(id.Text);
        return [.. HostFiles.All.Select(file => new BindMount($"{path}/{file.Name}", file.Target))];
    }
}
