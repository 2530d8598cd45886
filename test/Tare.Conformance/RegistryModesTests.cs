// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance;

/// <summary>The registry over the engine's store, as a cache, with tokens, and under <c>dotnet publish</c>.</summary>
public sealed class RegistryModesTests : RegistryCase
{
    /// <summary>alice, secret.</summary>
    private const string Users = "alice:$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n";

    [Fact]
    public void A_push_to_the_store_is_run_at_once_and_its_images_are_pulled()
    {
        (_, string address) = ServeAs("--store");
        string layout = Layout();

        Skopeo("copy", "--dest-tls-verify=false", layout, $"docker://{address}/team/app:1");
        Assert.Equal("hello\n", Tare.Succeed("run", "--rm", $"{address}/team/app:1", "/bin/busybox", "echo", "hello"));

        // what the engine has by itself, under its short name
        Skopeo("copy", "--src-tls-verify=false", $"docker://{address}/app:v1", $"dir:{Tare.Folder}/back");
        Assert.Equal(
            Skopeo("inspect", "--format", "{{.Digest}}", $"dir:{Tare.Folder}/back"),
            Skopeo("inspect", "--tls-verify=false", "--format", "{{.Digest}}", $"docker://{address}/library/app:v1"));
        Tare.Succeed("system", "check");
        Tare.Succeed("rmi", "-f", $"{address}/team/app:1");
        Assert.NotEqual(0, Run("skopeo", "inspect", "--tls-verify=false", $"docker://{address}/team/app:1").ExitCode);
    }

    [Fact]
    public void A_cache_serves_what_it_fetched_when_its_registry_is_gone()
    {
        (Conversation far, string origin) = Serve();
        Skopeo("copy", "--dest-tls-verify=false", Layout(), $"docker://{origin}/app:1");
        (_, string near) = ServeAs("--storage", Path.Combine(Tare.Folder, "cache"), "--proxy", $"http://{origin}", "--proxy-ttl", "0");

        Skopeo("copy", "--src-tls-verify=false", $"docker://{near}/app:1", $"dir:{Tare.Folder}/first");
        far.Signal("TERM");
        far.End();
        Skopeo("copy", "--src-tls-verify=false", $"docker://{near}/app:1", $"dir:{Tare.Folder}/second");

        Assert.Equal(
            Skopeo("inspect", "--format", "{{.Digest}}", $"dir:{Tare.Folder}/first"),
            Skopeo("inspect", "--format", "{{.Digest}}", $"dir:{Tare.Folder}/second"));
        Assert.NotEqual(0, Run("skopeo", "copy", "--dest-tls-verify=false", $"dir:{Tare.Folder}/first", $"docker://{near}/app:2").ExitCode);
    }

    [Fact]
    public void Clients_get_tokens_and_push_where_pulling_needs_no_name()
    {
        string users = Path.Combine(Tare.Folder, "users");
        File.WriteAllText(users, Users);
        (_, string address) = Serve("--htpasswd", users, "--tokens", "--anonymous-pull");
        string layout = Layout();

        Assert.NotEqual(0, Run("skopeo", "copy", "--dest-tls-verify=false", layout, $"docker://{address}/app:1").ExitCode);
        Assert.NotEqual(0, Run("skopeo", "copy", "--dest-tls-verify=false", "--dest-creds", "alice:wrong", layout, $"docker://{address}/app:1").ExitCode);
        Skopeo("copy", "--dest-tls-verify=false", "--dest-creds", "alice:secret", layout, $"docker://{address}/app:1");
        Skopeo("copy", "--src-tls-verify=false", "--dest-tls-verify=false", "--dest-creds", "alice:secret", $"docker://{address}/app:1", $"docker://{address}/again:1");
        Skopeo("inspect", "--tls-verify=false", $"docker://{address}/app:1");
        Tare.Succeed("pull", "-q", $"{address}/app:1");
        Assert.Equal("x\n", Tare.Succeed("run", "--rm", $"{address}/app:1", "/bin/busybox", "echo", "x"));
    }

    [Fact]
    public void Dotnet_publishes_a_container_onto_a_base_that_is_here()
    {
        (_, string address) = ServeAs("--store");
        Skopeo("copy", "--dest-tls-verify=false", Layout(), $"docker://{address}/base:1");
        string project = Directory.CreateDirectory(Path.Combine(Tare.Folder, "hello")).FullName;
        File.WriteAllText(Path.Combine(project, "hello.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <UseAppHost>false</UseAppHost>
                <ContainerRegistry>{address}</ContainerRegistry>
                <ContainerBaseImage>{address}/base:1</ContainerBaseImage>
                <ContainerRepository>hello</ContainerRepository>
                <ContainerImageTag>1</ContainerImageTag>
              </PropertyGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(project, "Program.cs"), "System.Console.WriteLine(1);");

        Outcome published = Run(
            "env", $"DOTNET_CONTAINER_INSECURE_REGISTRIES={address}", "MSBUILDDISABLENODEREUSE=1",
            "dotnet", "publish", project, "/t:PublishContainer", "--nologo", "-v", "q");

        Assert.True(published.ExitCode == 0, published.Text + published.Error);
        Assert.Contains("hello.dll", Tare.Succeed("run", "--rm", "--entrypoint", "/bin/busybox", $"{address}/hello:1", "ls", "/app"), StringComparison.Ordinal);
    }
}
