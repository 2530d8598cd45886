// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;

namespace Tare.Keeper;

/// <summary>Our own program, started once more for what is too heavy for a keeper.</summary>
internal static class OwnProgram
{
    /// <summary>What the kernel calls our processes; those that a keeper starts call themselves so, as theirs is a number.</summary>
    public static ReadOnlySpan<byte> Name => "tare"u8;

    /// <summary>Starts it; it may outlive us. The caller owns the result.</summary>
    /// <param name="arguments">its own name first</param>
    public static Spawned Start(IReadOnlyList<string> arguments)
    {
        using Fd program = HostPath.Open("/proc/self/exe", OpenFlags.Path);
        using Fd nothing = HostPath.Open("/dev/null", OpenFlags.ReadWrite);
        return Spawn.Start(new SpawnOptions
        {
            Executable = program,
            Arguments = arguments,
            Descriptors = [nothing, nothing, nothing],
            NewSession = true,
        });
    }
}
