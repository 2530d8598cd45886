// SPDX-License-Identifier: Apache-2.0
namespace Tare.Server.Registry.Storage.Upstream;

/// <summary>The other registries, by the repositories that come from them.</summary>
internal sealed class UpstreamClients(UpstreamOptions options, TimeProvider time) : IDisposable
{
    private readonly UpstreamClient[] _clients = [.. options.Rules.Select(rule => new UpstreamClient(rule, options.Remote, time))];

    /// <summary>Where a repository comes from and what it is called there; null when it is one of ours.</summary>
    public (UpstreamClient From, string Name)? Find(Repository repository)
    {
        foreach (UpstreamClient client in _clients)
        {
            if (client.Rule.NameOf(repository) is { } name)
            {
                return (client, name);
            }
        }

        return null;
    }

    public void Dispose() => Array.ForEach(_clients, static client => client.Dispose());
}
