// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tare.Oci;

namespace Tare.Server.Registry.Storage.Store;

/// <summary>How repositories of this server and names of the store fit together.</summary>
/// <remarks>
/// What is pushed to <c>app</c> is named <c>HOST/app</c> in the store, HOST being what the client calls this server, or
/// its configured name: as it will be called by <c>run</c>. So a push never takes a name away from an image that came from
/// elsewhere. Shown in <c>app</c> is that, and what the store has as <c>app</c>, in docker's short spelling or the full one.
/// </remarks>
internal sealed class StoreNames
{
    private readonly string? _name;
    private string[] _hosts;

    /// <param name="name">what the administrator calls the server, <c>host[:port]</c>; null for its address</param>
    public StoreNames(string? name)
    {
        _name = name;
        _hosts = name is null ? [] : [name];
    }

    /// <summary>Tells where the server listens.</summary>
    public void Listen(IPEndPoint address)
    {
        bool isLocal = IPAddress.IsLoopback(address.Address) || address.Address.Equals(IPAddress.Any) || address.Address.Equals(IPAddress.IPv6Any);
        IEnumerable<string> local = isLocal ? [$"127.0.0.1:{address.Port}", $"localhost:{address.Port}"] : [address.ToString()];
        _hosts = _name is null ? [.. local] : [_name, .. local];
    }

    /// <summary>The name in the store for what is pushed to a repository.</summary>
    public string ForPush(Repository repository) => $"{repository.Host ?? _hosts[0]}/{repository.Name}";

    /// <summary>Names in the store of what was pushed to a repository here.</summary>
    public IEnumerable<string> Pushed(Repository repository) =>
        (repository.Host is { } host ? _hosts.Prepend(host) : _hosts).Distinct().Select(each => $"{each}/{repository.Name}");

    /// <summary>All names in the store that a repository shows, the first that has a tag first.</summary>
    public IEnumerable<string> Shown(Repository repository) => Reference.TryParse(repository.Name, out Reference? elsewhere)
        ? Pushed(repository).Append(elsewhere.Name)
        : Pushed(repository);

    /// <summary>The repository that shows a name of the store; null when none can.</summary>
    public string? RepositoryOf(Reference name)
    {
        string shown = _hosts.Contains(name.Registry) ? name.Repository : name.FamiliarName;
        return Repository.TryParse(shown, out _) ? shown : null;
    }
}
