// SPDX-License-Identifier: Apache-2.0
using Tare.Hostile;
using Tare.Oci;

namespace Tare.Images.Tests.Remote;

/// <summary>The kit of hostile layers, as a registry sends them in images that are right otherwise.</summary>
[Trait("ring", "kernel")]
public sealed class EvilLayerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_is_refused_by_name_or_stays_inside(bool isPacked)
    {
        string canary = Directory.CreateTempSubdirectory("tare-canary-").FullName;
        File.WriteAllText(Path.Combine(canary, "file"), "untouched");
        Directory.CreateDirectory(Path.Combine(canary, "dir"));
        File.WriteAllText(Path.Combine(canary, "dir", "inner"), "untouched");
        string before = Look(canary);
        List<string> wrong = [];
        int refused = 0;

        foreach (HostileLayer layer in HostileLayers.For(canary))
        {
            EvilImage image = isPacked ? EvilImage.Packed(layer.Tar) : new EvilImage(layer.Tar);
            using var pull = new EvilPull(image.Serve);
            string outcome = await RunAsync(pull);
            if (layer.IsRefused ? !outcome.Contains(layer.Error, StringComparison.Ordinal) : outcome.Length > 0)
            {
                wrong.Add($"{layer.Name}: got '{outcome}', want '{layer.Error}'");
            }

            if (layer.IsRefused && (pull.Store.Names("blobs/sha256").Any() || pull.Store.Names("layers").Any()))
            {
                wrong.Add($"{layer.Name}: something of it is in the store");
            }

            Assert.True(before == Look(canary), $"{layer.Name} changed the canary");
            refused += layer.IsRefused ? 1 : 0;
        }

        Directory.Delete(canary, recursive: true);
        Assert.Empty(wrong);
        Assert.True(refused >= 150);
    }

    private static async Task<string> RunAsync(EvilPull pull)
    {
        try
        {
            await pull.RunAsync();
            return "";
        }
        catch (TareException e)
        {
            return e.Kind == ErrorKind.Internal ? $"internal: {e}" : e.Message;
        }
    }

    private static string Look(string canary) => string.Join('\n', Directory
        .GetFileSystemEntries(canary, "*", SearchOption.AllDirectories)
        .Select(path => $"{path} {File.GetLastWriteTimeUtc(path):o} {File.GetUnixFileMode(path)} {(File.Exists(path) ? File.ReadAllText(path) : "")}")
        .Order(StringComparer.Ordinal));
}
