// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Cache;
using Tare.Cli.Arguments;
using Tare.Cli.Output;
using Tare.Engine;
using Tare.Engine.Networks;
using Tare.Engine.Pruning;
using Tare.Images.Store;
using Tare.Linux;

namespace Tare.Cli.Commands;

/// <summary><c>container prune</c>, <c>volume prune</c>, <c>image prune</c>, <c>system prune</c>: what nobody uses goes.</summary>
internal static class PruneVerbs
{
    private static readonly Flag<bool> AllImages =
        Flag.Switch("-a, --all", "Remove all unused images, not just dangling ones");
    private static readonly Flag<bool> AllVolumes =
        Flag.Switch("-a, --all", "Remove all unused volumes, not just anonymous ones");
    private static readonly Flag<bool> Volumes = Flag.Switch("--volumes", "Prune anonymous volumes");
    private static readonly Flag<bool> Force = Flag.Switch("-f, --force", "Do not prompt for confirmation");
    private static readonly Flag<IReadOnlyList<string>> Filter =
        Flag.List("--filter", "filter", "Provide filter values (e.g. \"until=24h\", \"label=<key>=<value>\")");

    private static readonly string[] Keys = ["until", "label", "label!"];
    private static readonly string[] VolumeKeys = ["label", "label!", "all"];

    public static Verb CreateForContainers() => new("Remove all stopped containers", "[OPTIONS]", PruneContainers)
    {
        Flags = [Filter, Force],
        MaxOperands = 0,
        Examples = [("tare container prune -f --filter until=24h", "those made more than a day ago, without asking")],
    };

    public static Verb CreateForVolumes() => new("Remove unused local volumes", "[OPTIONS]", PruneVolumes)
    {
        Flags = [AllVolumes, Filter, Force],
        MaxOperands = 0,
        Examples = [("tare volume prune -a", "also those with a name")],
    };

    public static Verb CreateForNetworks() => new("Remove all unused networks", "[OPTIONS]", PruneNetworks)
    {
        Flags = [Filter, Force],
        MaxOperands = 0,
        Examples = [("tare network prune -f", "those that no running container is on, without asking")],
    };

    public static Verb CreateForImages() => new("Remove unused images", "[OPTIONS]", PruneImages)
    {
        Flags = [AllImages, Filter, Force],
        MaxOperands = 0,
        Examples = [("tare image prune -af", "all that no container was made from, without asking")],
    };

    public static Verb CreateForAll() => new("Remove unused data", "[OPTIONS]", PruneAll)
    {
        Flags = [AllImages, Filter, Force, Volumes],
        MaxOperands = 0,
        Examples = [("tare system prune --volumes", "containers that have ended, images without a name, anonymous volumes")],
    };

    private static int PruneContainers(Session session, ParsedArguments arguments)
    {
        PruneFilter filter = PruneFilter.Parse(arguments.Get(Filter), Keys, session.Time);
        if (!Consent.Given(session, arguments.Get(Force), "WARNING! This will remove all stopped containers."))
        {
            return 0;
        }

        using TareEngine engine = session.OpenEngine();
        Tell(session, RemoveContainers(session, engine, filter));
        return 0;
    }

    private static int PruneVolumes(Session session, ParsedArguments arguments)
    {
        PruneFilter filter = PruneFilter.Parse(arguments.Get(Filter), VolumeKeys, session.Time);
        bool all = arguments.Get(AllVolumes) || filter.All;
        string which = all ? "all" : "anonymous";
        if (!Consent.Given(
            session, arguments.Get(Force), $"WARNING! This will remove {which} local volumes not used by at least one container."))
        {
            return 0;
        }

        using TareEngine engine = session.OpenEngine();
        Tell(session, RemoveVolumes(session, engine, all, filter));
        return 0;
    }

    private static int PruneNetworks(Session session, ParsedArguments arguments)
    {
        PruneFilter filter = PruneFilter.Parse(arguments.Get(Filter), Keys, session.Time);
        if (!Consent.Given(session, arguments.Get(Force), "WARNING! This will remove all custom networks not used by at least one container."))
        {
            return 0;
        }

        using TareEngine engine = session.OpenEngine();
        List(session, "Deleted Networks:", NetworkRemoval.Prune(engine, filter));
        return 0;
    }

    private static int PruneImages(Session session, ParsedArguments arguments)
    {
        PruneFilter filter = PruneFilter.Parse(arguments.Get(Filter), Keys, session.Time);
        string which = arguments.Get(AllImages) ? "images without at least one container associated to them" : "dangling images";
        if (!Consent.Given(session, arguments.Get(Force), $"WARNING! This will remove all {which}."))
        {
            return 0;
        }

        using TareEngine engine = session.OpenEngine();
        Tell(session, RemoveImages(session, engine, arguments.Get(AllImages), filter));
        return 0;
    }

    private static int PruneAll(Session session, ParsedArguments arguments)
    {
        PruneFilter filter = PruneFilter.Parse(arguments.Get(Filter), Keys, session.Time);
        bool all = arguments.Get(AllImages);
        bool volumes = arguments.Get(Volumes);
        string question = string.Join('\n', (IEnumerable<string>)[
            "WARNING! This will remove:",
            "  - all stopped containers",
            "  - all networks not used by at least one container",
            .. volumes ? (string[])["  - all anonymous volumes not used by at least one container"] : [],
            all ? "  - all images without at least one container associated to them" : "  - all dangling images",
            all ? "  - all build cache" : "  - unused build cache",
            "",
        ]);
        if (!Consent.Given(session, arguments.Get(Force), question))
        {
            return 0;
        }

        using TareEngine engine = session.OpenEngine();
        long bytes = RemoveContainers(session, engine, filter);
        List(session, "Deleted Networks:", NetworkRemoval.Prune(engine, filter));
        bytes += volumes ? RemoveVolumes(session, engine, false, filter with { Until = null }) : 0;
        bytes += RemoveImages(session, engine, all, filter);

        // docker's own rule: what has no labels is not what a filter by label means
        bool takesCache = filter.Labels.Count == 0 && filter.WithoutLabels.Count == 0;
        Tell(session, bytes + (takesCache ? RemoveCache(session, engine, all, filter) : 0));
        return 0;
    }

    private static long RemoveContainers(Session session, TareEngine engine, PruneFilter filter)
    {
        (IReadOnlyList<string> ids, long bytes) = Pruning.Containers(engine, filter);
        List(session, "Deleted Containers:", ids);
        return bytes;
    }

    private static long RemoveVolumes(Session session, TareEngine engine, bool all, PruneFilter filter)
    {
        (IReadOnlyList<string> names, long bytes) = Pruning.Volumes(engine, all, filter);
        List(session, "Deleted Volumes:", names);
        return bytes;
    }

    private static long RemoveImages(Session session, TareEngine engine, bool all, PruneFilter filter)
    {
        (IReadOnlyList<RemovedItem> done, long bytes) = Pruning.Images(engine, all, filter);
        List(session, "Deleted Images:", [.. done.Select(static item => item.ToString().ToLowerInvariant())]);
        return bytes;
    }

    private static long RemoveCache(Session session, TareEngine engine, bool all, PruneFilter filter)
    {
        using Fd? folder = BuilderVerbs.OpenFolder(session);
        var budget = new CacheBudget { All = all, Filter = new CacheFilter { Until = filter.Until } };
        IReadOnlyList<CacheItem> gone = CacheContents.Prune(engine.Images, folder, budget, BuilderVerbs.FreeBytes(session));
        List(session, "Deleted build cache objects:", [.. gone.Select(static item => item.Id)]);
        return CacheBudget.OwnBytes(gone);
    }

    private static void List(Session session, string title, IReadOnlyList<string> removed)
    {
        if (removed.Count > 0)
        {
            session.Output.WriteLine(title);
            removed.ToList().ForEach(session.Output.WriteLine);
            session.Output.WriteLine();
        }
    }

    private static void Tell(Session session, long bytes) =>
        session.Output.WriteLine($"Total reclaimed space: {HumanSize.Format(bytes)}");
}
