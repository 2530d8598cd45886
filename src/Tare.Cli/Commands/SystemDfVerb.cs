// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Build.Cache;
using Tare.Cli.Arguments;
using Tare.Cli.Output;
using Tare.Engine;
using Tare.Engine.Pruning;
using Tare.Images.Store;
using Tare.Linux;

namespace Tare.Cli.Commands;

/// <summary><c>tare system df</c>.</summary>
internal static class SystemDfVerb
{
    private static readonly Flag<string?> Format =
        Flag.Text("--format", "string", "Format output: 'table', 'table TEMPLATE', 'json' or a Go template");
    private static readonly Flag<bool> Verbose = Flag.Switch("-v, --verbose", "Show detailed information on space usage");

    public static Verb Create() => new("Show disk usage", "[OPTIONS]", Act)
    {
        Flags = [Format, Verbose],
        MaxOperands = 0,
        Examples = [("tare system df -v", "image by image; tare system prune gives back what is reclaimable")],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        string? format = arguments.Get(Format);
        if (arguments.Get(Verbose) && format is not null)
        {
            throw new UsageException("the verbose and the format options conflict", 1);
        }

        using TareEngine engine = session.OpenEngine();
        var usage = DiskUsage.Read(engine);
        using Fd? folder = BuilderVerbs.OpenFolder(session);
        IReadOnlyList<CacheItem> cache = CacheContents.Read(engine.Images, folder);
        if (arguments.Get(Verbose))
        {
            PrintAll(session, usage, cache);
            return 0;
        }

        new Listing<Line>(
        [
            new("Type", "TYPE", static line => line.Type),
            new("TotalCount", "TOTAL", static line => line.Total.ToString(CultureInfo.InvariantCulture)),
            new("Active", "ACTIVE", static line => line.Active.ToString(CultureInfo.InvariantCulture)),
            new("Size", "SIZE", static line => HumanSize.Format(line.Bytes)),
            new("Reclaimable", "RECLAIMABLE", static line => line.ReclaimableText),
        ],
        ["Type", "TotalCount", "Active", "Size", "Reclaimable"]).Write(session.Output, Lines(usage, cache), format);
        return 0;
    }

    /// <summary>docker's four; of the builder's cache what no image has, too.</summary>
    private static IEnumerable<Line> Lines(DiskUsage usage, IReadOnlyList<CacheItem> cache)
    {
        (int total, int active, long bytes, long reclaimable) = usage.ImageSums;
        yield return new("Images", total, active, bytes, reclaimable);
        yield return new(
            "Containers",
            usage.Containers.Count,
            usage.Containers.Count(static container => container.Status.IsLive),
            usage.Containers.Sum(static container => container.Bytes),
            usage.Containers.Where(static container => !container.Status.IsLive).Sum(static container => container.Bytes));
        yield return new(
            "Local Volumes",
            usage.Volumes.Count,
            usage.Volumes.Count(static volume => volume.Links > 0),
            usage.Volumes.Sum(static volume => volume.Bytes),
            usage.Volumes.Where(static volume => volume.Links == 0).Sum(static volume => volume.Bytes));
        yield return new(
            "Build Cache",
            cache.Count,
            cache.Count(static item => item.IsInUse),
            CacheBudget.OwnBytes(cache),
            CacheBudget.OwnBytes(cache.Where(static item => !item.IsInUse)));
    }

    private static void PrintAll(Session session, DiskUsage usage, IReadOnlyList<CacheItem> cache)
    {
        DateTimeOffset now = session.Time.GetUtcNow();
        session.Output.WriteLine("Images space usage:\n");
        Table.Write(session.Output, [ImageTitles, .. usage.Images.Select(image => Cells(usage, image, now))]);
        session.Output.WriteLine("\nContainers space usage:\n");
        Table.Write(session.Output, [ContainerTitles, .. usage.Containers.Select(container => Cells(container, now))]);
        session.Output.WriteLine("\nLocal Volumes space usage:\n");
        Table.Write(session.Output, [["VOLUME NAME", "LINKS", "SIZE"], .. usage.Volumes.Select(static volume => (string[])
            [volume.Name, volume.Links.ToString(CultureInfo.InvariantCulture), HumanSize.Format(volume.Bytes)])]);
        session.Output.WriteLine($"\nBuild cache usage: {HumanSize.Format(CacheBudget.OwnBytes(cache))}\n");
        Table.Write(session.Output, [CacheTitles, .. cache.Select(item => (string[])
            [
                item.Id[..Math.Min(ShortId, item.Id.Length)], item.Kind, HumanSize.Format(item.Bytes), HumanTime.Ago(item.Created, now),
                HumanTime.Ago(item.Used, now), item.Uses.ToString(CultureInfo.InvariantCulture), item.IsShared ? "true" : "false",
            ])]);
    }

    private static readonly string[] ImageTitles =
        ["REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE", "SHARED SIZE", "UNIQUE SIZE", "CONTAINERS"];

    private static readonly string[] CacheTitles = ["CACHE ID", "CACHE TYPE", "SIZE", "CREATED", "LAST USED", "USAGE", "SHARED"];

    private const int ShortId = 12;

    private static readonly string[] ContainerTitles =
        ["CONTAINER ID", "IMAGE", "COMMAND", "LOCAL VOLUMES", "SIZE", "CREATED", "STATUS", "NAMES"];

    private static string[] Cells(DiskUsage usage, ImageRow image, DateTimeOffset now)
    {
        (long unique, long shared, int containers) = usage.OfImage(image.Id);
        return
        [
            image.Repository,
            image.Tag,
            image.Id.Hex[..12],
            HumanTime.Ago(image.Created, now),
            HumanSize.Format(unique + shared),
            HumanSize.Format(shared),
            HumanSize.Format(unique),
            containers.ToString(CultureInfo.InvariantCulture),
        ];
    }

    private static string[] Cells(ContainerUsage container, DateTimeOffset now)
    {
        var listed = new ListedContainer(container.Row, container.Status);
        return
        [
            listed.IdText(whole: false),
            container.Row.Image,
            listed.CommandText(whole: false),
            container.Volumes.ToString(CultureInfo.InvariantCulture),
            HumanSize.Format(container.Bytes),
            HumanTime.Ago(container.Row.Created, now),
            listed.StatusText(now),
            container.Row.Name,
        ];
    }

    /// <summary>One line of the table.</summary>
    private sealed record Line(string Type, int Total, int Active, long Bytes, long Reclaimable)
    {
        public string ReclaimableText => Bytes == 0
            ? HumanSize.Format(Reclaimable)
            : string.Create(CultureInfo.InvariantCulture, $"{HumanSize.Format(Reclaimable)} ({100 * Reclaimable / Bytes}%)");
    }
}
