// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux.Seccomp;

namespace Tare.Linux.Tests.Seccomp;

/// <summary>Our programs say what libseccomp's say.</summary>
public sealed class LibSeccompTests
{
    private const uint X32Bit = 0x40000000;

    private static readonly ulong[] Values =
        [0, 1, 8, 37, 38, 39, 40, 41, 0x20000, 0x20008, 0x7E020000, 0x7E020011, 0x10000000, 0xFFFFFFFF, 0x1_00000000];

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Docker_s_profile_means_the_same_to_both_compilers(bool isArm, bool isAdmin)
    {
        Assert.SkipUnless(LibSeccomp.IsInstalled, "libseccomp.so.2 is not installed");
        SeccompFilter filter = Shared(DockerProfile.Resolve(
            isArm, isAdmin ? [.. DockerProfile.DefaultCapabilities, "CAP_SYS_ADMIN"] : DockerProfile.DefaultCapabilities));

        Assert.InRange(filter.Rules.Sum(rule => rule.Names.Count), 300, 600);
        BpfMachine ours = new(SeccompCompiler.Compile(filter));
        BpfMachine theirs = new(LibSeccomp.Compile(filter));

        Assert.True(ours.Length < theirs.Length, $"{ours.Length} instructions, libseccomp {theirs.Length}");
        foreach (SeccompArchitecture architecture in filter.Architectures)
        {
            Compare(ours, theirs, architecture);
        }
    }

    private static void Compare(BpfMachine ours, BpfMachine theirs, SeccompArchitecture architecture)
    {
        uint bit = architecture == SeccompArchitecture.X32 ? X32Bit : 0;
        HashSet<int> narrow = NarrowNumbers(architecture);
        ulong[] arguments = new ulong[6];
        foreach (int number in Enumerable.Range(0, 600).Concat(Enumerable.Range(SystemCallTable.FirstPrivate, 8)))
        {
            for (int i = 0; i < Values.Length * Values.Length; i++)
            {
                // libseccomp compares all 64 bits of what the kernel cuts to 32, which is the difference we want
                bool isCut = architecture.Has32BitRegisters() || narrow.Contains(number);
                arguments[0] = isCut ? (uint)Values[i % Values.Length] : Values[i % Values.Length];
                arguments[1] = isCut ? (uint)Values[i / Values.Length] : Values[i / Values.Length];
                uint one = ours.Run((uint)number | bit, architecture.AuditValue(), arguments);
                uint other = theirs.Run((uint)number | bit, architecture.AuditValue(), arguments);
                if (one != other)
                {
                    Assert.Fail($"{architecture} {number} {arguments[0]:x} {arguments[1]:x}: {one:x}, libseccomp {other:x}");
                }

                if (ours.IsConstant && theirs.IsConstant)
                {
                    break;
                }
            }
        }
    }

    private static HashSet<int> NarrowNumbers(SeccompArchitecture architecture) =>
        [.. Enumerable.Range(0, SystemCallTable.Count)
            .Where(name => NarrowArguments.Of(SystemCallTable.Name(name)) != 0)
            .Select(name => SystemCallTable.Numbers(architecture)[name])];

    /// <summary>The part that libseccomp can say: names that its version knows, no answer of its own for newer calls.</summary>
    private static SeccompFilter Shared(SeccompFilter filter) => filter with
    {
        Newer = null,
        Rules = [.. filter.Rules.Select(rule => rule with { Names = [.. rule.Names.Where(name => IsShared(filter, name))] })],
    };

    private static bool IsShared(SeccompFilter filter, string name) =>
        SystemCallTable.IndexOf(name) is >= 0 and var index
        && LibSeccomp.Number(filter.Architectures[0], name) != -1
        && filter.Architectures.All(architecture =>
            SystemCallTable.Numbers(architecture)[index] < 0 || LibSeccomp.Number(architecture, name) >= 0);
}
