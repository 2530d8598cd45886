// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace Tare.Conformance;

/// <summary>The network that the tests are in, which stands for a host's; eng/test gives them one of their own.</summary>
internal static class HostNetwork
{
    /// <summary>The devices that a store has made: its bridges and the ends of its containers.</summary>
    /// <param name="tare">whose store</param>
    public static string[] Devices(TareBinary tare) => StoreId(tare) is { Length: > 0 } id
        ? [.. Devices().Where(name => name == $"tare-{id}" || name.StartsWith($"tv{id}", StringComparison.Ordinal))]
        : [];

    /// <summary>All of this network namespace.</summary>
    public static IEnumerable<string> Devices() =>
        File.ReadLines("/proc/self/net/dev").Skip(2).Select(static line => line[..line.IndexOf(':', StringComparison.Ordinal)].Trim());

    /// <summary>Takes away what a store that is going has here, so that the next one gets its addresses.</summary>
    public static void Remove(TareBinary tare)
    {
        string id = StoreId(tare);
        if (!Devices(tare).Contains($"tare-{id}") && !Directory.Exists(Path.Combine(tare.RunFolder, "networks")))
        {
            return;
        }

        tare.Run("network", "prune", "-f");
        Try($"ip link del tare-{id}; nft delete table inet tare-{id}; nft delete table bridge tare-{id}");
    }

    /// <summary>A line of shell, here or in the network of a process.</summary>
    /// <param name="line">what is done</param>
    /// <param name="process">its number; 0: here</param>
    /// <returns>exit code and all that it printed</returns>
    public static (int Code, string Text) Try(string line, int process = 0)
    {
        string[] enter = process == 0 ? ["timeout", "60"] : ["timeout", "60", "nsenter", "-t", $"{process}", "-n"];
        using Process shell = Process.Start(new ProcessStartInfo(enter[0], [.. enter[1..], "sh", "-c", $"exec 2>&1; {line}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        })!;
        shell.StandardInput.Close();
        string text = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        return (shell.ExitCode, text);
    }

    /// <summary>As <see cref="Try"/>, and it must succeed.</summary>
    public static string Shell(string line, int process = 0)
    {
        (int code, string text) = Try(line, process);
        Assert.True(code == 0, $"{line}: {code}: {text}");
        return text;
    }

    private static string StoreId(TareBinary tare)
    {
        string file = Path.Combine(tare.Root, "id");
        return File.Exists(file) ? File.ReadAllText(file) : "";
    }
}
