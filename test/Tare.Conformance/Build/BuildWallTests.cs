// SPDX-License-Identifier: Apache-2.0
using System.Formats.Tar;
using System.Text;

namespace Tare.Conformance.Build;

/// <summary>Dockerfiles, contexts and archives that want out of the build: each a hole that another builder had.</summary>
/// <remarks>The host's files that they are after stand in a folder beside the store; malformed options are refused by the parser
/// (its tests), hostile git references by the graph's.</remarks>
[Trait("ring", "kernel")]
public sealed class BuildWallTests : IClassFixture<BuildGround>
{
    private const string Word = "canary-of-the-host-91d7";

    private readonly BuildGround _ground;
    private readonly string _host;

    public BuildWallTests(BuildGround ground)
    {
        _ground = ground;
        _host = Directory.CreateDirectory(Path.Combine(ground.Tare.Folder, $"victim-{Guid.NewGuid():N}")).FullName;
        File.WriteAllText(Path.Combine(_host, "canary"), Word);
        Directory.CreateDirectory(Path.Combine(_host, "a/b"));
    }

    /// <summary>CVE-2024-1753, GHSA-vp35: links of a context that lead out of it.</summary>
    [Theory]
    [InlineData("COPY out/canary /stolen")]
    [InlineData("COPY up/canary /stolen")]
    [InlineData("COPY out /stolen")]
    [InlineData("COPY ou[t]/canary /stolen")]
    [InlineData("COPY --parents out/canary /stolen")]
    [InlineData("ADD out/canary /stolen")]
    [InlineData("COPY ../../../../../../..@/canary /stolen")]
    [InlineData("RUN --mount=type=bind,source=out,target=/m cat /m/canary > /stolen")]
    [InlineData("RUN --mount=type=bind,source=out/canary,target=/m cat /m > /stolen")]
    [InlineData("RUN --mount=type=bind,source=../../../../../../..@,target=/m cat /m/canary > /stolen")]
    [InlineData("RUN --mount=type=bind,target=/m cat /m/out/canary > /stolen")]
    public void A_context_shows_nothing_of_the_host_beside_it(string instruction)
    {
        string context = _ground.Context($"FROM busybox\n{instruction.Replace("@", _host, StringComparison.Ordinal)}\n", ("a", "1"));
        File.CreateSymbolicLink(Path.Combine(context, "out"), _host);
        File.CreateSymbolicLink(Path.Combine(context, "up"), "../../../../../../../../.." + _host);

        AssertBlind(context);
    }

    /// <summary>CVE-2024-9407, -1753: links in stages and images that lead out of them.</summary>
    [Theory]
    [InlineData("COPY --from=evil /out/canary /stolen")]
    [InlineData("COPY --from=evil /up/canary /stolen")]
    [InlineData("COPY --from=evil /out/ /stolen/")]
    [InlineData("ADD --from=evil /out/canary /stolen")]
    [InlineData("RUN --mount=from=evil,source=/out,target=/m cat /m/canary > /stolen")]
    [InlineData("RUN --mount=from=evil,source=/up/canary,target=/m cat /m > /stolen")]
    [InlineData("RUN --mount=from=evil,source=/self/canary,target=/m cat /m > /stolen")]
    [InlineData("RUN --mount=type=cache,id=evil1,from=evil,source=/out,target=/m cat /m/canary > /stolen")]
    [InlineData("RUN --mount=from=evil,target=/m cat /m/out/canary /m/self/canary > /stolen")]
    public void A_stage_shows_nothing_of_the_host(string instruction)
    {
        string context = _ground.Context(
            $"FROM busybox AS evil\nRUN ln -s {_host} /out && ln -s ../../../../../../..{_host} /up && ln -s /proc/self/root{_host} /self\n" +
            $"FROM busybox\n{instruction}\n");

        AssertBlind(context);
    }

    /// <summary>GHSA-7236, 4ed7a2ff3: what is written through links of the file system that is changed.</summary>
    [Theory]
    [InlineData("COPY a /out/written")]
    [InlineData("COPY a /out/")]
    [InlineData("COPY . /out")]
    [InlineData("COPY a /file")]
    [InlineData("COPY <<EOF /out/written\nx\nEOF")]
    [InlineData("ADD a.tar /out/")]
    [InlineData("ADD a /up/written")]
    [InlineData("WORKDIR /out/written")]
    [InlineData("WORKDIR /out/written\nRUN touch here")]
    [InlineData("RUN --mount=type=tmpfs,target=/out/written touch /out/written/x")]
    [InlineData("RUN --mount=type=cache,target=/out/written touch /out/written/x")]
    [InlineData("RUN --mount=type=bind,target=/out/written true")]
    [InlineData("RUN --mount=type=bind,source=a,target=/out/written true")]
    [InlineData("RUN --mount=type=cache,id=../../../../../../../..@/cache,target=/c touch /c/x")]
    [InlineData("RUN --mount=type=cache,id=/,target=/c touch /c/x")]
    [InlineData("RUN <<EOF\n#!/bin/sh\ntouch /out/written\nEOF")]
    public void Nothing_is_written_on_the_host(string instruction)
    {
        string context = _ground.Context(
            $"FROM busybox\nRUN ln -s {_host} /out && ln -s ../../../../../../..{_host} /up && ln -s {_host}/file /file\n" +
            instruction.Replace("@", _host, StringComparison.Ordinal) + "\n",
            ("a", "1"));
        using (var tar = new TarWriter(File.Create(Path.Combine(context, "a.tar"))))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "written") { DataStream = new MemoryStream([1]) });
        }

        string before = Listing();
        Outcome outcome = _ground.Tare.Run("build", "-q", "--network", "none", context);

        Assert.Equal(before, Listing());
        Assert.DoesNotContain("internal error", outcome.Error, StringComparison.Ordinal);
    }

    /// <summary>Archives of ADD with names and links that lead out.</summary>
    [Fact]
    public void An_archive_writes_only_where_it_is_added()
    {
        string context = _ground.Context("FROM busybox\nADD evil.tar /x/\n");
        using (var tar = new TarWriter(File.Create(Path.Combine(context, "evil.tar"))))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "link") { LinkName = _host });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "link/written") { DataStream = new MemoryStream([1]) });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "../../../../../../.." + _host + "/up") { DataStream = new MemoryStream([1]) });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.HardLink, "hard") { LinkName = "../../../../../../.." + _host + "/canary" });
        }

        string before = Listing();
        _ground.Tare.Run("build", "-q", "--network", "none", "-t", "archive", context);

        Assert.Equal(before, Listing());
        Assert.Equal(Word, File.ReadAllText(Path.Combine(_host, "canary")));
    }

    /// <summary>CVE-2024-21626: a working folder that is a descriptor of the engine's.</summary>
    [Fact]
    public void No_descriptor_of_the_engine_leads_out()
    {
        var text = new StringBuilder("FROM busybox\n");
        for (int fd = 3; fd < 12; fd++)
        {
            text.Append($"FROM busybox AS fd{fd}\nWORKDIR /proc/self/fd/{fd}\nRUN cat ../../../../../../../..{_host}/canary > /stolen; cat /proc/self/cwd/..{_host}/canary >> /stolen; true\n");
        }

        for (int fd = 3; fd < 12; fd++)
        {
            string context = _ground.Context(text.ToString());
            AssertBlind(context, "--target", $"fd{fd}");
        }
    }

    /// <summary>CVE-2024-23652: the place of a mount becomes a link to the host before it is removed.</summary>
    [Fact]
    public void Removing_the_place_of_a_mount_removes_nothing_of_the_host()
    {
        string context = _ground.Context(
            $"FROM busybox\nRUN --mount=type=tmpfs,target=/stub/a/b --mount=type=bind,source=a,target=/stub/canary umount /stub/a/b; mv /stub /other; ln -s {_host} /stub; true\n",
            ("a", "1"));
        string before = Listing();

        _ground.Tare.Run("build", "-q", "--network", "none", context);

        Assert.Equal(before, Listing());
    }

    /// <summary>CVE-2024-23651, -11218: one step changes what another one mounts.</summary>
    [Fact]
    public void A_shared_cache_that_is_changed_by_another_step_shows_nothing_of_the_host()
    {
        string context = _ground.Context(
            $"""
            FROM busybox AS racer
            RUN --mount=type=cache,id=race,target=/c i=0; while [ $i -lt 2000 ]; do ln -s {_host} /c/d; rm /c/d; mkdir /c/d; rmdir /c/d; i=$((i+1)); done
            FROM busybox AS victim
            ARG N
            RUN --mount=type=cache,id=race,target=/v/d i=0; while [ $i -lt 500 ]; do cat /v/d/d/canary 2>/dev/null; i=$((i+1)); done > /stolen; true
            FROM busybox
            COPY --from=racer /etc/passwd /1
            COPY --from=victim /stolen /stolen
            """);

        AssertBlind(context);
    }

    /// <summary>CVE-2024-23653, GHSA-7236: rights that nobody gave.</summary>
    [Theory]
    [InlineData("RUN --security=insecure true", "security.insecure is not allowed")]
    [InlineData("RUN --network=host true", "network.host is not allowed")]
    [InlineData("RUN --mount=type=bind,target=/m,bind-propagation=rshared true", "unexpected key")]
    [InlineData("RUN --mount=type=bind,target=/proc true", "/proc")]
    [InlineData("RUN --mount=type=tmpfs,target=/proc/sys true", "/proc/sys")]
    public void Rights_are_not_for_the_Dockerfile_to_take(string instruction, string message)
    {
        Outcome outcome = _ground.Tare.Run("build", "--network", "none", _ground.Context($"FROM busybox\n{instruction}\n"));

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("internal error", outcome.Error, StringComparison.Ordinal);
    }

    /// <summary>Whoever builds may give them: then the step mounts, and the one after it does not.</summary>
    [Fact]
    public void All_rights_are_given_by_name()
    {
        string insecure = _ground.Context("FROM busybox\nRUN --security=insecure mkdir /m && mount -t tmpfs none /m && umount /m && mknod /null c 1 3\n");
        string after = _ground.Context("FROM busybox\nRUN --security=insecure true\nRUN mkdir /m && mount -t tmpfs none /m\n");

        Outcome refused = _ground.Tare.Run("build", "--network", "none", "--allow", "network.host", insecure);
        Outcome built = _ground.Tare.Run("build", "--network", "none", "--allow", "security.insecure", "-t", "insecure", insecure);
        Outcome cached = _ground.Tare.Run("build", "--network", "none", insecure);
        Outcome failed = _ground.Tare.Run("build", "--network", "none", "--allow", "security.insecure", after);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("--allow security.insecure", refused.Error, StringComparison.Ordinal);
        Assert.Equal(1, cached.ExitCode);
        Assert.True(built.ExitCode == 0, built.Error);
        Assert.Equal("1:3 0:0\n", _ground.Tare.Succeed("run", "--rm", "--network", "none", "insecure", "stat", "-c", "%t:%T %u:%g", "/null"));
        Assert.Equal(1, failed.ExitCode);
    }

    /// <summary>CVE-2021-3602, -2025-4953: a step sees what is declared, nothing of the host's or of other steps.</summary>
    [Fact]
    public void A_step_sees_its_own_variables_and_files_alone()
    {
        string secret = Path.Combine(_ground.Tare.Folder, "own-secret");
        File.WriteAllText(secret, Word);
        string context = _ground.Context(
            """
            FROM busybox
            ARG GIVEN
            ENV SET=1
            RUN --mount=type=secret,id=s,env=TOKEN --mount=type=secret,id=s --mount=type=bind,target=/ctx true
            RUN env | grep -v -e ^PWD -e ^SHLVL -e ^OLDPWD | sort > /env
            RUN ls -A /tmp /run /ctx /var/tmp /dev/pipes > /left 2>/dev/null; cut -d' ' -f5 /proc/self/mountinfo | grep -v -e ^/proc -e ^/sys -e ^/dev | sort > /mounts
            """,
            ("a", "1"));

        Environment.SetEnvironmentVariable("TARE_TEST_OF_THE_HOST", Word);
        _ground.Build(context, "--network", "none", "-t", "own", "--build-arg", "GIVEN=2", "--secret", $"id=s,src={secret}");

        Assert.Equal("GIVEN=2\nHOME=/root\nPATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\nSET=1\n", _ground.Shell("own", "cat /env"));
        Assert.DoesNotContain("ctx", _ground.Shell("own", "grep -v : /left || true"), StringComparison.Ordinal);
        Assert.Equal("/\n/etc/hostname\n/etc/hosts\n/etc/resolv.conf\n", _ground.Shell("own", "cat /mounts"));
    }

    /// <summary>Whatever becomes of the build, no file of its image and nothing that it says has the canary.</summary>
    private void AssertBlind(string context, params string[] flags)
    {
        string name = $"blind-{Guid.NewGuid():N}";

        Outcome outcome = _ground.Tare.Run(["build", "--network", "none", "-t", name, .. flags, context]);

        Assert.DoesNotContain(Word, outcome.Error + outcome.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("internal error", outcome.Error, StringComparison.Ordinal);
        if (outcome.ExitCode == 0)
        {
            Assert.Equal("", _ground.Shell(name, $"cat /stolen /stolen/* 2>/dev/null | grep -o {Word} || true"));
        }
    }

    private string Listing() => string.Join(
        '\n', Directory.EnumerateFileSystemEntries(_host, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
}
