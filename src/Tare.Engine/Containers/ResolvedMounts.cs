// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Engine.Inspect;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;
using Tare.Runtime.Specs;

namespace Tare.Engine.Containers;

/// <summary>The mounts of a new container after volumes were found or made and missing bind sources were made.</summary>
/// <param name="Options">what the spec is built from</param>
/// <param name="Documents">what inspect shows</param>
/// <param name="Requests">as asked, with those of the image, and with names for anonymous volumes: what a later start asks</param>
/// <param name="Fill">folders of empty volumes, each with the place in the image whose content it takes</param>
internal sealed record ResolvedMounts(
    IReadOnlyList<MountOption> Options,
    IReadOnlyList<MountDocument> Documents,
    IReadOnlyList<MountRequest> Requests,
    IReadOnlyList<(string Folder, string Target)> Fill)
{
    private const uint SourceMode = 0b111_101_101;

    /// <summary>Resolves the user's mounts, then a volume for each path that the image wants one at.</summary>
    /// <exception cref="TareException">InvalidArgument or NotFound: a bind's source does not exist</exception>
    public static ResolvedMounts Resolve(
        TareEngine engine, RunRequest request, IReadOnlyList<string>? imageVolumes, ContainerId id)
    {
        var options = new List<MountOption>();
        var documents = new List<MountDocument>();
        var requests = new List<MountRequest>();
        var fill = new List<(string, string)>();
        var taken = request.Mounts.Select(m => m.Target.TrimEnd('/')).ToHashSet(StringComparer.Ordinal);
        foreach (MountRequest mount in request.Mounts.Concat(VolumesOfImage(imageVolumes ?? [], taken)))
        {
            string? volume = null;
            MountOption option = RequestedOptions.MountOf(mount, m =>
            {
                (volume, bool empty) = engine.Volumes.Use(m.Source, id);
                string folder = engine.Folders.VolumePath(volume);
                if (empty && !m.NoCopy)
                {
                    fill.Add((folder, m.Target));
                }

                return folder;
            });
            options.Add(option);
            requests.Add(volume is null ? mount : mount with { Source = volume });
            if (option is BindMount bind)
            {
                if (mount.View is null)
                {
                    EnsureSource(bind);
                }

                documents.Add(DocumentOf(mount, bind, volume));
            }
        }

        return new(options, documents, requests, fill);
    }

    /// <summary>Fills empty volumes with what the image has where they are mounted, as docker does.</summary>
    /// <param name="rootfs">the container's root file system</param>
    public void FillVolumes(Root rootfs)
    {
        foreach ((string folder, string target) in Fill)
        {
            using Fd? content = rootfs.TryResolve(
                Encoding.UTF8.GetBytes(target), OpenFlags.ReadOnly | OpenFlags.Directory);
            if (content is not null)
            {
                using Fd volume = HostPath.OpenDirectory(folder);
                TreeCopy.Run(content, volume);
            }
        }
    }

    private static IEnumerable<MountRequest> VolumesOfImage(IReadOnlyList<string> paths, HashSet<string> taken)
    {
        foreach (string path in paths)
        {
            if (path.StartsWith('/') && !taken.Contains(path.TrimEnd('/')))
            {
                yield return new(MountKind.Volume, null, path);
            }
        }
    }

    private static void EnsureSource(BindMount bind)
    {
        if (HostPath.TryStatus(bind.Source) is not null)
        {
            return;
        }

        if (!bind.CreateSource)
        {
            throw new TareException(
                ErrorKind.InvalidArgument,
                $"invalid mount config for type \"bind\": bind source path does not exist: {bind.Source}",
                "make it first, or use -v, which makes missing folders");
        }

        HostPath.MakeDirectories(bind.Source, SourceMode).Dispose();
    }

    private static MountDocument DocumentOf(MountRequest mount, BindMount bind, string? volume) => new()
    {
        Type = volume is null ? "bind" : "volume",
        Name = volume,
        Source = bind.Source,
        Destination = bind.Destination,
        Driver = volume is null ? null : "local",
        Mode = mount.ReadOnly ? "ro" : "",
        RW = !bind.ReadOnly,
        Propagation = volume is null ? bind.Propagation : "",
    };
}
