// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Runtime.Bundles;
using Tare.Runtime.Lifecycle;

namespace Tare.Cli.Oci;

/// <summary>The flags that <c>create</c> and <c>run</c> share; runc's.</summary>
internal static class LaunchFlags
{
    public static readonly Flag<string?> BundlePath =
        Flag.File("-b, --bundle", "The folder of the bundle (default: the current one)");
    public static readonly Flag<string?> ConsoleSocket =
        Flag.File("--console-socket", "A unix socket that gets the master of the process's terminal");
    public static readonly Flag<string?> PidFile =
        Flag.File("--pid-file", "Write the process's number to this file");
    public static readonly Flag<bool> NoPivot =
        Flag.Switch("--no-pivot", "Taken for the sake of callers, and decides nothing: the root is changed by pivot_root");
    public static readonly Flag<bool> NoNewKeyring =
        Flag.Switch("--no-new-keyring", "Keep the caller's session keyring");
    public static readonly Flag<long?> PreserveFds =
        Flag.Number("--preserve-fds", "How many descriptors above the standard ones the process inherits", 0, 1000);

    public static readonly IReadOnlyList<Flag> All =
        [BundlePath, ConsoleSocket, PidFile, NoPivot, NoNewKeyring, PreserveFds];

    /// <summary>Tells what does not keep a call from being done.</summary>
    public static void Warn(OciCall call, IEnumerable<string> warnings)
    {
        foreach (string warning in warnings)
        {
            call.Log.Warning(warning);
        }
    }

    /// <summary>What a call asks for.</summary>
    public static OciLaunchRequest Request(OciCall call)
    {
        Bundle bundle = Bundle.Open(call.Get(BundlePath) ?? ".");
        Warn(call, bundle.Warnings);
        return new(call.Root, call.Operands[0], bundle.Folder, bundle.Spec, bundle.Config)
        {
            ConsoleSocket = call.Get(ConsoleSocket),
            PidFile = call.Get(PidFile),
            KeepsKeyring = call.Get(NoNewKeyring),
            PreservedFds = (int)(call.Get(PreserveFds) ?? 0),
        };
    }
}
