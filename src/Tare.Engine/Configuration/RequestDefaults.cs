// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Containers;

namespace Tare.Engine.Configuration;

/// <summary>What the configuration decides where a request says nothing.</summary>
internal static class RequestDefaults
{
    /// <summary>The request with the machine's defaults filled in; what was asked for always wins.</summary>
    public static RunRequest Complete(this EngineConfiguration configuration, RunRequest request) => request with
    {
        ShmSize = request.ShmSize > 0 ? request.ShmSize : configuration.DefaultShmSize,
        CgroupParent = string.IsNullOrEmpty(request.CgroupParent) ? configuration.CgroupParent : request.CgroupParent,
        Init = request.Init ?? (configuration.Init ? true : null),
        UserNamespace = request.UserNamespace ?? (configuration.HostUsers ? UserNamespaceChoice.Host : null),
        Log = request.Log ?? LogConfiguration.Parse(request.LogDriver, request.LogOptions, configuration.Log),
        Ulimits =
        [
            .. request.Ulimits,
            .. configuration.DefaultUlimits.Where(limit => request.Ulimits.All(asked => asked.Name != limit.Name)),
        ],
    };
}
