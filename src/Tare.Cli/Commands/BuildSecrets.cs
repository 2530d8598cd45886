// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Build.Dockerfile;
using Tare.Build.Ssh;
using Tare.Cli.Arguments;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary>What <c>--secret</c> and <c>--ssh</c> lend to a build; read when a step asks.</summary>
internal sealed class BuildSecrets : IDisposable
{
    private const int MaxBytes = 500 << 10;

    private readonly Dictionary<string, (string? File, string? Variable)> _secrets = [];
    private readonly Dictionary<string, LentAgent> _agents = [];

    /// <exception cref="UsageException">one is malformed</exception>
    /// <exception cref="TareException">a key cannot be used</exception>
    public BuildSecrets(IReadOnlyList<string> secrets, IReadOnlyList<string> agents)
    {
        foreach (string text in secrets)
        {
            AddSecret(text);
        }

        foreach (string text in agents)
        {
            (string id, LentAgent agent) = LentAgent.Parse(text, Session.Variable("SSH_AUTH_SOCK"));
            if (!_agents.TryAdd(id, agent))
            {
                throw new UsageException($"invalid ssh agent {text}: the id {id} is given twice", 1);
            }
        }
    }

    public byte[]? Secret(string id)
    {
        if (!_secrets.TryGetValue(id, out (string? File, string? Variable) place))
        {
            return null;
        }

        if (place.Variable is { } variable)
        {
            return Session.Variable(variable) is { } value ? Encoding.UTF8.GetBytes(value) : null;
        }

        return HostPath.TryReadAll(place.File!, MaxBytes)
            ?? throw new TareException(ErrorKind.NotFound, $"secret {id}: {place.File}: no such file");
    }

    public LentAgent? Agent(string id) => _agents.GetValueOrDefault(id.Length == 0 ? LentAgent.DefaultId : id);

    public void Dispose()
    {
        foreach (LentAgent agent in _agents.Values)
        {
            agent.Dispose();
        }
    }

    private void AddSecret(string text)
    {
        string? id = null, file = null, variable = null, type = null;
        foreach (string field in CsvFields.Read(text))
        {
            int equals = field.IndexOf('=', StringComparison.Ordinal);
            string value = equals < 0 ? "" : field[(equals + 1)..];
            switch (equals < 0 ? field : field[..equals].ToLowerInvariant())
            {
                case "id": id = value; break;
                case "src" or "source": file = value; break;
                case "env": variable = value; break;
                case "type" when value is "file" or "env": type = value; break;
                default: throw new UsageException($"invalid secret {text}: unexpected {field}", 1);
            }
        }

        if (type == "env")
        {
            (variable, file) = (variable ?? file ?? id, null);
        }
        else if (type is null && file is null && variable is null && Session.Variable(id ?? "") is not null)
        {
            variable = id;
        }

        _secrets[id ?? throw new UsageException($"invalid secret {text}: id is missing", 1)] = (file ?? id, variable);
    }
}
