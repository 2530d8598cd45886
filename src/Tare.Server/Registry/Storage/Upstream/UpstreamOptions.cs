// SPDX-License-Identifier: Apache-2.0
namespace Tare.Server.Registry.Storage.Upstream;

/// <summary>Other registries that this one is a cache of.</summary>
/// <param name="Rules">which; the first that fits a repository counts</param>
/// <param name="Remote">how they are spoken to, and by which credentials</param>
internal sealed record UpstreamOptions(IReadOnlyList<UpstreamRule> Rules, Tare.Images.Remote.RegistryOptions Remote)
{
    /// <summary>For how long a tag counts before the other registry is asked again.</summary>
    public TimeSpan TagLife { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>For how long something is kept that nobody asks for; zero for ever.</summary>
    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(7);
}

/// <summary>Where repositories come from.</summary>
/// <param name="Host">the first part of the repositories' names, which is not part of their names there; null for all</param>
/// <param name="Address">of the registry, such as <c>https://ghcr.io</c></param>
internal sealed record UpstreamRule(string? Host, Uri Address)
{
    private const string HubName = "docker.io";
    private static readonly string[] HubHosts = [HubName, "index.docker.io", "registry-1.docker.io"];

    /// <summary>True for Docker's own registry, where short names mean something and credentials stand under docker.io.</summary>
    public bool IsHub => HubHosts.Contains(Address.Host);

    /// <summary>What the repository is called there; null when the rule is not for it.</summary>
    public string? NameOf(Repository repository)
    {
        string name = repository.Name;
        if (Host is not null)
        {
            if (!name.StartsWith(Host + "/", StringComparison.Ordinal))
            {
                return null;
            }

            name = name[(Host.Length + 1)..];
        }

        return IsHub && !name.Contains('/', StringComparison.Ordinal) ? "library/" + name : name;
    }
}
