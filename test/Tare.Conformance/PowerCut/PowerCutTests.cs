// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;

namespace Tare.Conformance.PowerCut;

/// <summary>
/// The power goes while images are loaded, tagged, pushed, pulled, removed: the disk's writes and flushes are recorded once, and
/// the disks that a cut could have left are made of them and looked at.
/// </summary>
public sealed class PowerCutTests(ITestOutputHelper output) : IDisposable
{
    private const int DiskBytes = 96 << 20;
    private readonly TareBinary _tare = new();

    /// <summary>In memory: each disk is looked at for a moment.</summary>
    private readonly string _images = Directory.CreateDirectory($"/dev/shm/tare-power-cut-{Guid.NewGuid():N}").FullName;

    public void Dispose()
    {
        _tare.Dispose();
        Directory.Delete(_images, recursive: true);
    }

    [Fact]
    [Trait("ring", "kernel")]
    public void The_rig_loses_what_was_not_flushed_and_keeps_what_was()
    {
        BlockLog log;
        int careful;
        int careless;
        using (var disk = new RecordedDisk(_tare.Folder, 16 << 20))
        {
            log = disk.Log;
            Write($"{disk.Mounted}/careful", "sync \"$1\" \"$0\"", disk.Mounted);
            careful = log.Now;
            Write($"{disk.Mounted}/careless", "true", disk.Mounted);
            careless = log.Now;
        }

        CrashImages images = new(log);
        Assert.Equal(["careful"], Names(new(careful, Survival.None, 0)));
        Assert.Equal(["careful"], Names(new(careless, Survival.None, 0)));
        Assert.Equal(["careful"], Names(new(careless, Survival.Some, 7)));
        Assert.Equal(["careful", "careless"], Names(new(log.Now, Survival.All, 0)));

        string[] Names(CrashPoint point)
        {
            string mounted = Directory.CreateDirectory(Path.Combine(_tare.Folder, "after")).FullName;
            images.Write(point, $"{_tare.Folder}/image");
            HostCommand.Succeed("mount", "-o", "loop", $"{_tare.Folder}/image", mounted);
            string[] names = [.. Directory.GetFiles(mounted).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
            Assert.All(names, name => Assert.Equal("text\n", File.ReadAllText($"{mounted}/{name}")));
            HostCommand.Unmount(mounted);
            return names;
        }

        static void Write(string path, string sync, string folder) =>
            HostCommand.Succeed("sh", "-ec", $"echo text >\"$0\"; {sync}", path, folder);
    }

    [Fact]
    [Trait("ring", "prove")]
    public void Nothing_that_was_acknowledged_is_lost()
    {
        int count = int.Parse(Environment.GetEnvironmentVariable("TARE_POWER_CUTS") ?? "1000", null);
        (BlockLog log, Promises promises, string archive) = Record();
        CrashPoint[] points = CrashPoint.Choose(log, promises.Moments, count);
        var check = new CrashCheck(_tare, promises, archive);
        var images = new CrashImages(log);
        Lock making = new();
        ConcurrentQueue<string> wrong = [];
        int made = 0;

        // the images are made in order; who looks at them waits for processes most of the time
        Parallel.For(0, 2 * Environment.ProcessorCount, _ =>
        {
            while (Next() is { } point)
            {
                foreach (string line in check.Check(points[point.Number], point.Number, point.Image))
                {
                    wrong.Enqueue(line);
                }
            }
        });

        output.WriteLine($"{promises.Count} promises, {log.Now} events, {log.Events.Count(e => e.IsFlush)} flushes, {made} power cuts");
        Assert.True(wrong.IsEmpty, string.Join('\n', wrong));
        Assert.True(made >= count);

        (int Number, string Image)? Next()
        {
            lock (making)
            {
                if (made == points.Length || wrong.Count >= 20)
                {
                    return null;
                }

                string image = $"{Directory.CreateDirectory($"{_images}/point-{made}").FullName}/image";
                images.Write(points[made], image);
                return (made++, image);
            }
        }
    }

    private (BlockLog Log, Promises Promises, string Archive) Record()
    {
        using var disk = new RecordedDisk(_tare.Folder, DiskBytes);
        var promises = new Promises(disk.Log);
        var stores = new CrashStores(_tare, disk.Mounted, $"{_tare.Folder}/run");
        (Conversation storage, string registry) = stores.ServeStorage();
        (Conversation store, string served) = stores.Serve(stores.Words("served", "registry", "serve", "--store", "--addr", "127.0.0.1:0"));
        CrashStory story = new(_tare, stores, promises, registry, served);
        try
        {
            story.Tell();
        }
        finally
        {
            storage.Dispose();
            store.Dispose();
        }

        return (disk.Log, promises, story.Archive(1));
    }
}
