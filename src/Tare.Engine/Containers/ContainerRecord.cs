// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Configuration;
using Tare.Engine.Inspect;

namespace Tare.Engine.Containers;

/// <summary>What was decided for a container when it was made, in docker's own terms so that inspect only adds state.</summary>
/// <param name="ImageId">digest of the image's config</param>
/// <param name="Path">the program</param>
/// <param name="Args">its arguments, without its own name</param>
/// <param name="Config">the portable settings</param>
/// <param name="HostConfig">the settings that concern the host</param>
/// <param name="Mounts">binds and volumes</param>
/// <param name="Cgroup">path of its group below each hierarchy; without a slash in front, below the cgroup of who starts it</param>
/// <param name="Request">what was asked, with every default of then settled: each start is decided from it</param>
/// <param name="Log">what is kept of its output; null: the default</param>
/// <param name="UserNamespace">whose it runs in since its last start; null: the host's, as all did once</param>
/// <param name="IsStep">it is a step of a build, which lives no longer than the build</param>
internal sealed record ContainerRecord(
    string ImageId,
    string Path,
    IReadOnlyList<string> Args,
    ConfigDocument Config,
    HostConfigDocument HostConfig,
    IReadOnlyList<MountDocument> Mounts,
    string Cgroup,
    RunRequest? Request = null,
    LogConfiguration? Log = null,
    UserNamespaceDocument? UserNamespace = null,
    bool IsStep = false);
