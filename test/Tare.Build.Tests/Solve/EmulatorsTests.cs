// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Solve;
using Tare.Build.Tests.Steps;
using Tare.Oci;

namespace Tare.Build.Tests.Solve;

public sealed class EmulatorsTests
{
    private const string Arm64 =
        "enabled\ninterpreter /usr/libexec/qemu-binfmt/aarch64-binfmt-P\nflags: POCF\noffset 0\n"
        + "magic 7f454c460201010000000000000000000200b700\nmask ffffffffffffff00fffffffffffffffffeffffff\n";

    private const string S390x =
        "enabled\ninterpreter /usr/bin/qemu-s390x-static\nflags: F\noffset 0\nmagic 7f454c4602020100000000000000000000020016\n";

    private static readonly Platform LinuxArm64 = new("arm64", "linux"), LinuxS390x = new("s390x", "linux"), Arm = new("arm", "linux");

    [Fact]
    public void What_is_registered_runs()
    {
        using TempTree folder = new TempTree().With("status", "enabled\n").With("qemu-aarch64", Arm64).With("qemu-s390x", S390x);
        var emulators = new Emulators(folder.Folder);

        Assert.Null(emulators.WhyNot(LinuxArm64));
        Assert.Null(emulators.WhyNot(LinuxS390x));
        Assert.NotNull(emulators.WhyNot(Arm));
        Assert.NotNull(emulators.WhyNot(new Platform("arm64", "windows")));
    }

    [Theory]
    [InlineData("enabled", "disabled")]
    [InlineData("POCF", "POC")]
    [InlineData("offset 0", "offset 4")]
    [InlineData("b700", "3e00")]
    [InlineData("magic 7f45", "magic xx45")]
    public void What_is_off_or_out_of_reach_or_another_machine_does_not(string part, string instead)
    {
        using TempTree folder = new TempTree().With("qemu-aarch64", Arm64.Replace(part, instead, StringComparison.Ordinal));

        TareException failure = new Emulators(folder.Folder).WhyNot(LinuxArm64)!;

        Assert.Equal(ErrorKind.FailedPrecondition, failure.Kind);
        Assert.Contains("no emulator for arm64 is registered", failure.Message, StringComparison.Ordinal);
        Assert.Contains("binfmt_misc", failure.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_folder_nothing_foreign_runs() => Assert.NotNull(new Emulators("/nowhere/at/all").WhyNot(LinuxArm64));
}
