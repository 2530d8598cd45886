// SPDX-License-Identifier: Apache-2.0
using Tare.Oci.Runtime;
using Tare.Runtime.Bundles;

namespace Tare.Runtime.Tests.Bundles;

public class FeatureListTests
{
    private static readonly Features All = FeatureList.Of("1.2.3", new Version(6, 18));

    [Fact]
    public void What_everybody_expects_is_there()
    {
        Assert.Equal(("1.0.0", Spec.CurrentVersion), (All.OciVersionMin, All.OciVersionMax));
        Assert.Superset(new HashSet<string> { "ro", "rro", "bind", "rbind", "rprivate", "nosymfollow" }, All.MountOptions!.ToHashSet());
        Assert.Superset(
            new HashSet<NamespaceType> { NamespaceType.Mount, NamespaceType.Pid, NamespaceType.Network, NamespaceType.Cgroup },
            All.Linux!.Namespaces!.ToHashSet());
        Assert.Equal(Enum.GetValues<SeccompAction>(), All.Linux.Seccomp!.Actions!);
        Assert.Equal(["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"], All.Hooks!);
        Assert.True(All.Linux.NetDevices!.Enabled);
        Assert.Equal(41, All.Linux.Capabilities!.Count);
        Assert.Equal("1.2.3", All.Annotations!["tare.version"]);
    }

    [Fact]
    public void No_word_is_there_twice()
    {
        Assert.Equal(All.MountOptions!.Distinct(), All.MountOptions);
        Assert.Equal(All.Hooks!.Distinct(), All.Hooks);
    }

    [Fact]
    public void An_older_kernel_supports_less_than_is_known()
    {
        SeccompFeatures old = FeatureList.Of("", new Version(5, 15)).Linux!.Seccomp!;

        Assert.Equal(["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"], old.KnownFlags!.Except(old.SupportedFlags!));
    }
}
