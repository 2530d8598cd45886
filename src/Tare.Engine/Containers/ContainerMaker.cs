// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Engine.State;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Cgroups;
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning;
using Tare.Runtime.Specs;
using FileRoot = Tare.Linux.Files.Root;

namespace Tare.Engine.Containers;

/// <summary>Makes a container out of an image and what was asked; whatever fails, nothing of it stays.</summary>
/// <remarks>
/// In this order: operation, folders and volumes, root file system, spec, cgroup, plan and descriptors, record. The
/// operation comes first, so that whoever finds leftovers finds whose they are; the record, which makes the name
/// visible, comes last.
/// </remarks>
internal sealed class ContainerMaker(TareEngine engine, RunRequest request)
{
    private readonly ContainerId _id = ContainerId.Create();
    private readonly CgroupHost _cgroups = CgroupHost.Detect();
    private readonly List<Fd> _given = [];

    /// <exception cref="TareException">what was asked cannot be had; the message says what and why</exception>
    public MadeContainer Make()
    {
        StoredImage image = ImageChoice.Find(engine.Images, request);
        Operation operation = Operation.Begin(engine.Folders, _id.Text);
        var undo = new Undo();
        try
        {
            return Prepare(image, undo, operation);
        }
        catch
        {
            _given.ForEach(fd => fd.Dispose());
            undo.Dispose();
            operation.Dispose();
            throw;
        }
    }

    private MadeContainer Prepare(StoredImage image, Undo undo, Operation operation)
    {
        undo.Add(() => engine.Folders.RemoveContainer(_id.Text));
        using Fd folder = engine.Folders.MakeContainer(_id.Text);
        undo.Add(() => engine.Volumes.RemoveAnonymous(_id));
        RunConfig config = image.Config.Config ?? new RunConfig();
        ResolvedMounts mounts = ResolvedMounts.Resolve(engine, request, config.Volumes, _id);

        Fd rootfs = engine.Images.Snapshots.Prepare(folder, image, isVolatile: request.AutoRemove);
        using FileRoot view = FileRoot.From(rootfs.Duplicate());
        mounts.FillVolumes(view);
        ContainerOptions options = RequestedOptions.Of(request, _id, mounts.Options, EngineFiles()) with
        {
            CgroupsPath = $"/{CgroupParent}/{_id}",
        };
        Spec spec = ContainerSpec.Build(
            config, options, ImageAccounts.Read(view), HostInspection.Look(request.Privileged));
        using Fd live = engine.Folders.OpenLive(_id.Text);
        HostFiles.Write(live, spec.Hostname!, options.Network == NetworkMode.Host, []);
        MakeWorkingDirectory(view, spec.Process!);
        Cgroup cgroup = MakeCgroup(spec, undo);
        LaunchPlan plan = Plan(spec, rootfs, view, cgroup);
        ContainerRecord record = RecordComposer.Compose(request, image, spec, options, mounts.Documents);
        return new()
        {
            Row = Claim(image, record, undo),
            Record = record,
            Spec = spec,
            Plan = plan,
            Cgroup = cgroup,
            Given = _given,
            Undo = undo,
            Operation = operation,
        };
    }

    private string CgroupParent => $"tare-{engine.Folders.StoreId}";

    /// <summary>Records the container as a user of the image, then makes sure that the image is still there.</summary>
    private ContainerRow Claim(StoredImage image, ContainerRecord record, Undo undo)
    {
        string? name = request.Name is null ? null : ContainerName.Parse(request.Name);
        var row = new ContainerRow(
            _id,
            name ?? "",
            request.Image,
            image.Manifest.Digest.ToString(),
            engine.Clock.GetUtcNow(),
            request.AutoRemove,
            ContainerJson.Write(record),
            null);
        row = engine.Containers.Insert(row, name);
        undo.Add(() => engine.Containers.Delete(_id, durable: !request.AutoRemove));
        return engine.Images.Has(image)
            ? row
            : throw new TareException(ErrorKind.NotFound, $"image {request.Image}: removed by another process just now");
    }

    private List<BindMount> EngineFiles()
    {
        string path = engine.Folders.LivePath(_id.Text);
        return [.. HostFiles.All.Select(file => new BindMount($"{path}/{file.Name}", file.Target))];
    }

    /// <summary>Docker makes a working directory that the image lacks, owned by root.</summary>
    private static void MakeWorkingDirectory(FileRoot rootfs, Process process)
    {
        const uint Mode = 0b111_101_101;
        if (process.Cwd == "/")
        {
            return;
        }

        try
        {
            rootfs.MakeDirectories(Encoding.UTF8.GetBytes(process.Cwd), Mode).Dispose();
        }
        catch (LinuxException refused) when (refused.Errno is Errno.ENOTDIR or Errno.EEXIST or Errno.ELOOP or Errno.ENOENT)
        {
            throw new TareException(
                ErrorKind.InvalidArgument,
                $"cannot mkdir {process.Cwd}: {refused.Errno.Explain()}",
                "name another working directory with -w",
                refused);
        }
    }

    private Cgroup MakeCgroup(Spec spec, Undo undo)
    {
        try
        {
            Cgroup cgroup = _cgroups.Create(CgroupParent, _id.Text, CgroupTranslation.Limits(spec.Linux?.Resources));
            undo.Add(() => cgroup.Remove(TimeSpan.FromSeconds(1)));
            return cgroup;
        }
        catch (LinuxException refused) when (refused.Errno is Errno.ERANGE or Errno.EINVAL && request.CpusetCpus is { Length: > 0 })
        {
            throw new TareException(
                ErrorKind.InvalidArgument, $"requested CPUs are not available: {request.CpusetCpus}", "see what there is with: nproc", refused);
        }
        catch (LinuxException refused)
        {
            throw new TareException(
                ErrorKind.FailedPrecondition, $"limit container {_id.Short}: {refused.Message}", null, refused);
        }
    }

    private LaunchPlan Plan(Spec spec, Fd rootfs, FileRoot view, Cgroup cgroup)
    {
        List<Fd> joins = cgroup.OpenForJoin();
        var given = new GivenDescriptors(spec, rootfs, joins);
        LaunchPlan plan = LaunchPlan.Compile(spec, PlanFacts.Look(spec, _cgroups, joins.Count, given.FileBinds, request.Init ?? false, view));
        _given.AddRange(given.For(plan));
        return plan;
    }
}
