// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Cli.Output;
using Tare.Engine.Registries;
using Tare.Images;
using Tare.Images.Places;
using Tare.Images.Store;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary><c>tare copy</c>: from any place for images to any other.</summary>
internal static class CopyVerb
{
    private static readonly Flag<bool> All =
        Flag.Switch("-a, --all-platforms", "Copy an image that has several platforms whole, byte for byte");
    private static readonly Flag<string?> Platform =
        Flag.Text("--platform", "string", "Choose among the platforms of an image (os/arch[/variant])");
    private static readonly Flag<bool> Quiet = Flag.Switch("-q, --quiet", "Print the digest alone");

    public static Verb Create() => new("Copy an image between registries, folders, archives and this store", "[OPTIONS] SOURCE DESTINATION", Act)
    {
        Flags = [All, Platform, Quiet],
        MinOperands = 2,
        MaxOperands = 2,
        NeedsRoot = false,
        Examples =
        [
            ("tare copy docker://debian:12 oci:debian:12", "into a folder, for this machine's platform"),
            ("tare copy -a docker://debian:12 docker://registry.example/debian:12", "between registries, all platforms"),
            ("tare copy oci-archive:app.tar store:app:1", "into this store; docker-archive:FILE[:NAME] too"),
        ],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        if (arguments.Get(All) && arguments.Get(Platform) is not null)
        {
            throw new UsageException("--platform and --all-platforms are mutually exclusive", 1);
        }

        Place from = Place.Parse(arguments.Operands[0]);
        Place to = Place.Parse(arguments.Operands[1]);
        if (from.Kind == PlaceKind.Store || to.Kind == PlaceKind.Store)
        {
            session.RequireRoot();
        }

        Platform? platform = arguments.Get(Platform) is { } asked ? Tare.Oci.Platform.Parse(asked, Hardware.Host) : null;
        ImageStore? store = null;
        var printer = new CopyPrinter(Progress.Open(session, arguments.Get(Quiet)));
        try
        {
            var copying = new Copying(
                RegistryAccess.Of(session.RegistryUser), () => store ??= session.OpenImages(), printer.Tell)
            {
                Moved = printer.Move,
            };
            Descriptor root = copying.RunAsync(from, to, platform, arguments.Get(All), session.Cancellation).GetAwaiter().GetResult();
            session.Output.WriteLine(arguments.Get(Quiet) ? $"{root.Digest}" : $"Digest: {root.Digest}\n{to}");
            return 0;
        }
        finally
        {
            store?.Dispose();
        }
    }
}
