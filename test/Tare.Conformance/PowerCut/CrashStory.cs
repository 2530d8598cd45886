// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tare.Conformance.PowerCut;

/// <summary>What people do with images, one thing after another and some at once, on a disk that records it.</summary>
internal sealed class CrashStory(TareBinary tare, CrashStores stores, Promises promises, string registry, string served)
{
    private const int Files = 40;
    private readonly Dictionary<string, string> _archives = [];

    /// <summary>The archive of an image of this story, which has the name <c>app:NUMBER</c>.</summary>
    public string Archive(int number, string edition = "") => _archives[$"{number}{edition}"];

    public void Tell()
    {
        Make(1, 2, 3, 4);
        Make(2, "b");
        Here("load 1", ["load", "-i", Archive(1)], "app:1");
        Here("load 2", ["load", "-i", Archive(2)], "app:2");
        string old = stores.Images("here")["here app:2"];
        string file = Path.Combine(tare.Folder, "busybox.tar");
        File.WriteAllBytes(file, BusyboxTar.Bytes);
        Here("import", ["import", file, "busybox"], "busybox:latest");
        Push("app:1", registry, "team/app:1", "registry");
        Push("app:1", served, "app:1", "served");
        Push("busybox", registry, "busybox:1", "registry");
        Here("load 2 again", ["load", "-i", Archive(2, "b")], "app:2", old);
        Push("app:2", registry, "team/app:2", "registry");
        Push("app:2", registry, "other/app:2", "registry");
        Here("prune", ["image", "prune", "-f"], old);
        Here("rmi pulled", ["rmi", $"{registry}/team/app:1", "app:1", $"{served}/app:1"], $"{registry}/team/app:1", "app:1", $"{served}/app:1");
        Here("pull", ["pull", "-q", $"{registry}/team/app:1"], $"{registry}/team/app:1");
        Parallel.Invoke(
            () => Here("load 3", ["load", "-i", Archive(3)], "app:3"),
            () => Here("pull 2", ["pull", "-q", $"{served}/app:1"], $"{served}/app:1"),
            () => Here("tag", ["tag", "busybox", "tagged:1"], "tagged:1"));
        Parallel.Invoke(
            () => Push("app:3", served, "app:3", "served"),
            () => Push("app:3", registry, "third/app:3", "registry"),
            () => Here("load 4", ["load", "-i", Archive(4)], "app:4"));
        Push("app:4", registry, "team/app:1", "registry");
        promises.Keep("delete", Delete, Tags, "registry third/app:3");
        promises.Keep("rmi served", () => stores.Succeed("served", "rmi", $"{served}/app:3"), () => stores.Images("served"), $"served {served}/app:3");
        Here("rmi", ["rmi", "app:3", $"{served}/app:3", $"{registry}/third/app:3"], "app:3", $"{served}/app:3", $"{registry}/third/app:3");
    }

    private void Here(string what, string[] command, params string[] names) => promises.Keep(
        what, () => stores.Succeed("here", command), () => stores.Images("here"), [.. names.Select(name => $"here {name}")]);

    /// <summary>Under a name of the server's, which it is tagged with before.</summary>
    private void Push(string image, string server, string name, string key)
    {
        string whole = $"{server}/{name}";
        Here($"tag {whole}", ["tag", image, whole], whole);
        promises.Keep(
            $"push {name} to {key}", () => stores.Succeed("here", "push", "-q", whole),
            key == "registry" ? Tags : () => stores.Images(key), key == "registry" ? $"registry {name}" : $"{key} {whole}");
    }

    private void Delete()
    {
        using HttpClient client = new();
        string digest = Tags()["registry third/app:3"];
        using HttpRequestMessage request = new(HttpMethod.Delete, $"http://{registry}/v2/third/app/manifests/{digest}");
        using HttpResponseMessage answer = client.Send(request, TestContext.Current.CancellationToken);
        Assert.Equal(202, (int)answer.StatusCode);
    }

    private Dictionary<string, string> Tags() => CrashStores.Tags(registry).GetAwaiter().GetResult();

    private void Make(params int[] numbers)
    {
        foreach (int number in numbers)
        {
            Make(number, "");
        }
    }

    /// <summary>Of some small files and one that no packing makes smaller.</summary>
    private void Make(int number, string edition)
    {
        var random = new Random(number + edition.Length * 100);
        byte[] noise = new byte[150_000];
        random.NextBytes(noise);
        (string, string)[] files =
        [
            .. Enumerable.Range(0, Files).Select(i => ($"d{i % 5}/f{i}", $"file {i.ToString(CultureInfo.InvariantCulture)} of {number}{edition}")),
            ("noise", Convert.ToBase64String(noise)),
        ];
        string path = Path.Combine(tare.Folder, $"app-{number}{edition}.tar");
        File.WriteAllBytes(path, SampleImages.DockerArchive($"app:{number}", files));
        _archives[$"{number}{edition}"] = path;
    }
}
