// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Build;

/// <summary>RUN for arm64 by a real emulator, which <c>eng/emulator</c> fetches and registers.</summary>
[Trait("ring", "prove")]
public sealed class BuildEmulatorTests
{
    private const int NoBinfmt = 3;

    [Fact]
    public void A_step_for_arm64_runs_in_a_user_namespace_of_its_own_and_so_does_a_container()
    {
        using var emulator = new TareBinary { Program = Path.Combine(TareBinary.Repository, "eng/emulator") };
        string context = Directory.CreateDirectory(Path.Combine(emulator.Folder, "context")).FullName;
        Outcome fetched = emulator.Run("sh", "-c", $"cp \"$TARE_FOREIGN\" {context}/busybox");
        Assert.SkipWhen(fetched.ExitCode == NoBinfmt, fetched.Error);
        Assert.True(fetched.ExitCode == 0, fetched.Error);
        File.WriteAllText(
            Path.Combine(context, "Dockerfile"),
            """
            FROM scratch
            ARG TARGETARCH
            COPY busybox /bin/busybox
            RUN ["/bin/busybox", "--install", "/bin"]
            RUN echo $(uname -m) for $TARGETARCH $(cut -c 1-10 /proc/self/uid_map) > /made
            ENTRYPOINT ["/bin/busybox"]
            """);

        Outcome built = emulator.Run(TareBinary.Path, "build", "--network", "none", "--platform", "linux/arm64", "-t", "emulated:1", context);
        Outcome ran = emulator.Run(TareBinary.Path, "run", "--rm", "--network", "none", "--platform", "linux/arm64", "emulated:1", "sh", "-c", "cat /made; uname -m");
        Outcome here = emulator.Run(TareBinary.Path, "system", "check");

        Assert.True(built.ExitCode == 0, built.Error);
        Assert.Equal("aarch64 for arm64 0\naarch64\n", ran.Text);
        Assert.StartsWith("clean", here.Text, StringComparison.Ordinal);
        emulator.Run(TareBinary.Path, "rmi", "emulated:1");
    }
}
