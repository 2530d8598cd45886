// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance;

/// <summary>One image in Debian's docker-registry, in a registry of ours and in an engine's store that is served: the same bytes.</summary>
[Trait("ring", "kernel")]
public sealed class InteropTests(DockerRegistry theirs) : RegistryCase, IClassFixture<DockerRegistry>
{
    [Fact]
    public void An_image_has_one_digest_wherever_it_goes()
    {
        (_, string ours) = Serve();
        string[] served = ["--root", $"{Tare.Folder}/served", "--run", $"{Tare.Folder}/run-served"];
        using Conversation server = Tare.Start(TareBinary.Path, [.. served, "registry", "serve", "--store", "--addr", "127.0.0.1:0"]);
        int from = server.Expect("://", server.Expect(" at http"));
        server.Expect("\n", from);
        string store = server.Said[from..].Trim();
        string[] registries = [theirs.Name, ours, store];
        Assert.Equal(0, Tare.Run(["import", "-c", "CMD [\"echo\", \"hello\"]", "-", "app:v1"], BusyboxTar.Bytes).ExitCode);

        // by us to each, by skopeo from each to each
        foreach (string registry in registries)
        {
            Tare.Succeed("tag", "app:v1", $"{registry}/pushed/app:v1");
            Tare.Succeed("push", "-q", $"{registry}/pushed/app:v1");
        }

        foreach (string source in registries)
        {
            foreach ((string target, int i) in registries.Select((registry, i) => (registry, i)))
            {
                string name = $"{target}/copied-{Array.IndexOf(registries, source)}-{i}/app:v1";
                Skopeo("copy", "-q", "--preserve-digests", "--src-tls-verify=false", "--dest-tls-verify=false", $"docker://{source}/pushed/app:v1", $"docker://{name}");
                Assert.Equal(Digest($"{source}/pushed/app:v1"), Digest(name));
            }
        }

        Assert.Single(registries.Select(registry => Digest($"{registry}/pushed/app:v1")).Distinct());
        string id = Id("app:v1");
        foreach (string registry in registries)
        {
            Tare.Succeed("rmi", $"{registry}/pushed/app:v1");
            Tare.Succeed("pull", "-q", $"{registry}/pushed/app:v1");
            Assert.Equal(id, Id($"{registry}/pushed/app:v1"));
        }

        // what was pushed to the engine's own store is at once runnable there
        Assert.Equal("hello\n", Tare.Succeed([.. served, "run", "--rm", "--network", "none", "--pull", "never", $"{store}/pushed/app:v1"]));
        Tare.Succeed([.. served, "system", "check", "--repair", "--quick"]);
    }

    private static string Digest(string name) => Skopeo("inspect", "--tls-verify=false", "--format", "{{.Digest}}", $"docker://{name}");

    private string Id(string name) => Tare.Succeed("image", "inspect", "-f", "{{.Id}}", name);
}
