// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Tare.Linux.Processes;

namespace Tare.Linux.Tests.Processes;

public class ProcessTableTests
{
    [Fact]
    public void It_knows_this_process()
    {
        int self = Environment.ProcessId;
        (int process, int thread) = ProcessTable.Self();

        Assert.Equal(self, process);
        Assert.Contains(self, ProcessTable.All());
        Assert.Contains(thread, ProcessTable.TryThreads(self)!);
        Assert.Equal(Environment.GetCommandLineArgs().Length > 0, ProcessTable.TryCommandLine(self, 1 << 20)!.Length > 0);
        Assert.Equal(
            File.ResolveLinkTarget("/proc/self/ns/mnt", returnFinalTarget: false)!.Name,
            $"mnt:[{ProcessTable.TryNamespace(self, thread, "mnt")}]");
    }

    [Fact]
    public void A_name_cannot_forge_the_numbers_behind_it()
    {
        string folder = Directory.CreateTempSubdirectory("tare-table-").FullName;
        try
        {
            string program = $"{folder}/a) Z 1 (b";
            File.Copy("/bin/sleep", program);
            using Process sleeper = Process.Start(program, "60");
            (int Parent, ulong Started)? birth = Wait(() => ProcessTable.TryName(sleeper.Id) == "a) Z 1 (b" ? ProcessTable.TryBirth(sleeper.Id) : null);

            Assert.Equal(Environment.ProcessId, birth?.Parent);
            Assert.True(birth?.Started > ProcessTable.TryBirth(Environment.ProcessId)?.Started);
            Assert.Equal([program, "60"], ProcessTable.TryCommandLine(sleeper.Id, 4096)!);
            sleeper.Kill();
            sleeper.WaitForExit();
            Assert.Null(ProcessTable.TryBirth(sleeper.Id));
            Assert.Null(ProcessTable.TryName(sleeper.Id));
            Assert.Null(ProcessTable.TryThreads(sleeper.Id));
            Assert.Null(ProcessTable.TryNamespace(sleeper.Id, sleeper.Id, "mnt"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static T? Wait<T>(Func<T?> look)
        where T : struct
    {
        T? found = null;
        for (int i = 0; i < 500 && (found = look()) is null; i++)
        {
            Thread.Sleep(10);
        }

        return found;
    }
}
