// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using Tare.Linux.Files;

namespace Tare.Linux.Tests.Files;

public class DiskUseTests
{
    [Fact]
    public void It_counts_what_du_counts()
    {
        using Scratch scratch = new();
        Directory.CreateDirectory($"{scratch.Path}/t/a/b");
        File.WriteAllBytes($"{scratch.Path}/t/a/two", new byte[8000]);
        File.WriteAllBytes($"{scratch.Path}/t/a/b/one", new byte[10]);
        Run("ln", $"{scratch.Path}/t/a/two", $"{scratch.Path}/t/a/b/same");
        Run("truncate", "-s", "1G", $"{scratch.Path}/t/hole");
        File.CreateSymbolicLink($"{scratch.Path}/t/usr", "/usr");
        for (int i = 0; i < 300; i++)
        {
            Directory.CreateDirectory($"{scratch.Path}/t/wide/{i}");
        }

        long counted = new DiskUse().Count(scratch.Fd, "t"u8);

        Assert.Equal(Du($"{scratch.Path}/t"), counted);
        Assert.InRange(counted, 8000, 10_000_000);
        Assert.Equal(0, new DiskUse().Count(scratch.Fd, "none"u8));
    }

    [Fact]
    public void It_reaches_the_bottom_of_a_tree_deeper_than_any_path()
    {
        using Scratch scratch = new();
        const int Depth = 3000;
        byte[] name = [.. Enumerable.Repeat((byte)'d', 40)];
        Fd current = scratch.Fd.Duplicate();
        for (int i = 0; i < Depth; i++)
        {
            using Fd parent = current;
            parent.MakeDirectory(name, 0b111_000_000);
            current = parent.Open(name, OpenFlags.ReadOnly | OpenFlags.Directory);
        }

        long each = current.Status().Blocks * 512;
        using (Fd bottom = current)
        {
            using Fd file = bottom.Open("f"u8, OpenFlags.WriteOnly | OpenFlags.Create, 0b110_000_000);
            file.Write(new byte[100_000]);
            file.Sync();
            Assert.Equal((Depth * each) + (file.Status().Blocks * 512), new DiskUse().Count(scratch.Fd, name));
        }
    }

    [Fact]
    public void A_tree_that_is_removed_meanwhile_is_no_error()
    {
        using Scratch scratch = new();
        using var done = new CancellationTokenSource();
        var churn = new Thread(() =>
        {
            while (!done.IsCancellationRequested)
            {
                Directory.CreateDirectory($"{scratch.Path}/t/a/b/c");
                File.WriteAllText($"{scratch.Path}/t/a/f", "x");
                Directory.Delete($"{scratch.Path}/t/a", recursive: true);
            }
        });
        churn.Start();
        try
        {
            for (int i = 0; i < 2000; i++)
            {
                new DiskUse().Count(scratch.Fd, "t"u8);
            }
        }
        finally
        {
            done.Cancel();
            churn.Join();
        }
    }

    private static long Du(string path)
    {
        using Process du = Process.Start(new ProcessStartInfo("du", ["-s", "-B1", path]) { RedirectStandardOutput = true })!;
        string text = du.StandardOutput.ReadToEnd();
        du.WaitForExit();
        return long.Parse(text.Split('\t')[0], CultureInfo.InvariantCulture);
    }

    private static void Run(string program, params string[] args)
    {
        using Process process = Process.Start(program, args);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
