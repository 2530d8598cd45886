// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Configuration;

namespace Tare.Engine.Registries;

/// <summary>Who speaks to registries: what the administrator decided, what the user is known by.</summary>
/// <param name="Configuration">the administrator's</param>
/// <param name="CredentialFile">docker's <c>config.json</c>; null for a user without a home</param>
/// <param name="Environment">NAME=value each: for credential helpers and proxies</param>
internal sealed record RegistryUser(
    EngineConfiguration Configuration, string? CredentialFile, IReadOnlyList<string> Environment);
