// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Build.Ssh;

/// <summary>What one <c>--ssh</c> lends: the keys of some files, or an agent that runs already.</summary>
internal sealed class LentAgent : IDisposable
{
    /// <summary>The id of one that nobody named.</summary>
    public const string DefaultId = "default";

    private readonly List<SshKey> _keys = [];

    /// <summary>The path of the agent's socket; null: there are keys.</summary>
    public string? Socket { get; private init; }

    /// <summary>None when there is a socket.</summary>
    public IReadOnlyList<SshKey> Keys => _keys;

    /// <summary>Reads <c>ID[=PATH[,PATH…]]</c>; nothing, or no path, is the agent of SSH_AUTH_SOCK.</summary>
    /// <param name="text">as the user wrote it</param>
    /// <param name="userAgent">what SSH_AUTH_SOCK says, or null</param>
    /// <exception cref="TareException">InvalidArgument, NotFound, NotSupported: what it names is neither an agent nor keys</exception>
    public static (string Id, LentAgent Agent) Parse(string text, string? userAgent)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string[] places = equals < 0 ? [""] : text[(equals + 1)..].Split(',');
        if (places is [""])
        {
            places = [string.IsNullOrEmpty(userAgent) ? throw new TareException(
                ErrorKind.InvalidArgument, $"invalid ssh agent {text}: SSH_AUTH_SOCK is not set",
                "start an agent (eval $(ssh-agent); ssh-add), or name the file of a key: --ssh default=FILE") : userAgent];
        }

        return (IdOf(text), Of(text, places));
    }

    /// <summary>The id alone.</summary>
    public static string IdOf(string text) => text.Split('=')[0] is { Length: > 0 } id ? id : DefaultId;

    public void Dispose() => _keys.ForEach(static key => key.Dispose());

    private static LentAgent Of(string text, string[] places)
    {
        if (places.Any(static place => place.Length > 0 && HostPath.TryStatus(place) is { Kind: FileKind.Socket }))
        {
            return places is [var socket] ? new LentAgent { Socket = Path.GetFullPath(socket) } : throw new TareException(
                ErrorKind.InvalidArgument, $"invalid ssh agent {text}: an agent's socket beside others", "give each an id of its own");
        }

        var agent = new LentAgent();
        try
        {
            foreach (string place in places)
            {
                agent._keys.Add(PrivateKeyFile.Read(place, Content(place)));
            }

            return agent;
        }
        catch
        {
            agent.Dispose();
            throw;
        }
    }

    private static byte[] Content(string place)
    {
        try
        {
            byte[]? text = place.Length == 0 || HostPath.TryStatus(place) is { IsDirectory: true }
                ? null : HostPath.TryReadAll(place, PrivateKeyFile.MaxBytes);
            return text ?? throw new TareException(ErrorKind.NotFound, $"ssh key {Quoted.Text(place)}: no such file");
        }
        catch (LinuxException failure)
        {
            throw new TareException(ErrorKind.InvalidArgument, $"ssh key {Quoted.Text(place)}: {failure.Message}", inner: failure);
        }
    }
}
