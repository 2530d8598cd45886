// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Text.Json;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning;

namespace Tare.Runtime.Tests.Planning;

/// <summary>A folder of testdata/plan: a spec, what is known of the host, and the plan that is expected.</summary>
internal sealed record PlanCase(string Folder)
{
    private const ulong AllCapabilities = (1UL << 41) - 1;
    private const ulong WithoutSysResource = AllCapabilities & ~(1UL << 24);

    public static IEnumerable<string> Names() =>
        Directory.GetDirectories(Data()).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal);

    public static PlanCase Named(string name) => new(Path.Combine(Data(), name));

    public string ExpectedPath => Path.Combine(Folder, "expected.plan");

    public Spec Spec() => JsonSerializer.Deserialize(
        File.ReadAllBytes(Path.Combine(Folder, "config.json")), RuntimeJson.Default.Spec)!;

    public PlanHost Host()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "host.json")));
        JsonElement host = document.RootElement;
        return new PlanHost
        {
            Bounding = WithoutSysResource,
            Permitted = WithoutSysResource,
            CgroupCount = host.GetProperty("cgroupCount").GetInt32(),
            CgroupHierarchies = [.. host.GetProperty("cgroups").EnumerateArray().Select(Hierarchy)],
            FileBinds = List(host, "fileBinds", e => e.GetInt32()).ToHashSet(),
            DirectoryModes = Map(host, "directoryModes", e => e.GetUInt32()) ?? new Dictionary<string, uint>(),
            HardLimits = Map(host, "hardLimits", e => e.GetUInt64()),
            LowestOomScore = host.TryGetProperty("lowestOomScore", out JsonElement score) ? score.GetInt32() : -1000,
            TakesNearestLimit = host.TryGetProperty("nearest", out _),
            HasInit = host.TryGetProperty("init", out _),
            Asides = host.TryGetProperty("asides", out JsonElement asides) ? asides.GetInt32() : 0,
            KeepsKeyring = host.TryGetProperty("keepsKeyring", out _),
            AwaitsStart = host.TryGetProperty("awaitsStart", out _),
            AwaitsHooks = host.TryGetProperty("awaitsHooks", out _),
            HandsGoEnd = host.TryGetProperty("handsGoEnd", out _),
            RootPlace = host.TryGetProperty("rootPlace", out JsonElement place) ? place.GetString() : null,
            Program = host.TryGetProperty("program", out JsonElement program) ? program.GetString() : null,
            WaitsForGo = host.TryGetProperty("waitsForGo", out _),
        };
    }

    /// <summary>The process is a program of the host's in a container that is being made.</summary>
    public bool IsHook => Says("hook");

    public LaunchPlan Plan() => IsHook ? LaunchPlan.CompileHook(Spec(), Host(), Spec().Hooks!.CreateContainer![0])
        : Says("exec") ? LaunchPlan.CompileExec(Spec(), Host())
        : LaunchPlan.Compile(Spec(), Host());

    /// <summary>The process joins a container that runs: <c>exec</c>.</summary>
    private bool Says(string word)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "host.json")));
        return document.RootElement.TryGetProperty(word, out _);
    }

    private static CgroupHierarchy Hierarchy(JsonElement pair) =>
        new(pair[0].GetString()!, [.. pair[1].EnumerateArray().Select(option => option.GetString()!)]);

    private static IEnumerable<T> List<T>(JsonElement host, string name, Func<JsonElement, T> read) =>
        host.TryGetProperty(name, out JsonElement list) ? list.EnumerateArray().Select(read) : [];

    private static Dictionary<string, T>? Map<T>(JsonElement host, string name, Func<JsonElement, T> read) =>
        host.TryGetProperty(name, out JsonElement map)
            ? map.EnumerateObject().ToDictionary(p => p.Name, p => read(p.Value))
            : null;

    /// <summary>Beside the source, so that blessing changes what is checked in; else beside the binary.</summary>
    private static string Data([CallerFilePath] string here = "")
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Tare.slnx")))
        {
            root = Path.GetDirectoryName(root) ?? throw new DirectoryNotFoundException(here);
        }

        return Path.Combine(root, "test", "Tare.Runtime.Tests", "testdata", "plan");
    }
}
