// SPDX-License-Identifier: Apache-2.0
using Tare.Oci.Runtime;

namespace Tare.Runtime.Lifecycle;

/// <summary>Create and start in one process, without a stop between the two where nothing has to happen there.</summary>
internal static class OciRun
{
    /// <summary>True when the process waits between create and start: hooks run in the container then.</summary>
    public static bool AwaitsStart(Spec spec) => spec.Hooks is { StartContainer.Count: > 0 };

    /// <summary>Returns when the program is executed; on failure nothing of the container stays.</summary>
    /// <param name="launch">made with <see cref="AwaitsStart"/></param>
    /// <param name="spec">that of the launch</param>
    /// <param name="warn">is told what went wrong without consequence: hooks after the start</param>
    /// <returns>the container, which the launch keeps</returns>
    /// <exception cref="Tare.Oci.TareException">what went wrong, in words</exception>
    public static OciContainer Start(OciLaunch launch, Spec spec, Action<IEnumerable<string>> warn)
    {
        OciContainer container = launch.Make();
        if (!AwaitsStart(spec))
        {
            warn(OciHooks.RunAll(spec.Hooks?.Poststart, "poststart", () => container.State(OciStatus.Running)));
            return container;
        }

        try
        {
            warn(OciStart.Start(container));
            return container;
        }
        catch
        {
            warn(OciDelete.Delete(container, force: true));
            throw;
        }
    }
}
