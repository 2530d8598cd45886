// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Tare.Linux.Seccomp;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning;
using Tare.Runtime.Specs;
using CapabilityNames = Tare.Runtime.Specs.CapabilityNames;

namespace Tare.Runtime.Tests.Planning;

public sealed class DefaultSeccompProgramTests
{
    private const int LineLength = 120;

    private static readonly Version Kernel = new(6, 1);

    [Fact]
    public void The_programs_are_what_the_default_profile_compiles_to()
    {
        if (Environment.GetEnvironmentVariable("TARE_BLESS") == "1")
        {
            File.WriteAllText(SourceFile(), Source());
            return;
        }

        Assert.Equal(Compiled("amd64"), DefaultSeccompProgram.Of("amd64").ToArray());
        Assert.Equal(Compiled("arm64"), DefaultSeccompProgram.Of("arm64").ToArray());
    }

    [Theory]
    [InlineData("amd64")]
    [InlineData("arm64")]
    public void The_ready_filter_reads_as_the_profile_resolves(string architecture)
    {
        HostFacts host = new(architecture, Kernel, "host", 2);
        SeccompSpec resolved = SeccompProfile.Default.Resolve(architecture, CapabilityNames.Default, Kernel);

        SeccompSpec? ready = DefaultSeccompRules.TrySpec(CapabilityNames.Default, host);

        Assert.NotNull(ready);
        Assert.Equal(resolved.DefaultAction, ready.DefaultAction);
        Assert.Equal(resolved.DefaultErrnoRet, ready.DefaultErrnoRet);
        Assert.Equal(resolved.Architectures, ready.Architectures);
        Assert.Equal(resolved.Flags, ready.Flags);
        Assert.Equal(
            resolved.Syscalls!.Select(rule => string.Join(' ', rule.Names)),
            ready.Syscalls!.Select(rule => string.Join(' ', rule.Names)));
        Assert.False(DefaultSeccompProgram.Of(ready).IsEmpty);
    }

    [Fact]
    public void Any_other_filter_is_compiled()
    {
        HostFacts host = new("amd64", Kernel, "host", 2);
        SeccompSpec ready = DefaultSeccompRules.TrySpec(CapabilityNames.Default, host)!;

        Assert.True(DefaultSeccompProgram.Of(ready with { DefaultErrnoRet = 38 }).IsEmpty);
        Assert.True(DefaultSeccompProgram.Of(ready with { Architectures = ["SCMP_ARCH_X86_64"] }).IsEmpty);
        Assert.True(DefaultSeccompProgram.Of(ready with { Syscalls = [.. ready.Syscalls!] }).IsEmpty);
        Assert.Null(DefaultSeccompRules.TrySpec([.. CapabilityNames.Default, "CAP_SYS_ADMIN"], host));
        Assert.Null(DefaultSeccompRules.TrySpec(CapabilityNames.Default, host with { Kernel = new(4, 7) }));
    }

    private static byte[] Compiled(string architecture) => SeccompTranslation.Compile(
        SeccompProfile.Default.Resolve(architecture, CapabilityNames.Default, Kernel),
        architecture == "arm64" ? SeccompArchitecture.Aarch64 : SeccompArchitecture.X86_64);

    private static string Source() =>
        $$"""
        // SPDX-License-Identifier: Apache-2.0
        // Written by DefaultSeccompProgramTests with TARE_BLESS=1; do not edit.
        namespace Tare.Runtime.Planning;

        internal static partial class DefaultSeccompProgram
        {
            private static ReadOnlySpan<byte> Amd64 =>
            [
        {{Lines(Compiled("amd64"))}}
            ];

            private static ReadOnlySpan<byte> Arm64 =>
            [
        {{Lines(Compiled("arm64"))}}
            ];
        }

        """;

    private static string Lines(byte[] program)
    {
        StringBuilder text = new();
        StringBuilder line = new("       ");
        foreach (byte value in program)
        {
            string item = string.Create(CultureInfo.InvariantCulture, $" {value},");
            if (line.Length + item.Length > LineLength)
            {
                text.Append(line).Append('\n');
                line = new("       ");
            }

            line.Append(item);
        }

        return text.Append(line).ToString();
    }

    private static string SourceFile()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Tare.slnx")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return Path.Combine(folder, "src/Tare.Runtime/Planning/DefaultSeccompProgram.Bytes.cs");
    }
}
