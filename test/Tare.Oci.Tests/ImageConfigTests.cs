// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tare.Oci.Tests;

public sealed class ImageConfigTests
{
    private const string D = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private const string Golden = $$$"""{"architecture":"arm64","os":"linux","variant":"v8","created":"2024-01-02T03:04:05.678901234Z","author":"me","config":{"User":"app:staff","ExposedPorts":{"80/tcp":{},"53/udp":{}},"Env":["PATH=/bin","EMPTY=","NOVALUE"],"Entrypoint":["/entry"],"Cmd":["a","b c"],"Healthcheck":{"Test":["CMD-SHELL","true"],"Interval":30000000000,"Retries":3},"ArgsEscaped":true,"Volumes":{"/data":{}},"WorkingDir":"/srv","OnBuild":["RUN x"],"Labels":{"a":"1","b":"x+y"},"StopSignal":"SIGQUIT","StopTimeout":5,"Shell":["/bin/bash","-c"],"Hostname":"h","Tty":false},"rootfs":{"type":"layers","diff_ids":["{{{D}}}"]},"history":[{"created":"2024-01-02T03:04:05Z","created_by":"/bin/sh -c #(nop) ADD file","empty_layer":true},{"created_by":"COPY x","comment":"buildkit"}],"docker_version":"28.5.2","container":"abc","container_config":{"X":[1,{"y":null}]}}""";

    [Fact]
    public void A_docker_config_round_trips_with_all_its_extras()
    {
        ImageConfig config = Parse(Golden);

        Assert.Equal(Golden, Encoding.UTF8.GetString(config.ToBytes()));
        Assert.Equal("linux/arm64", config.Platform.ToString());
        Assert.Equal(["80/tcp", "53/udp"], config.Config.ExposedPorts!);
        Assert.Equal(["/data"], config.Config.Volumes!);
        Assert.Equal("x+y", config.Config.Labels!["b"]);
        Assert.Equal(30_000_000_000, config.Config.Healthcheck!.Interval);
        Assert.Equal(D, config.RootFs.DiffIds.Single().ToString());
        Assert.True(config.History[0].EmptyLayer);
        Assert.False(config.History[1].EmptyLayer);
        Assert.Equal("h", config.Config.Other!["Hostname"].GetString());
    }

    [Fact]
    public void What_docker_leaves_out_or_writes_as_null_reads_as_nothing()
    {
        ImageConfig config = Parse(
            """{"architecture":"amd64","os":"linux","config":{"Env":null,"Cmd":null,"Entrypoint":null,"Volumes":null,"Labels":null,"OnBuild":null,"ExposedPorts":null,"Healthcheck":null},"rootfs":{"type":"layers"},"history":null}""");

        Assert.Null(config.Config.Env);
        Assert.Null(config.Config.Volumes);
        Assert.Empty(config.RootFs.DiffIds);
        Assert.Empty(config.History);
        Assert.NotNull(Parse("""{"architecture":"amd64","os":"linux","config":null,"rootfs":null}""").Config);
        Assert.NotNull(Parse("""{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":null}}""").Config);
        Assert.Equal(["/d"], Parse("""{"architecture":"a","os":"b","rootfs":{},"config":{"Volumes":{"/d":null}}}""").Config.Volumes!);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"os\":\"linux\",\"rootfs\":{}}")]
    [InlineData("{\"architecture\":\"amd64\",\"rootfs\":{}}")]
    [InlineData("{\"architecture\":\"amd64\",\"os\":\"linux\"}")]
    [InlineData("{\"architecture\":null,\"os\":\"linux\",\"rootfs\":{}}")]
    [InlineData("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{},\"layers\":[]}")]
    [InlineData("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{},\"manifests\":[]}")]
    [InlineData("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[null]}}")]
    [InlineData("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"\"]}}")]
    [InlineData("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"turtles\",\"diff_ids\":[]}}")]
    [InlineData("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{},\"config\":[]}")]
    [InlineData("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{},\"history\":[null]}")]
    [InlineData("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{},\"config\":{\"Env\":[null]}}")]
    [InlineData("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{},\"config\":{\"Env\":[7]}}")]
    [InlineData("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{},\"config\":{\"Env\":\"A=B\"}}")]
    [InlineData("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{},\"config\":{\"Env\":[],\"Env\":[]}}")]
    [InlineData("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{},\"config\":{\"Volumes\":{\"/a\":{},\"/a\":{}}}}")]
    [InlineData("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{},\"config\":{\"X\":1,\"X\":2}}")]
    [InlineData("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{},\"config\":{\"X\":{\"a\":1,\"a\":2}}}")]
    [InlineData("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{},\"config\":{\"Env\":[],\"env\":[]}}")]
    [InlineData("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{}} {}")]
    [InlineData("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{}}x")]
    [InlineData("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":[]}")]
    [InlineData("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{},\"history\":{}}")]
    [InlineData("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{},\"history\":[{\"empty_layer\":1}]}")]
    [InlineData("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{},\"config\":{\"Healthcheck\":{\"Retries\":1.5}}}")]
    [InlineData("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{},\"config\":{\"Healthcheck\":{\"Interval\":\"1\"}}}")]
    [InlineData("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{},\"config\":{\"Volumes\":[]}}")]
    [InlineData("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{},\"config\":{\"Labels\":{\"a\":1}}}")]
    [InlineData("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{},\"config\":{\"User\":7}}")]
    [InlineData("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{},\"config\":{\"StopTimeout\":99999999999}}")]
    public void What_is_malformed_is_corrupt(string text) =>
        Assert.Equal(ErrorKind.Corrupt, Assert.Throws<TareException>(() => Parse(text)).Kind);

    [Fact]
    public void Every_truncation_and_every_changed_byte_is_read_or_refused()
    {
        byte[] good = Encoding.UTF8.GetBytes(Golden);
        for (int i = 0; i < good.Length; i++)
        {
            byte[] cut = good[..i];
            Assert.Throws<TareException>(() => ImageConfig.Parse(cut));
            foreach (byte b in (ReadOnlySpan<byte>)[0, (byte)'"', (byte)'{', (byte)']', (byte)'\\', 0x80, 0xff])
            {
                byte[] changed = [.. good];
                changed[i] = b;
                try
                {
                    _ = ImageConfig.Parse(changed).ToBytes();
                }
                catch (TareException)
                {
                }
            }
        }
    }

    private static ImageConfig Parse(string text) => ImageConfig.Parse(Encoding.UTF8.GetBytes(text));
}
