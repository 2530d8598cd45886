// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary>Every verb there is, by all its names. To add one: a file in this folder and a line here.</summary>
internal static class Verbs
{
    /// <summary>Names separated by <c>|</c>; the first is the one that help prefers.</summary>
    private static readonly (string Names, Func<Verb> Create)[] Table =
    [
        ("run|container run", RunVerb.Create),
        ("create|container create", CreateVerb.Create),
        ("start|container start", StartVerb.Create),
        ("stop|container stop", StopVerb.Create),
        ("restart|container restart", RestartVerb.Create),
        ("kill|container kill", KillVerb.Create),
        ("exec|container exec", ExecVerb.Create),
        ("attach|container attach", AttachVerb.Create),
        ("wait|container wait", WaitVerb.Create),
        ("pause|container pause", PauseVerb.Create),
        ("unpause|container unpause", PauseVerb.CreateUnpause),
        ("rename|container rename", RenameVerb.Create),
        ("update|container update", UpdateVerb.Create),
        ("top|container top", TopVerb.Create),
        ("ps|container ls|container list|container ps", PsVerb.Create),
        ("logs|container logs", LogsVerb.Create),
        ("rm|container rm|container remove", RmVerb.Create),
        ("commit|container commit", CommitVerb.Create),
        ("export|container export", ExportVerb.Create),
        ("build|image build|builder build|buildx build", BuildVerb.Create),
        ("builder prune|buildx prune", BuilderVerbs.CreatePrune),
        ("builder du|buildx du", BuilderVerbs.CreateUse),
        ("images|image ls|image list", ImagesVerb.Create),
        ("pull|image pull", PullVerb.Create),
        ("push|image push", PushVerb.Create),
        ("copy|image copy", CopyVerb.Create),
        ("tags", TagsVerb.Create),
        ("manifest inspect", ManifestInspectVerb.Create),
        ("search", SearchVerb.Create),
        ("login", LoginVerb.Create),
        ("logout", LogoutVerb.Create),
        ("load|image load", LoadVerb.Create),
        ("save|image save", SaveVerb.Create),
        ("import|image import", ImportVerb.Create),
        ("tag|image tag", TagVerb.Create),
        ("rmi|image rm|image remove", RmiVerb.Create),
        ("history|image history", HistoryVerb.Create),
        ("image prune", PruneVerbs.CreateForImages),
        ("container prune", PruneVerbs.CreateForContainers),
        ("volume ls|volume list", VolumeLsVerb.Create),
        ("volume create", VolumeCreateVerb.Create),
        ("volume inspect", VolumeInspectVerb.Create),
        ("volume rm|volume remove", VolumeRmVerb.Create),
        ("volume prune", PruneVerbs.CreateForVolumes),
        ("network ls|network list", NetworkLsVerb.Create),
        ("network create", NetworkVerbs.ForCreation),
        ("network inspect", NetworkInspectVerb.Create),
        ("network connect", NetworkVerbs.ForConnecting),
        ("network disconnect", NetworkVerbs.ForDisconnecting),
        ("network rm|network remove", NetworkVerbs.ForRemoval),
        ("network prune", PruneVerbs.CreateForNetworks),
        ("port|container port", PortVerb.Create),
        ("dns", DnsVerb.Create),
        ("inspect", InspectVerb.Create),
        ("image inspect", InspectVerb.CreateForImages),
        ("container inspect", InspectVerb.CreateForContainers),
        ("registry serve", RegistryServeVerb.Create),
        ("version", VersionVerb.Create),
        ("info|system info", InfoVerb.Create),
        ("system check", SystemCheckVerb.Create),
        ("system df", SystemDfVerb.Create),
        ("system prune", PruneVerbs.CreateForAll),
        (OciGroupVerb.Name, OciGroupVerb.Create),
        ("completion", CompletionVerb.Create),
    ];

    private static readonly (string Names, Func<Verb> Create)[] Hidden =
    [
        ("man", ManVerb.Create),
        ("__complete", CompleteVerb.Create),
        ("container settle", SettleVerb.Create),
        ("container pack-log", PackLogVerb.Create),
        ("network restore", NetworkRestoreVerb.Create),
    ];

    /// <summary>First words of two-word names, with what the group is about.</summary>
    public static readonly IReadOnlyDictionary<string, string> Groups = new Dictionary<string, string>
    {
        ["builder"] = "Manage the builder's cache",
        ["buildx"] = "Other names for build and builder",
        ["container"] = "Manage containers",
        ["image"] = "Manage images",
        ["manifest"] = "Look at manifests in registries",
        ["network"] = "Manage networks",
        ["registry"] = "Serve images",
        ["system"] = "Manage Tare",
        ["volume"] = "Manage volumes",
    };

    /// <summary>The visible verbs, each by its preferred name.</summary>
    public static IEnumerable<Call> All => Table.Select(row => ToCall(row, row.Names.Split('|')[0]));

    /// <summary>The names of a group's verbs, without the group's: <c>ls</c>, <c>rm</c>.</summary>
    public static IEnumerable<Call> Of(string group) => Table
        .Select(row => (row, name: row.Names.Split('|').FirstOrDefault(name => name.StartsWith(group + " ", StringComparison.Ordinal))))
        .Where(found => found.name is not null)
        .Select(found => ToCall(found.row, found.name!));

    /// <summary>The verb that <paramref name="words"/> begin with, and the words behind it; null when help is
    /// wanted.</summary>
    /// <exception cref="UsageException">no such verb; the message may say which one was meant</exception>
    public static (Call? Call, string[] Behind) Find(string[] words)
    {
        if (words is [] or ["help"])
        {
            return (null, []);
        }

        if (words is ["help", .. var asked])
        {
            return Find([.. asked, "--help"]);
        }

        bool grouped = Groups.ContainsKey(words[0]);
        if (grouped && (words.Length == 1 || words[1] is "--help" or "-h"))
        {
            return (GroupVerb.CallOf(words[0]), []);
        }

        string name = grouped ? $"{words[0]} {words[1]}" : words[0];
        return Lookup(name) is { } call ? (call, [.. words.Skip(grouped ? 2 : 1)]) : throw Unknown(name);
    }

    /// <summary>The verb of this exact name, or null.</summary>
    public static Call? Lookup(string name)
    {
        foreach ((string Names, Func<Verb> Create)[] table in (ReadOnlySpan<(string, Func<Verb>)[]>)[Table, Hidden])
        {
            foreach ((string Names, Func<Verb> Create) row in table)
            {
                foreach (Range part in row.Names.AsSpan().Split('|'))
                {
                    if (row.Names.AsSpan(part).SequenceEqual(name))
                    {
                        return ToCall(row, name);
                    }
                }
            }
        }

        return null;
    }

    private static Call ToCall((string Names, Func<Verb> Create) row, string name) =>
        new(name, row.Names.Split('|'), row.Create);

    private static UsageException Unknown(string name)
    {
        IEnumerable<string> known = All.SelectMany(call => call.Names).Concat(Groups.Keys);
        string? nearest = Suggestion.Nearest(name, known);
        string meant = nearest is null ? "" : $"; did you mean 'tare {nearest}'?";
        return new($"unknown command: tare {name}{meant}", 1);
    }
}
