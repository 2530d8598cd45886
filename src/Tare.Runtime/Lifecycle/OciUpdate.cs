// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Cgroups;
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Bundles;
using Tare.Runtime.Planning;

namespace Tare.Runtime.Lifecycle;

/// <summary>Changes the limits of a container that is there.</summary>
internal static class OciUpdate
{
    /// <summary>Only what is not null is changed.</summary>
    /// <exception cref="TareException">InvalidArgument; FailedPrecondition: it has ended, or the kernel refuses a value</exception>
    public static void Apply(OciContainer container, Resources resources)
    {
        ResourceCheck.Check(resources, "resources");
        if (container.Status() == OciStatus.Stopped)
        {
            throw new TareException(ErrorKind.FailedPrecondition, "container not running");
        }

        try
        {
            CgroupHost.Detect().Apply(container.Cgroup, CgroupTranslation.Changes(resources));
        }
        catch (LinuxException refused)
        {
            throw new TareException(ErrorKind.FailedPrecondition, $"update container {container.Record.Id}: {refused.Message}", null, refused);
        }
    }
}
