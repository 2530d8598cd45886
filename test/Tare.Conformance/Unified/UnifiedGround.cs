// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Tare.Conformance.Oci;

namespace Tare.Conformance.Unified;

/// <summary>Containers of the OCI runtime on a machine with cgroup v2 alone, and the kernel's files of their cgroups.</summary>
/// <remarks>The ring's machine is made by <c>eng/vm</c>; on another one these tests fail.</remarks>
public sealed class UnifiedGround : IDisposable
{
    public const string Mount = "/sys/fs/cgroup";

    public OciGround Oci { get; } = new();

    public void Dispose() => Oci.Dispose();

    /// <summary>A container that runs a shell script in the background.</summary>
    public string Run(string script, Action<JsonNode>? change = null)
    {
        string id = Oci.NewId();
        Oci.Configure(script, change);
        Oci.Leave("run", "--detach", "--bundle", Oci.Bundle, id);
        return id;
    }

    /// <summary>The folder of the container's cgroup, as its first process is seen in it from outside.</summary>
    public string Cgroup(string id) => CgroupOf((int)Oci.State(id)["pid"]!);

    public static string CgroupOf(int pid)
    {
        string line = Assert.Single(File.ReadAllLines($"/proc/{pid}/cgroup"));
        Assert.StartsWith("0::/", line, StringComparison.Ordinal);
        return $"{Mount}{line[3..]}";
    }

    /// <summary>What a file of the cgroup says.</summary>
    public string Read(string id, string file) => File.ReadAllText($"{Cgroup(id)}/{file}").Trim();

    /// <summary>Changes the resources by JSON, as an engine does.</summary>
    public void Update(string id, string resources)
    {
        string file = $"{Oci.Folder}/resources";
        File.WriteAllText(file, resources);
        Oci.Succeed("update", "--resources", file, id);
    }

    public static Action<JsonNode> With(string resources) => config =>
    {
        foreach ((string name, JsonNode? value) in JsonNode.Parse(resources)!.AsObject())
        {
            config["linux"]!["resources"]![name] = value!.DeepClone();
        }
    };

    /// <summary>Makes the container's cgroup writable for it.</summary>
    public static void Writable(JsonNode config)
    {
        JsonArray options = config["mounts"]!.AsArray().Single(mount => (string)mount!["destination"]! == Mount)!["options"]!.AsArray();
        options.Remove(options.Single(option => (string)option! == "ro"));
        options.Add("rw");
    }

    /// <summary>Each change in turn.</summary>
    public static Action<JsonNode> All(params Action<JsonNode>[] changes) => config => Array.ForEach(changes, change => change(config));
}
