// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Output;
using Tare.Engine;
using Tare.Engine.Containers;
using Tare.Engine.Registries;
using Tare.Images.Remote;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary>Fetches the image of <c>run</c> and <c>create</c> when it is not here, or always; told on standard error.</summary>
internal static class ImageOnDemand
{
    /// <summary>Does it; when the image turns out to be missing, fetches that and does it again.</summary>
    /// <remarks>In this order, because the usual case is that it is here, and then nothing of registries is touched.</remarks>
    public static int For(Session session, TareEngine engine, RunRequest request, Func<int> act)
    {
        if (request.Pull == PullPolicy.Always && Reference.TryParse(request.Image, out Reference? always))
        {
            Fetch(session, engine, request, always);
            return act();
        }

        try
        {
            return act();
        }
        catch (MissingImageException missing)
        {
            if (!request.Quiet)
            {
                session.Error.WriteLine($"Unable to find image '{missing.Name.Familiar}' locally");
            }

            Fetch(session, engine, request, missing.Name);
            return act();
        }
    }

    private static void Fetch(Session session, TareEngine engine, RunRequest request, Reference name)
    {
        var printer = new PullPrinter(Progress.Open(session, request.Quiet, toError: true));
        PulledImage pulled = RegistryAccess.Pull(engine, printer.Watch)
            .RunAsync(name, ImageChoice.PlatformOf(request), session.Cancellation).GetAwaiter().GetResult();
        session.LeaveSignals();
        printer.PrintStatus(name.Familiar, pulled.IsNew);
    }
}
