// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Cli.Output;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Bundles;
using Tare.Runtime.Lifecycle;

namespace Tare.Cli.Oci;

internal static class UpdateVerb
{
    private const long Most = long.MaxValue;

    private static readonly Flag<string?> ResourcesFile = Flag.File("-r, --resources", "A file with the resources as in a spec; - is standard input");
    private static readonly Flag<long?> Memory = Flag.Of("--memory", "bytes", "Limit of memory", Bytes);
    private static readonly Flag<long?> MemoryReservation = Flag.Of("--memory-reservation", "bytes", "Soft limit of memory", Bytes);
    private static readonly Flag<long?> MemorySwap = Flag.Of("--memory-swap", "bytes", "Limit of memory and swap together; -1: none", Bytes);
    private static readonly Flag<long?> CpuPeriod = Flag.Number("--cpu-period", "µs of a period", 0, Most);
    private static readonly Flag<long?> CpuQuota = Flag.Number("--cpu-quota", "µs of processor time in a period; -1: no limit", -1, Most);
    private static readonly Flag<long?> CpuBurst = Flag.Number("--cpu-burst", "µs that may be saved up", 0, Most);
    private static readonly Flag<long?> CpuShare = Flag.Number("--cpu-share", "Relative weight", 0, Most);
    private static readonly Flag<long?> CpuIdle = Flag.Number("--cpu-idle", "1: only when nobody else wants the processor", 0, 1);
    private static readonly Flag<string?> Cpus = Flag.Text("--cpuset-cpus", "list", "Processors, such as 0-2,4");
    private static readonly Flag<string?> Mems = Flag.Text("--cpuset-mems", "list", "Memory nodes");
    private static readonly Flag<long?> Pids = Flag.Number("--pids-limit", "Processes and threads; -1: no limit", -1, Most);
    private static readonly Flag<long?> BlockIoWeight = Flag.Number("--blkio-weight", "Relative weight, 10 to 1000", 0, 1000);

    public static OciVerb Create() => new("Change the limits of a container", "[OPTIONS] CONTAINER", Act)
    {
        Flags =
        [
            ResourcesFile, Memory, MemoryReservation, MemorySwap, CpuPeriod, CpuQuota, CpuBurst, CpuShare, CpuIdle, Cpus, Mems, Pids,
            BlockIoWeight,
        ],
        MinOperands = 1,
        MaxOperands = 1,
    };

    private static int Act(OciCall call)
    {
        using OciContainer container = OciContainer.Open(call.Root, call.Operands[0], toChange: true);
        OciUpdate.Apply(container, call.Get(ResourcesFile) is { } file ? Read(file) : OfFlags(call));
        return 0;
    }

    private static Resources Read(string file)
    {
        try
        {
            using Fd source = file == "-"
                ? OwnProcess.TryDuplicateStandard(0) ?? throw new LinuxException(Errno.EBADF, "read", "standard input")
                : HostPath.Open(file, OpenFlags.ReadOnly);
            return ConfigReader.ReadResources(source.ReadAll(ConfigReader.MaxBytes));
        }
        catch (LinuxException refused)
        {
            throw new TareException(ErrorKind.InvalidArgument, $"--resources: {refused.Message}", null, refused);
        }
    }

    private static Resources OfFlags(OciCall call) => new()
    {
        Memory = new()
        {
            Limit = call.Get(Memory),
            Reservation = call.Get(MemoryReservation),
            Swap = call.Get(MemorySwap),
        },
        Cpu = new()
        {
            Shares = (ulong?)call.Get(CpuShare),
            Quota = call.Get(CpuQuota),
            Burst = (ulong?)call.Get(CpuBurst),
            Period = (ulong?)call.Get(CpuPeriod),
            Idle = call.Get(CpuIdle),
            Cpus = call.Get(Cpus),
            Mems = call.Get(Mems),
        },
        Pids = call.Get(Pids) is { } pids ? new(pids) : null,
        BlockIo = call.Get(BlockIoWeight) is { } weight ? new() { Weight = (ushort)weight } : null,
    };

    private static long Bytes(string text) => text == "-1" ? -1 : HumanSize.ParseBinary(text);
}
