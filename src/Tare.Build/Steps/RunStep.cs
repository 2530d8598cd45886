// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Build.Dockerfile;
using Tare.Build.Graph;
using Tare.Build.Solve;
using Tare.Images.Store;
using Tare.Oci;

namespace Tare.Build.Steps;

/// <summary>RUN.</summary>
internal sealed class RunStep(
    SolveContext context, Vertex vertex, RunOperation operation, IReadOnlyList<VertexResult> inputs, CancellationToken ct)
{
    private VertexResult.Layered Target => (VertexResult.Layered)inputs[0];

    private string? Network => operation.Network switch
    {
        RunNetwork.None => "none",
        RunNetwork.Host => "host",
        _ => context.Network,
    };

    /// <summary>Secrets and agents count by their ids, mounted files by their content.</summary>
    public string Key() => StepKey.Of(operation, context.Time, writer =>
    {
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
            new Selection(tree, [], new ContentDigest(tree, writer), ct).Visit(new TransferItem(0, mount.Source));
        }
    });

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
            ExtraHosts = context.ExtraHosts,
            ShmSize = context.ShmSize,
            Limits = context.Limits,
        };
        StoredLayer? layer = null;
        DateTimeOffset began = DateTimeOffset.FromUnixTimeSeconds(LayerStep.Now());
        var output = new StepOutput(line => context.Told(new BuildEvent.Said(vertex.Id.ToString(), line)));
        StepEnd end = output.Read(writer => context.Process(
            process, writer, folder => layer = LayerStep.Publish(context, folder, Target, began, ct), ct));
        ct.ThrowIfCancellationRequested();
        return layer ?? throw Failed(end, output.Last);
    }

    private void Refuse()
    {
        if (operation.Security == RunSecurity.Insecure)
        {
            throw new TareException(ErrorKind.PermissionDenied, "security.insecure is not allowed");
        }

        if (operation.Network == RunNetwork.Host && !context.AllowsHostNetwork)
        {
            throw new TareException(
                ErrorKind.PermissionDenied, "network.host is not allowed", "a Dockerfile that may have it is built with --allow network.host");
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
