// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.PowerCut;

/// <summary>Looks at the disks that power cuts left: mounts each, as a restart would, and asks the program what it has.</summary>
/// <param name="tare">runs the commands</param>
/// <param name="promises">what has to be there</param>
/// <param name="archive">loaded afterwards, at some points</param>
internal sealed class CrashCheck(TareBinary tare, Promises promises, string archive)
{
    /// <summary>At each so manyeth point the stores are used once more.</summary>
    private const int UseEvery = 16;

    /// <summary>What was wrong at one point; a line each.</summary>
    /// <param name="point">which</param>
    /// <param name="number">its own</param>
    /// <param name="image">the disk; removed with its folder</param>
    public IReadOnlyList<string> Check(CrashPoint point, int number, string image)
    {
        string folder = Path.GetDirectoryName(image)!;
        string disk = Directory.CreateDirectory($"{folder}/disk").FullName;
        (int code, string said) = HostCommand.Run("mount", "-o", "loop", image, disk);
        if (code != 0)
        {
            return [$"{point}: mount: {said}"];
        }

        try
        {
            var stores = new CrashStores(tare, disk, $"{folder}/run");
            List<string> wrong = [.. Wrong(point, stores)];
            if (wrong.Count == 0 && number % UseEvery == 0)
            {
                wrong.AddRange(Use(stores));
            }

            return [.. wrong.Select(line => $"{point}: {line}")];
        }
        catch (Xunit.Sdk.XunitException e)
        {
            return [$"{point}: {e.Message}"];
        }
        finally
        {
            HostCommand.Unmount(disk);
            Directory.Delete(folder, recursive: true);
        }
    }

    private IEnumerable<string> Wrong(CrashPoint point, CrashStores stores)
    {
        Dictionary<string, string> found = [];
        foreach (string engine in CrashStores.Engines)
        {
            // what nobody owns may be left, and goes; what an image needs may not be missing
            Outcome repaired = stores.Run(engine, "system", "check", "--repair");
            Add(stores.Images(engine));
            if (repaired.Error.Contains("it is not a store of tare", StringComparison.Ordinal))
            {
                // its making was cut, and done again just now
                repaired = stores.Run(engine, "system", "check", "--repair");
            }

            if (repaired.ExitCode != 0)
            {
                yield return $"{engine}: check --repair: {repaired.ExitCode}: {repaired.Text}{repaired.Error}";
            }
        }

        (Conversation server, string address) = stores.ServeStorage();
        using (server)
        {
            Add(CrashStores.Tags(address).GetAwaiter().GetResult());
        }

        foreach (string line in promises.Broken(point.Moment, found))
        {
            yield return line;
        }

        void Add(Dictionary<string, string> some)
        {
            foreach ((string name, string content) in some)
            {
                found.Add(name, content);
            }
        }
    }

    /// <summary>Into a file of a folder that is not on the disk.</summary>
    private static Outcome Save(CrashStores stores, string image)
    {
        string file = Path.Combine(Path.GetTempPath(), $"tare-{Guid.NewGuid():N}.tar");
        try
        {
            return stores.Run("here", "save", "-o", file, image);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>What is there is whole to its users too, and what was interrupted can be done again.</summary>
    private IEnumerable<string> Use(CrashStores stores)
    {
        Outcome[] outcomes =
        [
            .. stores.Images("here").Select(image => Save(stores, image.Value)),
            .. stores.Images("here").ContainsKey("here busybox:latest")
                ? new[] { stores.Run("here", "run", "--rm", "--network", "none", "busybox", "true") }
                : [],
            stores.Run("here", "load", "-i", archive),
            stores.Run("here", "image", "prune", "-a", "-f"),
            stores.Run("here", "system", "check", "--repair"),
        ];
        return outcomes.Where(outcome => outcome.ExitCode != 0).Select(outcome => $"used: {outcome.ExitCode}: {outcome.Text}{outcome.Error}");
    }
}
