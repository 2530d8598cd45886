// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Steps;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Build.Tests.Steps;

public sealed class FileDigestsTests
{
    private static readonly KnownFile Digest = new([.. Enumerable.Range(0, 32).Select(static i => (byte)i)], HasAttributes: true);

    /// <summary>A build that begins so late that all files are settled.</summary>
    private static readonly DateTimeOffset Later = DateTimeOffset.UtcNow.AddDays(1);

    [Fact]
    public void A_file_that_did_not_change_is_known_in_the_next_build()
    {
        using TempTree context = new TempTree().With("a", "1");
        using TempTree builder = new();
        using Fd folder = HostPath.OpenDirectory(builder.Folder);
        FileDigests first = Open(folder, context, Later);
        first.Add(Status(context, "a"), Digest);
        first.Save();

        KnownFile? known = Open(folder, context, Later).Find(Status(context, "a"));
        Assert.Equal(Digest.Digest, known!.Value.Digest);
        Assert.True(known.Value.HasAttributes);

        File.WriteAllText(context.Path("a"), "22");
        Assert.Null(Open(folder, context, Later).Find(Status(context, "a")));
    }

    [Fact]
    public void A_file_that_changed_a_moment_ago_is_not_trusted()
    {
        using TempTree context = new TempTree().With("a", "1");
        using TempTree builder = new();
        using Fd folder = HostPath.OpenDirectory(builder.Folder);
        FileDigests digests = Open(folder, context, DateTimeOffset.UtcNow);
        digests.Add(Status(context, "a"), Digest);
        digests.Save();

        Assert.Null(Open(folder, context, Later).Find(Status(context, "a")));
    }

    [Fact]
    public void What_is_damaged_counts_as_empty()
    {
        using TempTree context = new TempTree().With("a", "1");
        using TempTree builder = new();
        using Fd folder = HostPath.OpenDirectory(builder.Folder);
        FileDigests first = Open(folder, context, Later);
        first.Add(Status(context, "a"), Digest);
        first.Save();
        string file = Directory.GetFiles(builder.Folder).Single();
        byte[] bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);

        Assert.Null(Open(folder, context, Later).Find(Status(context, "a")));
        File.WriteAllBytes(file, bytes[..40]);
        Assert.Null(Open(folder, context, Later).Find(Status(context, "a")));
    }

    private static FileDigests Open(Fd folder, TempTree context, DateTimeOffset now) =>
        new(folder, HostPath.TryStatus(context.Folder)!.Value, now);

    private static FileStatus Status(TempTree context, string name) => HostPath.TryStatus(context.Path(name))!.Value;
}
