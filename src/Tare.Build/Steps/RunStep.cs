// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Build.Cache;
using Tare.Build.Dockerfile;
using Tare.Build.Graph;
using Tare.Build.Solve;
using Tare.Images.Building;
using Tare.Images.Store;
using Tare.Oci;

namespace Tare.Build.Steps;

/// <summary>RUN.</summary>
internal sealed class RunStep(
    SolveContext context, Vertex vertex, RunOperation operation, IReadOnlyList<VertexResult> inputs, CancellationToken ct)
{
    private readonly FileFacts _files = new();

    private VertexResult.Layered Target => (VertexResult.Layered)inputs[0];

    private string Architecture => (operation.Foreign ?? Images.Hardware.Host).ToString();

    private string? Network => operation.Network switch
    {
        RunNetwork.None => "none",
        RunNetwork.Host => "host",
        _ => context.Network,
    };

    /// <summary>Secrets and agents count by their ids, mounted files by their content.</summary>
    /// <remarks>The architecture counts: an empty file system has the same name on all of them.</remarks>
    public string Key() => StepKey.Of(operation, context.Time, writer =>
    {
        writer.Add(Architecture);
        writer.Add(Target.Identity);
        writer.Add(Network);
        writer.Add(context.ExtraHosts);
        foreach (RunMount mount in operation.Mounts)
        {
            if (mount.Input is not { } input)
            {
                continue;
            }

            if (inputs[input] is VertexResult.Layered layered)
            {
                writer.Add(layered.Identity);
                continue;
            }

            using InputTree tree = TransferStep.Open(context, inputs[input], ct);
            new Selection(tree, [], new ContentDigest(tree, writer, _files, mount.Source), ct).Visit(new TransferItem(0, mount.Source));
        }
    });

    /// <summary>What <see cref="Key"/> looked at.</summary>
    public StepInputs Inputs() => OperationFacts.Of(
        operation,
        [.. inputs.Select(static input => (input as VertexResult.Layered)?.Identity)],
        context.Time,
        [
            OperationFacts.Fact("network of the build", Network ?? "default"),
            OperationFacts.Fact("platform", Architecture),
            .. context.ExtraHosts.Select(static host => OperationFacts.Fact("host " + host.Split(':')[0], host)),
        ],
        _files);

    /// <exception cref="StepFailure">the process failed</exception>
    public StoredLayer Run()
    {
        Refuse();
        using StepMounts mounts = StepMounts.Make(context, operation, inputs, ct);
        StepProcess process = new(Target.Layers, operation.Arguments)
        {
            Environment = [.. operation.Environment, .. operation.Proxies, .. mounts.Variables],
            Folder = operation.Folder,
            User = operation.User ?? "",
            Mounts = mounts.Mounts,
            Network = Network,
            IsPrivileged = operation.Security == RunSecurity.Insecure,
            ExtraHosts = context.ExtraHosts,
            ShmSize = context.ShmSize,
            Limits = context.Limits,
        };
        StoredLayer? layer = null, failed = null;
        DateTimeOffset began = DateTimeOffset.FromUnixTimeSeconds(LayerStep.Now());
        var output = new StepOutput(line => context.Told(new BuildEvent.Said(vertex.Id.ToString(), line)));
        StepEnd end = output.Read(writer => context.Process(
            process,
            writer,
            folder => layer = LayerStep.Publish(context, folder, Target, began, ct),
            context.Enter is null ? null : folder => failed = BuiltLayers.Publish(context.Cache, folder, Target.Layers, ct),
            ct));
        ct.ThrowIfCancellationRequested();
        if (layer is null && failed is not null)
        {
            context.Cache.LeaveWaste();
            context.Enter!(process with { Layers = [.. Target.Layers, failed], Arguments = [Shell] });
        }

        return layer ?? throw Failed(end, output.Last);
    }

    /// <summary>That of the instruction when it has one.</summary>
    private string Shell => operation.Arguments is [var shell, "-c", ..] ? shell : "/bin/sh";

    private void Refuse()
    {
        if (operation.Foreign is { } platform)
        {
            context.Emulators.Require(platform);
        }

        if (operation.Devices.FirstOrDefault(static device => device.IsRequired) is { } device)
        {
            throw new TareException(ErrorKind.NotFound, $"device {device.Name}: there is none on this host");
        }
    }

    private StepFailure Failed(StepEnd end, IReadOnlyList<string> output)
    {
        string command = string.Join(' ', operation.Arguments);
        string message = end.Message is { } reason
            ? $"process {Quoted.Text(command)} did not start: {reason}"
            : string.Create(
                CultureInfo.InvariantCulture, $"process {Quoted.Text(command)} did not complete successfully: exit code: {end.ExitCode}");
        return new StepFailure(ErrorKind.FailedPrecondition, message, end.Hint, null)
        {
            Step = vertex.Name,
            Range = vertex.Range,
            Output = output,
        };
    }
}
